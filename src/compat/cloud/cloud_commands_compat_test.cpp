// SPDX-License-Identifier: Apache-2.0
// What the endpoint cloud-commands of the cloud dashboard says on the wire, through a whole server.
// Time is the test's, and stands at 2023-11-14T22:13:20Z until it is moved.
#include "compat/cloud/cloud_compat_rig_for_test.hpp"

namespace howl::compat::cloud {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

class CloudCommands : public CloudEndpoints {
protected:
    std::string command(const std::string& path, const std::string& body) {
        return howl_.post(kCommands + path, body, "Content-Type: application/json\r\n");
    }
    /// A frame with an id of ours and data of this form, in which `UUID` stands for any.
    static auto frame_with(std::string data) {
        const auto at = data.find("UUID");
        if (at != std::string::npos) {
            data.replace(at, 4, kUuid);
        }
        return MatchesRegex("id:[a-z0-9.]+\ndata:" + data + "\n\n");
    }
    /// A stream behind its `:ok`, and behind the frame that tells its place.
    RawClient open_stream() {
        auto client = stream(kCommands + "sse");
        static_cast<void>(client.read_until("\r\n\r\n"));
        EXPECT_EQ(client.read_until("\n\n"), ":ok\n\n");
        EXPECT_THAT(client.read_until("\n\n"), MatchesRegex("id:[a-z0-9.]+\n\n"));
        return client;
    }
};

TEST_F(CloudCommands, ACommandIsAnsweredAtOnce) {
    const auto reply =
        howl_.post(kCommands + "instances/add", R"({"command":"created"})",
                   "Content-Type: application/json; charset=utf-8\r\nOrigin: http://127.0.0.1\r\n");
    EXPECT_EQ(reply,
              "HTTP/1.1 200 OK\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
              "Content-Type: application/json; charset=utf-8\r\nVary: Origin\r\n"
              "Access-Control-Allow-Origin: http://127.0.0.1\r\nContent-Length: 16\r\n\r\n"
              R"({"success":true})");
}

TEST_F(CloudCommands, TheStreamHearsOfACommandAtOnceAndOfItsEndTwentySecondsLater) {
    auto client = open_stream();
    command("instances/add", R"({"command":"created"})");
    EXPECT_THAT(client.read_until("\n\n"),
                frame_with(R"(\{"date":"15.11.2023, 01:13:20",)"
                           R"("info":"Received \\"Create command\\"","server":"UUID"\})"));
    howl_.advance(19s);
    howl_.settle();
    EXPECT_THAT(client.poll(), IsEmpty());
    howl_.advance(2s);
    auto entry = client.read_until("\n\n");
    if (entry == ":keep-alive\n\n") {  // Due in the same turn, after 20 s of silence.
        entry = client.read_until("\n\n");
    }
    EXPECT_THAT(entry, frame_with(R"(\{"date":"15.11.2023, 01:13:41","info":"Created",)"
                                  R"("server":"UUID"\})"));
    EXPECT_THAT(client.read_until("\n\n"),
                frame_with(R"(\{"action":"created",)"
                           R"("instance":\{"id":"UUID","state":"Stopped"\}\})"));
}

TEST_F(CloudCommands, EveryRefusalIs501) {
    const auto id = make_instance();
    struct Refused {
        std::string path;
        std::string body;
    };
    for (const auto& [path, body] : std::initializer_list<Refused>{
             {"instances/add", R"({"command":"started"})"},
             {"instances/add", R"({"command":7})"},
             {"instances/add", "{}"},
             {"instances/add", ""},
             {"instances/stateChange", R"({"id":")" + kNobody + R"(","command":"started"})"},
             {"instances/stateChange", R"({"id":")" + id + R"(","command":"stopped"})"},
             {"instances/stateChange", R"({"id":")" + id + R"(","command":"removed"})"},
             {"instances/stateChange", R"({"id":")" + id + R"(","command":"created"})"},
             {"instances/stateChange", R"({"command":"started"})"},
         }) {
        const auto reply = command(path, body);
        EXPECT_THAT(reply, StartsWith("HTTP/1.1 501 Not Implemented\r\n")) << path << body;
        EXPECT_EQ(body_of(reply), R"({"success":false})") << path << body;
    }
    const auto unnamed = howl_.post(kCommands + "instances/add", R"({"command":"created"})",
                                    "Content-Type: text/plain\r\n");
    EXPECT_EQ(status_of(unnamed), 501) << "what does not call itself JSON says nothing";
    for (const auto& path : {kNobody + "/removed", id + "/created"}) {
        EXPECT_EQ(status_of(request("DELETE", kCommands + "instances/delete/" + path)), 501);
    }
    EXPECT_EQ(status_of(command("instances/stateChange",
                                R"({"id":")" + id + R"(","command":"started"})")),
              200);
    EXPECT_EQ(status_of(request("DELETE", kCommands + "instances/delete/" + id + "/removed")), 501)
        << "its start is still under way";
}

TEST_F(CloudCommands, ADeleteIsAnnouncedWithTheLastState) {
    const auto id = make_instance();
    auto client = stream(kCommands + "sse");
    static_cast<void>(client.read_until("}}\n\nid:"));
    EXPECT_EQ(body_of(request("DELETE", kCommands + "instances/delete/" + id + "/removed",
                              "Content-Type: application/json\r\n")),
              R"({"success":true})");
    howl_.advance(21s);
    EXPECT_THAT(client.read_until("}}\n\n"),
                AllOf(HasSubstr(R"("info":"Received \"Remove command\"")"),
                      EndsWith(R"(data:{"action":"removed","instance":{"id":")" + id +
                               "\",\"state\":\"Stopped\"}}\n\n")));
}

