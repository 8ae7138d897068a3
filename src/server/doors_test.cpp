// SPDX-License-Identifier: Apache-2.0
// What the doors say on the wire.
#include "server/live_server_for_test.hpp"

namespace howl::server {
namespace {

using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

std::string code_in(const std::string& reply) {
    constexpr std::string_view kCode = R"("code":")";
    const auto at = reply.find(kCode);
    return at == std::string::npos
               ? ""
               : reply.substr(at + kCode.size(),
                              reply.find('"', at + kCode.size()) - at - kCode.size());
}

// --- /api/topics ---

TEST(TopicsDoor, APublishIs201WithItsPlace) {
    LiveServer howl;
    const auto reply = howl.post("/api/topics/room/1/events", "hello");
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 201 Created\r\n"));
    EXPECT_THAT(reply, HasSubstr("Content-Type: application/json\r\n"));
    EXPECT_THAT(body_of(reply),
                MatchesRegex(R"(\{"topic":"room/1","epoch":"[a-z0-9]{8}","offset":1\})"));
    EXPECT_THAT(body_of(howl.post("/api/topics/room/1/events", "")), EndsWith(R"("offset":2})"));
}

TEST(TopicsDoor, ARetryWithItsKeyIs200AndAnotherBody409) {
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

TEST(TopicsDoor, EveryMistakeHasItsStatusAndCode) {
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
             {"/api/topics/%68owl:wisdom/events", "x", "", 403, "topic_reserved"},
             {"/api/topics/a//b/events", "x", "", 400, "invalid_topic"},
             {"/api/topics//a/events", "x", "", 400, "invalid_topic"},
             {"/api/topics//howl:wisdom/events", "x", "", 400, "invalid_topic"},
             {"/api/topics/a%20b/events", "x", "", 400, "invalid_topic"},
             {"/api/topics/%D0%96/events", "x", "", 400, "invalid_topic"},
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
             {"/api/events", "x", "", 405, "method_not_allowed"},
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

TEST(TopicsDoor, TheLargestEventIsTaken) {
    LiveServer howl;
    EXPECT_EQ(status_of(howl.post("/api/topics/a/events", std::string(65'536, 'x'))), 201);
}

TEST(TopicsDoor, AReaderThatAsksWronglyIsRefused) {
    LiveServer howl;
    for (const auto& [target, code] : std::initializer_list<std::pair<std::string, std::string>>{
             {"/api/topics/a/events?format=xml", "invalid_query"},
             {"/api/topics/a/events?format=json&limit=0", "invalid_query"},
             {"/api/topics/a/events?format=json&limit=1001", "invalid_query"},
             {"/api/topics/a/events?format=json&after=-1", "invalid_query"},
             {"/api/topics/a/events?format=json&after=18446744073709551615", "invalid_query"},
             {"/api/topics/a/events?envelope=xml", "invalid_query"},
             {"/api/topics/a/events?lastEventId=nonsense", "invalid_cursor"},
             {"/api/topics/a%20b/events", "invalid_topic"},
             {"/api/topics/a/ws?after=1", "invalid_cursor"},
             {"/api/topics/a/ws?after=x&epoch=aaaa1111", "invalid_query"},
             {"/api/events", "invalid_query"},
             {"/api/events?topic=", "invalid_topic"},
             {"/api/events?topic=a&topic=b%20c", "invalid_topic"},
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

TEST(TopicsDoor, HistoryComesInPages) {
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

TEST(TopicsDoor, AHistoryTellsWhereTheStreamGoesOn) {
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

TEST(TopicsDoor, ADeletedHistoryIsGoneAndOffsetsGoOn) {
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

TEST(TopicsDoor, AStreamResumesBehindItsLastEventIdWithEnvelopesIfAsked) {
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

TEST(TopicsDoor, AStreamOfEnvelopesSaysWhenItHasCaughtUpAndThatItLives) {
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

TEST(TopicsDoor, AStreamOfEnvelopesHasCaughtUpBehindWhatItMissed) {
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

TEST(TopicsDoor, AStreamOfEnvelopesSaysThatTheServerGoesDown) {
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

TEST(TopicsDoor, OtherStreamsKeepTheirComment) {
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

TEST(TopicsDoor, ASocketGetsEnvelopesAndResumesByOffset) {
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

// --- /v1, /v2, /v3 ---

constexpr std::string_view kInboxHeaders =
    "access-control-allow-origin: *\r\naccess-control-expose-headers: *\r\nvary: origin\r\n"
    "vary: access-control-request-method\r\nvary: access-control-request-headers\r\n";

TEST(InboxDoor, V1SaysHiAtOnceAndEveryFifteenSecondsWithKeepAlivesBetween) {
    LiveServer howl;
    auto client = howl.connect();
    client.send("GET /v1/sse?username=U HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto head = client.read_until("\r\n\r\n");
    EXPECT_THAT(head, HasSubstr("Content-Type: text/event-stream\r\n"));
    EXPECT_THAT(head, HasSubstr("Cache-Control: no-cache\r\n"));
    EXPECT_THAT(head, HasSubstr(std::string{kInboxHeaders}));
    EXPECT_EQ(client.read_until("\n\n"), "data: hi!\n\n");
    for (int i = 0; i < 4; ++i) {
        howl.advance(3s);
        EXPECT_EQ(client.read_until("\n\n"), ": keep-alive-text\n\n");
    }
    howl.advance(3s);
    EXPECT_EQ(client.read_until("\n\n"), "data: hi!\n\n");
}

TEST(InboxDoor, AMessageReachesEveryTabOfItsUserAndNobodyElse) {
    LiveServer howl;
    std::vector<RawClient> tabs;
    for (const char* target :
         {"/v2/sse?username=U", "/v2/sse?username=U", "/v2/sse?username=u", "/v3/sse?username=U"}) {
        tabs.push_back(howl.connect());
        tabs.back().send("GET " + std::string{target} + " HTTP/1.1\r\nHost: a\r\n\r\n");
        static_cast<void>(tabs.back().read_until("\r\n\r\n"));
        EXPECT_THAT(tabs.back().read_until("\n\n"), MatchesRegex("id: [a-z0-9.]+\n\n"));
    }
    const auto reply = howl.post("/v2/message?username=U", "one\ntwo\rthree");
    EXPECT_EQ(reply, "HTTP/1.1 204 No Content\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\n" +
                         std::string{kInboxHeaders} + "\r\n");
    for (int tab = 0; tab < 2; ++tab) {
        EXPECT_THAT(tabs[static_cast<std::size_t>(tab)].read_until("\n\n"),
                    MatchesRegex("id: [a-z0-9.]+\ndata: one\ndata: two\ndata: three\n\n"));
    }
    howl.settle();
    EXPECT_EQ(tabs[2].poll(), "");
    EXPECT_EQ(tabs[3].poll(), "");
    howl.advance(30s);
    EXPECT_EQ(tabs[3].read_until("\n\n"), ": keep-alive-text\n\n");
}

TEST(InboxDoor, AnyNameIsAUserAlsoNone) {
    LiveServer howl;
    for (const std::string name :
         {"", "%D0%96", "a%2Fb", "a%20b", "~", "%7E", "a:b", "..%2F..", "%00"}) {
        auto client = howl.connect();
        client.send("GET /v2/sse?username=" + name + " HTTP/1.1\r\nHost: a\r\n\r\n");
        static_cast<void>(client.read_until("\n\n"));
        EXPECT_EQ(status_of(howl.post("/v2/message?username=" + name, "to " + name)), 204) << name;
        EXPECT_THAT(client.read_until("data: to " + name + "\n\n"), Not(HasSubstr("data: to x")))
            << name;
    }
}

TEST(InboxDoor, AnAbsentUserResumesWhatWasKept) {
    LiveServer howl;
    std::string last;
    {
        auto client = howl.connect();
        client.send("GET /v3/sse?username=U HTTP/1.1\r\nHost: a\r\n\r\n");
        static_cast<void>(client.read_until("\r\n\r\n"));
        last = client.read_until("\n\n");
    }
    howl.post("/v3/message?username=U", "while you were away");
    auto back = howl.connect();
    back.send("GET /v3/sse?username=U HTTP/1.1\r\nHost: a\r\nLast-Event-ID: " +
              last.substr(4, last.size() - 6) + "\r\n\r\n");
    EXPECT_THAT(back.read_until("away\n\n"), HasSubstr("\ndata: while you were away\n\n"));
    auto stranger = howl.connect();
    stranger.send("GET /v3/sse?username=U HTTP/1.1\r\nHost: a\r\nLast-Event-ID: not-ours\r\n\r\n");
    EXPECT_THAT(stranger.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
}

TEST(InboxDoor, MistakesAreAnsweredAsTheOriginalsFrameworkDid) {
    LiveServer howl;
    for (const std::string request :
         {"GET /v1/sse", "GET /v2/sse", "GET /v3/sse?user=U", "POST /v2/message"}) {
        const auto reply = howl.ask(request + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        EXPECT_EQ(status_of(reply), 400) << request;
        EXPECT_THAT(reply, HasSubstr("Content-Type: text/plain; charset=utf-8\r\n"));
        EXPECT_EQ(body_of(reply), "Failed to deserialize query string: missing field `username`");
    }
    const auto unknown = howl.get("/v2/nothing");
    EXPECT_EQ(status_of(unknown), 404);
    EXPECT_EQ(body_of(unknown), "");
    EXPECT_THAT(unknown, HasSubstr(std::string{kInboxHeaders}));
    const auto wrong = howl.get("/v2/message?username=U");
    EXPECT_EQ(status_of(wrong), 405);
    EXPECT_THAT(wrong, HasSubstr("Allow: POST, OPTIONS\r\n"));
    EXPECT_EQ(body_of(wrong), "");
    EXPECT_EQ(status_of(howl.post("/v2/message?username=U", "\xC3")), 400);
}

TEST(InboxDoor, AnyOptionsIs200AndOpen) {
    LiveServer howl;
    for (const std::string path : {"/v1/sse", "/v2/message", "/v3/nothing"}) {
        const auto reply = howl.ask(
            "OPTIONS " + path + " HTTP/1.1\r\nHost: a\r\nOrigin: http://localhost:5173\r\n\r\n");
        EXPECT_EQ(status_of(reply), 200) << path;
        EXPECT_THAT(
            reply,
            HasSubstr("access-control-allow-methods: *\r\naccess-control-allow-headers: *\r\n"));
        EXPECT_THAT(reply, HasSubstr(std::string{kInboxHeaders}));
        EXPECT_EQ(body_of(reply), "");
    }
}

TEST(InboxDoor, OnlyListedPagesMayUseItWhereTheOperatorSaysSo) {
    LiveServer howl{[](Config& config) { config.inbox.allowed_origins = {"http://mine.example"}; }};
    EXPECT_EQ(
        status_of(howl.post("/v2/message?username=U", "x", "Origin: http://other.example\r\n")),
        403);
    const auto mine = howl.post("/v2/message?username=U", "x", "Origin: http://mine.example\r\n");
    EXPECT_EQ(status_of(mine), 204);
    EXPECT_THAT(mine, HasSubstr("access-control-allow-origin: http://mine.example\r\n"));
}

// --- /wisdom/connect ---

constexpr const char* kConfirmed =
    R"(81:{"type":"subscribe_confirmation","payload":{"status":"ok"}})";

std::string command(const std::string& type) {
    return R"({"type":")" + type + R"(","payload":{"id":"ignored"}})";
}

class Wisdom : public ::testing::Test {
protected:
    WebSocketClient open() {
        auto client = howl_.open_socket("/wisdom/connect");
        EXPECT_THAT(
            client.read_frame(),
            MatchesRegex(
                R"(81:\{"type":"initial","payload":\{"id":"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"\}\})"));
        return client;
    }
    WebSocketClient subscribed() {
        auto client = open();
        client.say(command("connect"));
        client.say(command("subscribe"));
        EXPECT_EQ(client.read_frame(), kConfirmed);
        return client;
    }
    void expect_quote(WebSocketClient& client) {
        EXPECT_THAT(client.read_frame(),
                    MatchesRegex(
                        R"(81:\{"type":"wisdom_distribution","payload":\{"message":"[ -~]+"\}\})"));
    }

    /// The door has an idle time of its own; pings would only be in the way.
    LiveServer howl_{[](Config& config) { config.transport.ws_ping_interval = 1h; }};
};

TEST_F(Wisdom, OnlyAConnectedAndSubscribedClientGetsQuotes) {
    auto silent = open();
    auto connected = open();
    connected.say(command("connect"));
    auto reader = subscribed();
    howl_.advance(10s);
    expect_quote(reader);
    howl_.settle();
    EXPECT_EQ(silent.poll(), "");
    EXPECT_EQ(connected.poll(), "");
}

TEST_F(Wisdom, AnUnsubscribedOrNewlyConnectedClientGetsNoMore) {
    auto unsubscribed = subscribed();
    unsubscribed.say(command("unsubscribe"));
    auto again = subscribed();
    again.say(command("connect"));
    auto away = subscribed();
    away.say(command("disconnect"));
    auto reader = subscribed();
    howl_.advance(10s);
    expect_quote(reader);
    howl_.settle();
    EXPECT_EQ(unsubscribed.poll(), "");
    EXPECT_EQ(again.poll(), "");
    EXPECT_EQ(away.poll(), "");
    unsubscribed.say(command("subscribe"));
    EXPECT_EQ(unsubscribed.read_frame(), kConfirmed);
    howl_.advance(10s);
    expect_quote(unsubscribed);
}

TEST_F(Wisdom, EverySubscribeIsConfirmedAndOneQuoteComesPerTick) {
    auto client = subscribed();
    client.say(command("subscribe"));
    EXPECT_EQ(client.read_frame(), kConfirmed);
    howl_.advance(10s);
    expect_quote(client);
    howl_.settle();
    EXPECT_EQ(client.poll(), "");
}

TEST_F(Wisdom, NonsenseClosesWith1000) {
    for (const std::string nonsense :
         {"", "no json", "[]", "1", "null", R"({"type":"ping"})", R"({"payload":{}})",
          R"({"type":1,"payload":{}})", R"({"type":"howl","payload":{}})",
          R"({"type":"PING","payload":{}})", R"({"type":"ping","payload":{}} tail)"}) {
        auto client = open();
        client.say(nonsense);
        EXPECT_EQ(client.read_frame(), "88:1000") << nonsense;
        EXPECT_EQ(client.read_to_end(), "");
    }
}

TEST_F(Wisdom, ACommandBeforeConnectDropsTheConnectionWithoutAWord) {
    for (const char* type : {"subscribe", "unsubscribe", "disconnect"}) {
        auto client = open();
        client.say(command(type));
        EXPECT_EQ(client.read_to_end(), "") << type;
    }
    auto twice = open();
    twice.say(command("connect"));
    twice.say(command("disconnect"));
    twice.say(command("disconnect"));
    EXPECT_EQ(twice.read_to_end(), "");
}

TEST_F(Wisdom, ASilentClientIsDroppedAfterFifteenSecondsAndAnyMessageCounts) {
    auto silent = open();
    auto lively = open();
    howl_.advance(14s);
    lively.send(masked(codec::websocket::Opcode::kBinary, command("ping")));
    howl_.advance(1s);
    EXPECT_EQ(silent.read_frame(), "88:1000");
    howl_.settle();
    EXPECT_EQ(lively.poll(), "");
    howl_.advance(14s);
    EXPECT_EQ(lively.read_frame(), "88:1000");
}

TEST(WisdomDoor, AtTheRootItAlsoAnswersTheOriginalsBrokenPath) {
    LiveServer howl{
        [](Config& config) { config.listeners.push_back({"127.0.0.1:0", {{"wisdom", "/"}}}); }};
    for (const char* path : {"/connect", "/undefined"}) {
        WebSocketClient client{howl.port(1), path};
        EXPECT_THAT(client.read_frame(), StartsWith(R"(81:{"type":"initial")"));
    }
    EXPECT_EQ(status_of(howl.get("/connect")), 404);
    EXPECT_EQ(status_of(howl.get("/wisdom/connect")), 426);
}

TEST(WisdomDoor, AForeignPageIsRefused) {
    LiveServer howl;
    auto client = howl.connect();
    client.send("GET /wisdom/connect HTTP/1.1\r\nOrigin: http://evil.example\r\n" +
                std::string{kUpgradeHeaders});
    EXPECT_THAT(client.read_reply(), StartsWith("HTTP/1.1 403 "));
}

// --- howl:stats ---

TEST(Stats, AreAnsweredOnceAndGoOutWhileSomebodyReadsThem) {
    LiveServer howl;
    const auto once = howl.get("/api/stats");
    EXPECT_THAT(once, HasSubstr("Cache-Control: no-store\r\n"));
    EXPECT_THAT(
        body_of(once),
        StartsWith(R"({"time":"2023-11-14T22:13:20.000Z","uptimeSeconds":0,"connections":)"));
    auto page = howl.connect();
    page.send("GET /api/events?topic=howl:stats HTTP/1.1\r\nHost: a\r\n\r\n");
    static_cast<void>(page.read_until("\r\n\r\n"));
    static_cast<void>(page.read_until("\n\n"));
    howl.advance(1s);
    const auto tick = page.read_until("\n\n");
    EXPECT_THAT(tick, HasSubstr(R"("uptimeSeconds":1,"connections":)"));
    EXPECT_THAT(tick, HasSubstr(R"("streams":1,)"));
}

// --- Whom the server answers ---

TEST(Hosts, APageOfAnotherNameCanNotReadFromAServerOnLoopback) {
    LiveServer howl{[](Config& config) { config.hosts = {"howl.example.com"}; }};
    const auto ask = [&](const std::string& host) {
        return howl.ask("GET /api/stats HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    };
    const auto refused = ask("evil.example:8080");
    EXPECT_THAT(refused, StartsWith("HTTP/1.1 421 Misdirected Request\r\n"));
    EXPECT_EQ(code_in(refused), "misdirected");
    for (const char* host : {"localhost:8080", "127.0.0.1", "[::1]:8080", "howl.example.com"}) {
        EXPECT_EQ(status_of(ask(host)), 200) << host;
    }
    EXPECT_EQ(status_of(howl.ask("GET /healthz HTTP/1.0\r\n\r\n")), 200);
}

}  // namespace
}  // namespace howl::server
