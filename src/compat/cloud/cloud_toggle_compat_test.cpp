// SPDX-License-Identifier: Apache-2.0
// What the endpoint cloud-toggle of the cloud dashboard says on the wire, through a whole server.
// Time is the test's, and stands at 2023-11-14T22:13:20Z until it is moved.
#include "compat/cloud/cloud_compat_rig_for_test.hpp"

namespace howl::compat::cloud {

using server::kUpgradeHeaders;
using server::masked_text;
using server::WebSocketClient;

namespace {

using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

using CloudToggle = CloudEndpoints;

TEST_F(CloudToggle, ACreateIsThereTenSecondsLater) {
    const auto reply = howl_.post(kToggle, "", "Origin: http://127.0.0.1\r\n");
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 201 Created\r\n"));
    EXPECT_THAT(reply, HasSubstr("Content-Type: application/json; charset=utf-8\r\n"));
    EXPECT_THAT(reply, HasSubstr("Access-Control-Allow-Origin: http://127.0.0.1\r\n"));
    EXPECT_THAT(reply, HasSubstr("ETag: W/\"f-"));
    EXPECT_EQ(body_of(reply), R"({"status":"OK"})");
    howl_.advance(9s);
    EXPECT_EQ(body_of(howl_.get(kToggle)), R"({"data":[]})");
    howl_.advance(2s);
    howl_.eventually([&] { return body_of(howl_.get(kToggle)) != R"({"data":[]})"; });
    EXPECT_THAT(body_of(howl_.get(kToggle)),
                MatchesRegex(R"(\{"data":\[\{"id":")" + std::string{kUuid} +
                             R"(","state":"stopped"\}\]\})"));
}

TEST_F(CloudToggle, TheListIs304ForWhoHasIt) {
    const auto reply = howl_.get(kToggle);
    const auto start = reply.find("ETag: ") + 6;
    const auto etag = reply.substr(start, reply.find('\r', start) - start);
    const auto again = howl_.get(kToggle, "If-None-Match: " + etag + "\r\n");
    EXPECT_THAT(again, StartsWith("HTTP/1.1 304 Not Modified\r\n"));
    make_instance();
    EXPECT_EQ(status_of(howl_.get(kToggle, "If-None-Match: " + etag + "\r\n")), 200);
}

TEST_F(CloudToggle, TheBodyOfACreateIsIgnoredButHasToBeJson) {
    for (const std::string body : {"", "{}", "[]", R"({"a":1})"}) {
        EXPECT_EQ(status_of(howl_.post(kToggle, body, "Content-Type: text/plain\r\n")), 201);
    }
    for (const std::string body : {"{", "5", "\"x\"", "null"}) {
        const auto reply = howl_.post(kToggle, body);
        EXPECT_EQ(status_of(reply), 400) << body;
        EXPECT_THAT(reply, HasSubstr("Content-Type: text/html; charset=utf-8\r\n"));
        EXPECT_THAT(reply, HasSubstr("<pre>Bad Request</pre>"));
    }
}

TEST_F(CloudToggle, BothFormsOfDeleteRemoveAtOnce) {
    for (const std::string form : {"?id=", ""}) {
        const auto id = make_instance();
        const auto reply = request("DELETE", kToggle + form + id);
        EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 OK\r\n"));
        EXPECT_EQ(body_of(reply), R"({"status":"OK"})");
        EXPECT_EQ(body_of(howl_.get(kToggle)), R"({"data":[]})");
        const auto again = request("DELETE", kToggle + form + id);
        EXPECT_THAT(again, StartsWith("HTTP/1.1 404 Not Found\r\n"));
        EXPECT_EQ(body_of(again), R"({"message":"Instance not found"})");
    }
    EXPECT_EQ(status_of(request("DELETE", kToggle)), 404);
}

TEST_F(CloudToggle, WhatIsBusyIsNotRemoved) {
    const auto id = make_instance();
    howl_.post(kCommands + "instances/stateChange", R"({"id":")" + id + R"(","command":"started"})",
               "Content-Type: application/json\r\n");
    const auto reply = request("DELETE", kToggle + "?id=" + id);
    EXPECT_EQ(status_of(reply), 409);
    EXPECT_EQ(body_of(reply), R"({"message":"An operation on it is still running."})");
}