TEST_F(CloudCommands, MalformedJsonIs400WithoutCors) {
    const auto reply = howl_.post(kCommands + "instances/add", "{\"command\":",
                                  "Content-Type: application/json\r\nOrigin: http://127.0.0.1\r\n");
    EXPECT_EQ(reply,
              "HTTP/1.1 400 Bad Request\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
              "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 11\r\n\r\nBad Request");
}

TEST_F(CloudCommands, WhatIsNotThereIs404InPlainWords) {
    for (const auto& [method, path] : std::initializer_list<std::pair<std::string, std::string>>{
             {"GET", "instances"},
             {"GET", "instances/add"},
             {"PATCH", "sse"},
             {"DELETE", "instances/delete/" + kNobody},
             {"DELETE", "instances/delete/a/b/removed"},
         }) {
        const auto reply = request(method, kCommands + path);
        EXPECT_THAT(reply, StartsWith("HTTP/1.1 404 Not Found\r\n")) << method << path;
        EXPECT_THAT(reply, HasSubstr("Content-Type: text/plain; charset=utf-8\r\n"));
        EXPECT_EQ(body_of(reply), "Not Found");
    }
    EXPECT_EQ(body_of(howl_.get(kCommands + "ping")), R"({"status":"ok"})");
}

TEST_F(CloudCommands, APreflightReflectsWhatIsAskedFor) {
    EXPECT_EQ(request("OPTIONS", kCommands + "instances/add",
                      "Origin: http://127.0.0.1\r\nAccess-Control-Request-Method: POST\r\n"
                      "Access-Control-Request-Headers: content-type,x-a\r\n"),
              "HTTP/1.1 204 No Content\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
              "Access-Control-Allow-Methods: GET,HEAD,PUT,POST,DELETE,PATCH\r\n"
              "Access-Control-Allow-Headers: content-type,x-a\r\nVary: Origin\r\n"
              "Access-Control-Allow-Origin: http://127.0.0.1\r\n\r\n");
}

TEST_F(CloudCommands, AnotherSitesPageMayNotCommandADefaultServer) {
    const auto reply =
        howl_.post(kCommands + "instances/add", R"({"command":"created"})",
                   "Content-Type: application/json\r\nOrigin: https://evil.example\r\n");
    EXPECT_EQ(status_of(reply), 403);
    EXPECT_THAT(reply, Not(HasSubstr("Access-Control-Allow-Origin")));
}

TEST_F(CloudCommands, TheStreamBeginsAsTheOriginalsAndIsKeptAlive) {
    auto client = stream(kCommands + "sse", "Origin: http://127.0.0.1\r\n");
    const auto head = client.read_until("\r\n\r\n");
    EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(head, HasSubstr("Content-Type: text/event-stream\r\n"));
    EXPECT_THAT(head, HasSubstr("Cache-Control: no-cache, no-transform\r\n"));
    EXPECT_THAT(head, HasSubstr("Vary: Origin\r\n"));
    EXPECT_THAT(head, HasSubstr("Access-Control-Allow-Origin: http://127.0.0.1\r\n"));
    EXPECT_THAT(client.read_until("id:"), StartsWith(":ok\n\n"));
    static_cast<void>(client.read_until("\n\n"));
    howl_.advance(20s);
    EXPECT_EQ(client.read_until("\n\n"), ":keep-alive\n\n");
}

