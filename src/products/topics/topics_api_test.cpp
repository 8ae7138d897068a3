// SPDX-License-Identifier: Apache-2.0
// What the endpoint of the topics says on the wire.
#include "server/live_server_for_test.hpp"

namespace howl::products::topics {

using server::body_of;
using server::code_in;
using server::Config;
using server::kUpgradeHeaders;
using server::LiveServer;
using server::status_of;

namespace {

using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

TEST(TopicsApi, APublishIs201WithItsPlace) {
    LiveServer howl;
    const auto reply = howl.post("/api/topics/room/1/events", "hello");
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 201 Created\r\n"));
    EXPECT_THAT(reply, HasSubstr("Content-Type: application/json\r\n"));
    EXPECT_THAT(body_of(reply),
                MatchesRegex(R"(\{"topic":"room/1","epoch":"[a-z0-9]{8}","offset":1\})"));
    EXPECT_THAT(body_of(howl.post("/api/topics/room/1/events", "")), EndsWith(R"("offset":2})"));
}

TEST(TopicsApi, ARetryWithItsKeyIs200AndAnotherBody409) {
    LiveServer howl;
    const std::string key = "Idempotency-Key: k 1\r\n";
    const auto first = howl.post("/api/topics/a/events", "x", key);
    EXPECT_EQ(status_of(first), 201);
    const auto again = howl.post("/api/topics/a/events", "x", key);
    EXPECT_EQ(status_of(again), 200);
    EXPECT_EQ(body_of(again), body_of(first));
    const auto other = howl.post("/api/topics/a/events", "y", key);
    EXPECT_EQ(status_of(other), 409);
    EXPECT_EQ(code_in(other), "idempotency_conflict");
    EXPECT_EQ(status_of(howl.post("/api/topics/a/events?type=t", "x", key)), 409);
    EXPECT_EQ(status_of(howl.post("/api/topics/b/events", "y", key)), 201)
        << "another topic, another scope";
}

TEST(TopicsApi, EveryMistakeHasItsStatusAndCode) {
    LiveServer howl;
    struct Mistake {
        std::string target;
        std::string body;
        std::string headers;
        int status;
        std::string code;
    };
    const std::string big(65'537, 'x');
    for (const auto& [target, body, headers, status, code] : std::initializer_list<Mistake>{
             {"/api/topics/howl:wisdom/events", "x", "", 403, "topic_reserved"},
             {"/api/topics/howl:/events", "x", "", 403, "topic_reserved"},
             {"/api/topics/%68owl:wisdom/events", "x", "", 404, "not_found"},
             {"/api/topics/a//b/events", "x", "", 400, "invalid_topic"},
             {"/api/topics//a/events", "x", "", 400, "invalid_topic"},
             {"/api/topics//howl:wisdom/events", "x", "", 400, "invalid_topic"},
             {"/api/topics/a%2Fb/events", "x", "", 400, "invalid_topic"},
             {"/api/topics/%d0%96/events", "x", "", 400, "invalid_topic"},
             {"/api/topics/%FF/events", "x", "", 400, "invalid_topic"},
             {"/api/topics/" + std::string(256, 'a') + "/events", "x", "", 400, "invalid_topic"},
             {"/api/topics/a/events?type=two%20words", "x", "", 400, "invalid_event_type"},
             {"/api/topics/a/events?type=a%0Ab", "x", "", 400, "invalid_event_type"},
             {"/api/topics/a/events?type=reset", "x", "", 400, "invalid_event_type"},
             {"/api/topics/a/events?type=open", "x", "", 400, "invalid_event_type"},
             {"/api/topics/a/events?type=error", "x", "", 400, "invalid_event_type"},
             {"/api/topics/a/events?type=" + std::string(65, 't'), "x", "", 400,
              "invalid_event_type"},
             {"/api/topics/a/events", "\xFF", "", 400, "invalid_utf8"},
             {"/api/topics/a/events", big, "", 413, "body_too_large"},
             {"/api/topics/a/events", "x", "Content-Type: " + std::string(129, 'a') + "\r\n", 400,
              "invalid_content_type"},
             {"/api/topics/a/events", "x", "Idempotency-Key: \r\n", 400, "invalid_idempotency_key"},
             {"/api/topics/a/events", "x", "Idempotency-Key: " + std::string(65, 'k') + "\r\n", 400,
              "invalid_idempotency_key"},
             {"/api/topics/a/events", "x", "Origin: https://evil.example\r\n", 403,
              "origin_refused"},
             {"/api/topics/a/ws", "x", "", 405, "method_not_allowed"},
             {"/api/events", "x", "", 415, "unsupported_data"},
             {"/api/topics/events", "x", "", 404, "not_found"},
             {"/api/topics/a", "x", "", 404, "not_found"},
         }) {
        const auto reply = howl.post(target, body, headers);
        EXPECT_EQ(status_of(reply), status) << target << "\n" << reply;
        EXPECT_EQ(code_in(reply), code) << target;
        EXPECT_THAT(reply, HasSubstr("Content-Type: application/problem+json\r\n"));
    }
    EXPECT_THAT(howl.get("/api/topics/a/events?format=json"), HasSubstr(R"("lastOffset":0)"));
}

TEST(TopicsApi, ANameMayBeAnyText) {
    LiveServer howl;
    EXPECT_THAT(howl.post("/api/topics/https:/%2Fexample.com/books/1/events", "x"),
                HasSubstr(R"({"topic":"https://example.com/books/1",)"));
    EXPECT_THAT(howl.post("/api/topics/a%0A%22%E2%80%A8/events", "x"),
                HasSubstr(R"({"topic":"a\n\"\u2028",)"));
    EXPECT_THAT(howl.get("/api/topics/a%0A%22%E2%80%A8/events?format=json"),
                HasSubstr(R"({"topic":"a\n\"\u2028",)"));
    EXPECT_THAT(howl.get("/api/topics"), HasSubstr(R"([{"topic":"a\n\"\u2028","lane":)"));
    EXPECT_THAT(howl.get("/api/topics/a%2Fb/presence"),
                HasSubstr("in a path this name is spelled a/b"));
}

TEST(TopicsApi, TheLargestEventIsTaken) {
    LiveServer howl;
    EXPECT_EQ(status_of(howl.post("/api/topics/a/events", std::string(65'536, 'x'))), 201);
}

TEST(TopicsApi, AReaderThatAsksWronglyIsRefused) {
    LiveServer howl;
    for (const auto& [target, code] : std::initializer_list<std::pair<std::string, std::string>>{
             {"/api/topics/a/events?format=xml", "invalid_query"},
             {"/api/topics/a/events?format=json&limit=0", "invalid_query"},
             {"/api/topics/a/events?format=json&limit=1001", "invalid_query"},
             {"/api/topics/a/events?format=json&after=-1", "invalid_query"},
             {"/api/topics/a/events?format=json&after=18446744073709551615", "invalid_query"},
             {"/api/topics/a/events?envelope=xml", "invalid_query"},
             {"/api/topics/a/events?lastEventId=nonsense", "invalid_cursor"},
             {"/api/topics/a!/events", "invalid_topic"},
             {"/api/topics/a%2Fb/events", "invalid_topic"},
             {"/api/topics/howl%3Acloud/events", "invalid_topic"},
             {"/api/topics/a%2Fb/presence", "invalid_topic"},
             {"/api/topics/a/ws?after=1", "invalid_cursor"},
             {"/api/topics/a/ws?after=x&epoch=aaaa1111", "invalid_query"},
             {"/api/events", "invalid_query"},
             {"/api/events?topic=", "invalid_topic"},
             {"/api/events?topic=a&topic=b%FF", "invalid_topic"},
         }) {
        const auto reply = howl.get(target);
        EXPECT_EQ(status_of(reply), 400) << target;
        EXPECT_EQ(code_in(reply), code) << target;
    }
    std::string many = "/api/events?topic=t0";
    for (int i = 1; i <= 128; ++i) {
        many += "&topic=t" + std::to_string(i);
    }
    EXPECT_EQ(code_in(howl.get(many)), "too_many_subscriptions");
}

TEST(TopicsApi, HistoryComesInPages) {
    LiveServer howl;
    howl.post("/api/topics/a/events?type=joined", "1", "Content-Type: text/plain\r\n");
    howl.post("/api/topics/a/events", "2");
    howl.post("/api/topics/a/events?type=message", "3");
    EXPECT_THAT(
        body_of(howl.get("/api/topics/a/events?format=json&limit=2")),
        MatchesRegex(
            R"(\{"topic":"a","epoch":"[a-z0-9]{8}","firstOffset":1,"lastOffset":3,"more":true,"events":\[)"
            R"(\{"offset":1,"type":"joined","time":"2023-11-14T22:13:20.000Z","data":"1","contentType":"text/plain"\},)"
            R"(\{"offset":2,"type":"message","time":"2023-11-14T22:13:20.000Z","data":"2"\}\]\})"));
    EXPECT_THAT(body_of(howl.get("/api/topics/a/events?format=json&after=2")),
                HasSubstr(R"("more":false,"events":[{"offset":3,"type":"message",)"));
    EXPECT_THAT(body_of(howl.get("/api/topics/a/events?format=json&after=99")),
                EndsWith(R"("firstOffset":1,"lastOffset":3,"more":false,"events":[]})"));
}

TEST(TopicsApi, AHistoryTellsWhereTheStreamGoesOn) {
    LiveServer howl;
    howl.post("/api/topics/a/events", "1");
    const auto page = howl.get("/api/topics/a/events?format=json");
    howl.post("/api/topics/a/events", "2");
    constexpr std::string_view kHeader = "Howl-Cursor: ";
    const auto begin = page.find(kHeader) + kHeader.size();
    auto reader = howl.connect();
    reader.send("GET /api/topics/a/events HTTP/1.1\r\nHost: a\r\nLast-Event-ID: " +
                page.substr(begin, page.find('\r', begin) - begin) + "\r\n\r\n");
    static_cast<void>(reader.read_until("\r\n\r\n"));
    EXPECT_THAT(reader.read_until("\n\n"), EndsWith("\ndata: 2\n\n"));
}

TEST(TopicsApi, ADeletedHistoryIsGoneAndOffsetsGoOn) {
    LiveServer howl;
    howl.post("/api/topics/a/events", "1");
    EXPECT_EQ(status_of(howl.ask("DELETE /api/topics/a/events HTTP/1.1\r\nHost: a\r\n\r\n")), 204);
    EXPECT_THAT(howl.get("/api/topics/a/events?format=json"),
                HasSubstr(R"("firstOffset":2,"lastOffset":1)"));
    EXPECT_THAT(howl.post("/api/topics/a/events", "2"), EndsWith(R"("offset":2})"));
    EXPECT_EQ(status_of(howl.ask("DELETE /api/topics/never/events HTTP/1.1\r\nHost: a\r\n\r\n")),
              204);
    EXPECT_EQ(
        status_of(howl.ask("DELETE /api/topics/howl:wisdom/events HTTP/1.1\r\nHost: a\r\n\r\n")),
        403);
}

TEST(TopicsApi, AStreamResumesBehindItsLastEventIdWithEnvelopesIfAsked) {
    LiveServer howl;
    auto reader = howl.connect();
    reader.send("GET /api/events?topic=b&topic=a&topic=a HTTP/1.1\r\nHost: a\r\n\r\n");
    static_cast<void>(reader.read_until("\r\n\r\n"));
    const auto joined = reader.read_until("\n\n");
    EXPECT_THAT(joined, MatchesRegex("id: [a-z0-9]{8}\\.0\\.[a-z0-9]{8}\\.[0-9]+\n\n"));
    howl.post("/api/topics/a/events", "1");
    howl.post("/api/topics/b/events", "2");
    const auto first = reader.read_until("\n\n");
    EXPECT_THAT(first, MatchesRegex("id: [a-z0-9]{8}\\.1\\.[a-z0-9]{8}\\.[0-9]+\ndata: 1\n\n"));
    EXPECT_THAT(reader.read_until("\n\n"), EndsWith("data: 2\n\n"));
    auto resumed = howl.connect();
    resumed.send(
        "GET /api/events?topic=a&topic=b&envelope=json HTTP/1.1\r\nHost: a\r\nLast-Event-ID: " +
        first.substr(4, first.find('\n') - 4) + "\r\n\r\n");
    static_cast<void>(resumed.read_until("\r\n\r\n"));
    EXPECT_THAT(resumed.read_until("\n\n"), HasSubstr(R"(data: {"topic":"b","epoch":")"));
}

TEST(TopicsApi, AStreamOfEnvelopesSaysWhenItHasCaughtUpAndThatItLives) {
    LiveServer howl;
    auto page = howl.connect();
    page.send("GET /api/events?topic=a&envelope=json HTTP/1.1\r\nHost: a\r\n\r\n");
    static_cast<void>(page.read_until("\r\n\r\n"));
    EXPECT_THAT(page.read_until("\n\n"), MatchesRegex("id: [a-z0-9.]+\n\n"));
    EXPECT_EQ(page.read_until("\n\n"),
              "event: hb\ndata: {\"time\":\"2023-11-14T22:13:20.000Z\",\"everyMs\":10000}\n\n");
    howl.advance(9s);
    howl.post("/api/topics/a/events", "x");
    EXPECT_THAT(page.read_until("\n\n"), HasSubstr(R"("data":"x")"));
    howl.advance(9s);
    howl.settle();
    EXPECT_EQ(page.poll(), "");
    howl.advance(1s);
    EXPECT_EQ(page.read_until("\n\n"),
              "event: hb\ndata: {\"time\":\"2023-11-14T22:13:39.000Z\",\"everyMs\":10000}\n\n");
}

TEST(TopicsApi, AStreamOfEnvelopesHasCaughtUpBehindWhatItMissed) {
    LiveServer howl;
    auto first = howl.connect();
    first.send("GET /api/events?topic=a HTTP/1.1\r\nHost: a\r\n\r\n");
    static_cast<void>(first.read_until("\r\n\r\n"));
    const auto cursor = first.read_until("\n\n");
    howl.post("/api/topics/a/events", "missed");
    auto page = howl.connect();
    page.send("GET /api/events?topic=a&envelope=json HTTP/1.1\r\nHost: a\r\nLast-Event-ID: " +
              cursor.substr(4, cursor.find('\n') - 4) + "\r\n\r\n");
    static_cast<void>(page.read_until("\r\n\r\n"));
    EXPECT_THAT(page.read_until("\n\n"), HasSubstr(R"("data":"missed")"));
    EXPECT_THAT(page.read_until("\n\n"), StartsWith("id: "));
    EXPECT_THAT(page.read_until("\n\n"), StartsWith("event: hb\n"));
}

TEST(TopicsApi, AStreamOfEnvelopesSaysThatTheServerGoesDown) {
    LiveServer howl;
    auto page = howl.connect();
    page.send("GET /api/events?topic=a&envelope=json HTTP/1.1\r\nHost: a\r\n\r\n");
    static_cast<void>(page.read_until("event: hb\n"));
    static_cast<void>(page.read_until("\n\n"));
    howl.server().begin_drain();
    EXPECT_THAT(page.read_to_end(),
                MatchesRegex("retry: [0-9]+\n\nevent: drain\ndata: \\{\"retryMs\":[0-9]+\\}\n\n"
                             ": draining: The server is going down; come back shortly.\n\n"));
}

TEST(TopicsApi, OtherStreamsKeepTheirComment) {
    LiveServer howl;
    for (const std::string target :
         {"/api/events?topic=a", "/api/topics/a/events", "/api/topics/a/events?envelope=json"}) {
        auto reader = howl.connect();
        reader.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        static_cast<void>(reader.read_until("\r\n\r\n"));
        static_cast<void>(reader.read_until("\n\n"));
        howl.advance(15s);
        EXPECT_EQ(reader.read_until("\n\n"), ": hb\n\n") << target;
    }
}

TEST(TopicsApi, ASocketGetsEnvelopesAndResumesByOffset) {
    LiveServer howl;
    const auto receipt = body_of(howl.post("/api/topics/a/events", "1"));
    howl.post("/api/topics/a/events?type=t", "2");
    const auto epoch = receipt.substr(receipt.find("epoch\":\"") + 8, 8);
    auto client = howl.open_socket("/api/topics/a/ws?after=1&epoch=" + epoch);
    EXPECT_EQ(client.read_frame(),
              R"(81:{"topic":"a","epoch":")" + epoch +
                  R"(","offset":2,"type":"t","time":"2023-11-14T22:13:20.000Z","data":"2"})");
    auto lost = howl.open_socket("/api/topics/a/ws?after=1&epoch=zzzzzzzz");
    EXPECT_EQ(lost.read_frame(), R"(81:{"topic":"a","type":"reset"})");
}

TEST(TopicsApi, TheIdOfAnotherServerIsAReset) {
    LiveServer howl;
    howl.post("/api/topics/a/events", "kept");
    for (const std::string id : {"0", "earliest"}) {
        auto client = howl.connect();
        client.send("GET /api/topics/a/events HTTP/1.1\r\nHost: a\r\nLast-Event-ID: " + id +
                    "\r\n\r\n");
        EXPECT_THAT(client.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
        EXPECT_THAT(client.read_until("data: {\"topic\":\"a\"}\n\n"), HasSubstr("event: reset\n"));
        EXPECT_THAT(client.read_until("data: kept\n\n"), HasSubstr("id: "));
    }
}

TEST(TopicsApi, AFormHoldsMoreTopicsThanAUrl) {
    LiveServer howl;
    std::string form = "envelope=json";
    const std::string long_name(240, 'n');
    for (int i = 0; i < 128; ++i) {
        form += fmt::format("&topic={}%2F{}", long_name, i);
    }
    const std::string type = "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n";
    auto client = howl.connect();
    client.send(LiveServer::post_text("/api/events", form, type));
    EXPECT_THAT(client.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
    static_cast<void>(client.read_until("event: hb\n"));
    howl.post(fmt::format("/api/topics/{}/127/events", long_name), "here");
    EXPECT_THAT(client.read_until("\"data\":\"here\"}\n\n"), HasSubstr("/127\""));

    EXPECT_EQ(code_in(howl.post("/api/events", form + "&topic=one-more", type)),
              "too_many_subscriptions");
    EXPECT_EQ(code_in(howl.post("/api/events", "envelope=json", type)), "invalid_query");
    EXPECT_EQ(status_of(howl.post("/api/events", form, "Content-Type: application/json\r\n")), 415);
    EXPECT_EQ(status_of(howl.post("/api/events", form, type + "Origin: https://evil.example\r\n")),
              403);
}

TEST(TopicsApi, NoForeignPageEntersATopicsPresence) {
    LiveServer howl;
    const std::string evil = "Origin: https://evil.example\r\n";
    EXPECT_EQ(status_of(howl.get("/api/topics/a/events?as=Eve", evil)), 403);
    EXPECT_EQ(status_of(howl.get("/api/events?topic=a&as=Eve", evil)), 403);
    auto socket = howl.connect();
    socket.send("GET /api/topics/a/ws?as=Eve HTTP/1.1\r\n" + evil + std::string{kUpgradeHeaders});
    EXPECT_EQ(status_of(socket.read_reply()), 403);
    EXPECT_THAT(howl.get("/api/topics/a/presence"), HasSubstr(R"("count":0)"));
}

TEST(TopicsApi, LineSeparatorsOfUnicodeAreEscapedInJson) {
    LiveServer howl;
    howl.post("/api/topics/a/events", "one\xE2\x80\xA8two\xC2\x85");
    EXPECT_THAT(howl.get("/api/topics/a/events?format=json"),
                HasSubstr(R"("data":"one\u2028two\u0085")"));
    auto page = howl.connect();
    page.send(
        "GET /api/events?topic=a&envelope=json HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 0\r\n\r\n");
    EXPECT_THAT(page.read_until("event: hb\n"), HasSubstr(R"("data":"one\u2028two\u0085")"));
}

// --- The list of topics ---

TEST(TopicsApi, TheTopicsAreListedByNameInPages) {
    LiveServer howl;
    EXPECT_EQ(body_of(howl.get("/api/topics")), R"({"topics":[],"more":false})");
    for (const auto* name : {"orders/old", "orders/new", "news", "orders/new"}) {
        howl.post(std::string{"/api/topics/"} + name + "/events", "x");
    }
    howl.post("/api/inbox/eve/messages", "x");  // Its topic is our own.
    EXPECT_EQ(body_of(howl.get("/api/topics")),
              R"({"topics":[{"topic":"news","lane":"durable","lastOffset":1},)"
              R"({"topic":"orders/new","lane":"durable","lastOffset":2},)"
              R"({"topic":"orders/old","lane":"durable","lastOffset":1}],"more":false})");
    const auto first = howl.get("/api/topics?prefix=orders/&limit=1");
    EXPECT_THAT(body_of(first), AllOf(HasSubstr("orders/new"), EndsWith(R"("more":true})")));
    const auto next = howl.get("/api/topics?prefix=orders/&limit=1&after=orders/new");
    EXPECT_THAT(body_of(next), AllOf(HasSubstr("orders/old"), EndsWith(R"("more":false})")));
    for (const auto* query : {"limit=0", "limit=1001", "limit=x"}) {
        const auto reply = howl.get(std::string{"/api/topics?"} + query);
        EXPECT_EQ(status_of(reply), 400) << query;
        EXPECT_EQ(code_in(reply), "invalid_query") << query;
    }
}

TEST(TopicsApi, TheOperatorMayEndTheListing) {
    LiveServer howl{[](Config& config) { config.list_topics = false; }};
    howl.post("/api/topics/secret/events", "x");
    const auto reply = howl.get("/api/topics");
    EXPECT_EQ(status_of(reply), 403);
    EXPECT_EQ(code_in(reply), "topics_not_listed");
    EXPECT_THAT(reply, AllOf(HasSubstr("server.list_topics"), Not(HasSubstr("secret"))));
    EXPECT_EQ(status_of(howl.get("/api/topics/secret/events?format=json")), 200);
}

}  // namespace
}  // namespace howl::products::topics