TEST_F(CloudToggle, WhatIsNotThereIsAPage) {
    for (const auto& [method, path] : std::initializer_list<std::pair<std::string, std::string>>{
             {"PATCH", ""}, {"PUT", kNobody}, {"POST", "sse"}, {"GET", "nowhere"}}) {
        const auto reply = request(method, kToggle + path);
        EXPECT_THAT(reply, StartsWith("HTTP/1.1 404 Not Found\r\n"));
        EXPECT_THAT(reply, HasSubstr("Content-Type: text/html; charset=utf-8\r\n"));
        EXPECT_THAT(reply, HasSubstr("<pre>Cannot " + method + " " + kToggle + path + "</pre>"));
    }
    EXPECT_THAT(howl_.get(kToggle + "a'b&c"), HasSubstr("a&#39;b&amp;c</pre>"));
}

TEST_F(CloudToggle, TheRootIsThereWithoutItsSlashToo) {
    const std::string bare = "/compat/cloud-toggle";
    EXPECT_EQ(body_of(howl_.get(bare)), R"({"data":[]})");
    EXPECT_THAT(request("OPTIONS", bare, "Access-Control-Request-Headers: a\r\n"),
                HasSubstr("Access-Control-Allow-Methods: GET,HEAD,PUT,PATCH,POST,DELETE\r\n"));
    EXPECT_EQ(howl_.open_socket(bare).read_frame(), R"(81:"connection")");
}

TEST_F(CloudToggle, ASocketOnAnyPathIsGreetedAndToggles) {
    const auto id = make_instance();
    auto other = howl_.open_socket(kToggle + "a/b");
    EXPECT_EQ(other.read_frame(), R"(81:"connection")");
    auto mine = howl_.open_socket(kToggle + "sse");
    EXPECT_EQ(mine.read_frame(), R"(81:"connection")");
    for (const std::string state : {"running", "stopped", "running"}) {
        mine.say(R"({"id":")" + id + R"("})");
        const auto expected = R"(81:[{"id":")" + id + R"(","state":")" + state + R"("}])";
        EXPECT_EQ(mine.read_frame(), expected);
        EXPECT_EQ(other.read_frame(), expected);
    }
    EXPECT_EQ(body_of(howl_.get(kToggle)),
              R"({"data":[{"id":")" + id + R"(","state":"running"}]})");
}

TEST_F(CloudToggle, AClickThatNamesItsActionDoesNothingTwice) {
    const auto id = make_instance();
    auto mine = howl_.open_socket(kToggle);
    auto other = howl_.open_socket(kToggle);
    for (auto* client : {&mine, &other}) {
        static_cast<void>(client->read_frame());
    }
    const auto running = R"(81:[{"id":")" + id + R"(","state":"running"}])";
    mine.say(R"({"id":")" + id + R"(","action":"start"})");
    EXPECT_EQ(mine.read_frame(), running);
    EXPECT_EQ(other.read_frame(), running);
    other.say(R"({"id":")" + id + R"(","action":"start"})");
    EXPECT_EQ(other.read_frame(), running) << "as it is";
    howl_.settle();
    EXPECT_THAT(mine.poll(), IsEmpty()) << "told to its sender alone";
    other.say(R"({"id":")" + id + R"(","action":"dance"})");
    EXPECT_EQ(mine.read_frame(), R"(81:[{"id":")" + id + R"(","state":"stopped"}])")
        << "an action that there is not is a toggle, as in the original";
}

TEST_F(CloudToggle, WhatIsNoClickIsIgnoredAndAnUnknownInstanceIsNone) {
    auto mine = howl_.open_socket(kToggle);
    auto other = howl_.open_socket(kToggle);
    for (auto* client : {&mine, &other}) {
        static_cast<void>(client->read_frame());
    }
    for (const auto* message : {"", "hello", "{", "[]", "null", "{}", R"({"id":7})", R"("x")"}) {
        mine.say(message);
    }
    mine.say(R"({"id":")" + kNobody + R"("})");
    EXPECT_EQ(mine.read_frame(), "81:[]") << "the first answer, and the socket is still there";
    howl_.settle();
    EXPECT_THAT(other.poll(), IsEmpty());
}