TEST_F(CloudCommands, APageThatKnowsNothingGetsTheCardsThatAreThere) {
    const auto stopped = make_instance();
    const auto running = make_instance();
    auto socket = howl_.open_socket(kToggle);
    static_cast<void>(socket.read_frame());
    socket.say(R"({"id":")" + running + R"("})");
    static_cast<void>(socket.read_frame());
    EXPECT_EQ(status_of(howl_.post(kToggle, "")), 201);  // In the making: no card yet.
    auto client = stream(kCommands + "sse");
    static_cast<void>(client.read_until("\r\n\r\n"));
    const auto created = [](const std::string& id) {
        return R"(data:{"action":"created","instance":{"id":")" + id +
               "\",\"state\":\"Stopped\"}}\n\n";
    };
    EXPECT_EQ(client.read_until("id:"), ":ok\n\n" + created(stopped) + created(running) +
                                            R"(data:{"action":"started","instance":{"id":")" +
                                            running + "\",\"state\":\"Running\"}}\n\nid:");
}

TEST_F(CloudCommands, APageThatComesBackGetsWhatItMissedAndNoCardTwice) {
    auto client = open_stream();
    const auto id = make_instance();
    static_cast<void>(client.read_until("Create command"));
    const auto log_entry = client.read_until("\"Created\"");
    const auto change = client.read_until("}}\n\n");
    const auto resumed_from = [&](const std::string& place) {
        auto again = stream(kCommands + "sse", "Last-Event-ID: " + place + "\r\n");
        static_cast<void>(again.read_until(":ok\n\n"));
        howl_.settle();
        return again.poll();
    };
    EXPECT_THAT(resumed_from(id_in(change)), IsEmpty());
    EXPECT_THAT(resumed_from(id_in(log_entry)),
                AllOf(HasSubstr(R"("info":"Created")"),
                      EndsWith("\"id\":\"" + id + "\",\"state\":\"Stopped\"}}\n\n")))
        << "who was cut off between the two frames gets both";
    EXPECT_THAT(resumed_from(id), MatchesRegex("id:[a-z0-9.]+\n\n"))
        << "the id of another server: from now on";
}

TEST_F(CloudCommands, APageOfALostHistoryIsAskedToReload) {
    auto client = stream(kCommands + "sse", "Last-Event-ID: zzzzzzzz.7.zzzzzzzz.1\r\n");
    static_cast<void>(client.read_until(":ok\n\n"));
    EXPECT_THAT(client.read_until("\n\n"),
                frame_with(R"(\{"date":"15.11.2023, 01:13:20",)"
                           R"("info":"Events were missed; please reload this page",)"
                           R"("server":"unknown"\})"));
}

TEST_F(CloudCommands, EveryStreamIsServed) {
    auto first = open_stream();
    auto second = open_stream();
    command("instances/add", R"({"command":"created"})");
    EXPECT_EQ(first.read_until("\n\n"), second.read_until("\n\n"));
}

// --- On the port of the original ---

TEST(CloudCommandsAtTheRoot, EveryPageMayCommandAndPreflightsAreTheEndpoints) {
    const LiveServer howl = with_root_of("cloud-commands");
    const std::string origin = "Host: 127.0.0.1\r\nOrigin: https://front.example\r\n";
    const auto preflight = ask_root(howl, "OPTIONS /instances/add HTTP/1.1\r\n" + origin + "\r\n");
    EXPECT_THAT(preflight, HasSubstr("Access-Control-Allow-Origin: https://front.example\r\n"));
    EXPECT_THAT(preflight, HasSubstr("Methods: GET,HEAD,PUT,POST,DELETE,PATCH\r\n"));
    const auto reply = ask_root(howl, "POST /instances/add HTTP/1.1\r\n" + origin +
                                          "Content-Type: application/json\r\n"
                                          "Content-Length: 21\r\n\r\n"
                                          R"({"command":"created"})");
    EXPECT_THAT(reply, HasSubstr("Access-Control-Allow-Origin: https://front.example\r\n"));
    EXPECT_EQ(body_of(reply), R"({"success":true})");
    EXPECT_EQ(body_of(ask_root(howl, "GET /nowhere HTTP/1.1\r\n" + origin + "\r\n")), "Not Found");
}

}  // namespace
}  // namespace howl::compat::cloud