TEST_F(CloudToggle, ClicksAreObeyedInOrderAndTooManyAreRefused) {
    constexpr int kClicks = 40;
    const auto id = make_instance();
    auto client = howl_.open_socket(kToggle);
    static_cast<void>(client.read_frame());
    std::string clicks;
    for (int i = 0; i < kClicks; ++i) {
        clicks += masked_text(R"({"id":")" + id + R"("})");
    }
    client.send(clicks);
    std::string last = "stopped";
    int refused = 0;
    for (int i = 0; i < kClicks; ++i) {
        const auto frame = client.read_frame();
        if (frame == "81:[]") {
            ++refused;
            continue;
        }
        last = last == "stopped" ? "running" : "stopped";
        EXPECT_EQ(frame, R"(81:[{"id":")" + id + R"(","state":")" + last + R"("}])");
    }
    EXPECT_EQ(refused, kClicks - 16) << "all came in one turn";
}

TEST_F(CloudToggle, AClickCountsEvenIfItsSocketHasGoneMeanwhile) {
    const auto id = make_instance();
    {
        auto client = howl_.open_socket(kToggle);
        static_cast<void>(client.read_frame());
        client.say(R"({"id":")" + id + R"("})");
    }
    howl_.eventually([&] { return howl_.get(kToggle).contains(R"("state":"running")"); });
}

TEST_F(CloudToggle, ThePageOfAnotherSiteGetsNoSocket) {
    auto client = howl_.connect();
    client.send("GET " + kToggle + " HTTP/1.1\r\nOrigin: https://evil.example\r\n" +
                std::string{kUpgradeHeaders});
    EXPECT_EQ(status_of(client.read_reply()), 403);
}

TEST_F(CloudToggle, TheStreamOpensAtOnceAndTellsWithBothSpellings) {
    auto client = stream(kToggle + "sse");
    const auto head = client.read_until("\r\n\r\n");
    EXPECT_THAT(head, HasSubstr("Content-Type: text/event-stream\r\n"));
    EXPECT_THAT(head, HasSubstr("Cache-Control: no-cache\r\n"));
    static_cast<void>(client.read_until("\n\n"));
    const auto id = make_instance();
    constexpr const char* kTime = "[0-9]{1,2}:[0-9]{2}:[0-9]{2} [AP]M [0-9]{1,2}/[0-9]{1,2}/2023";
    EXPECT_THAT(client.read_until("\n\n"),
                MatchesRegex(std::string{"id: [a-z0-9.]+\nevent: message\ndata: \\{\"id\":\""} +
                             id + R"(","info":"Create command","timestamp":")" + kTime +
                             R"(","timeStamp":")" + kTime + "\"\\}\n\n"));
    const auto created = client.read_until("\n\n");
    EXPECT_THAT(created,
                MatchesRegex(std::string{"id: [a-z0-9.]+\nevent: message\ndata: \\{\"id\":\""} +
                             id + R"(","info":"Created","timeStamp":")" + kTime +
                             R"(","timestamp":")" + kTime + "\"\\}\n\n"));
    request("DELETE", kToggle + id);
    EXPECT_THAT(client.read_until("\n\n"), HasSubstr(R"("info":"Removed")"));
}

TEST_F(CloudToggle, ShowsWhatWasMadeThroughTheOtherEndpoint) {
    auto client = stream(kToggle + "sse");
    static_cast<void>(client.read_until("\r\n\r\n"));
    howl_.post(kCommands + "instances/add", R"({"command":"created"})",
               "Content-Type: application/json\r\n");
    static_cast<void>(client.read_until(R"("info":"Create command")"));
    howl_.advance(21s);
    static_cast<void>(client.read_until(R"("info":"Created")"));
    EXPECT_THAT(body_of(howl_.get(kToggle)), EndsWith(R"("state":"stopped"}]})"));
}

// --- On the port of the original ---

TEST(CloudToggleAtTheRoot, EveryPathTakesASocketAndAnyPageMayUseIt) {
    const LiveServer howl = with_root_of("cloud-toggle");
    for (const std::string path : {"/", "/ws", "/sse", "/a/b"}) {
        WebSocketClient client{howl.port(1), path};
        EXPECT_EQ(client.read_frame(), R"(81:"connection")") << path;
    }
    const auto reply = ask_root(
        howl, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://front.example\r\n\r\n");
    EXPECT_THAT(reply, HasSubstr("Access-Control-Allow-Origin: *\r\n"));
    EXPECT_EQ(body_of(reply), R"({"data":[]})");
    EXPECT_THAT(ask_root(howl, "PATCH /x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
                HasSubstr("<pre>Cannot PATCH /x</pre>"));
}

}  // namespace
}  // namespace howl::compat::cloud
