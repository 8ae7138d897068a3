// SPDX-License-Identifier: Apache-2.0
// What the other endpoints say on the wire: the inbox, the wisdom, the stats, and to whom.
#include "server/live_server_for_test.hpp"

namespace howl::server {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

// --- /v1, /v2, /v3 ---

constexpr std::string_view kInboxHeaders =
    "access-control-allow-origin: *\r\naccess-control-expose-headers: *\r\nvary: origin\r\n"
    "vary: access-control-request-method\r\nvary: access-control-request-headers\r\n";

/// As the original let everyone in.
void let_everyone_in(Config& config) {
    config.inbox.allowed_origins = {"*"};
}

TEST(InboxCompat, V1SaysHiAtOnceAndEveryFifteenSecondsWithKeepAlivesBetween) {
    LiveServer howl{let_everyone_in};
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

TEST(InboxCompat, AMessageReachesEveryTabOfItsUserAndNobodyElse) {
    LiveServer howl{let_everyone_in};
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

TEST(InboxCompat, AnyNameIsAUserAlsoNone) {
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

TEST(InboxCompat, AnAbsentUserResumesWhatWasKept) {
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

TEST(InboxCompat, MistakesAreAnsweredAsTheOriginalsFrameworkDid) {
    LiveServer howl{let_everyone_in};
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

TEST(InboxCompat, AnyOptionsIs200AndOpen) {
    LiveServer howl{let_everyone_in};
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

TEST(InboxCompat, NoForeignPageMayUseItUnlessTheOperatorSaysSo) {
    LiveServer howl;
    const std::string foreign = "Origin: http://other.example\r\n";
    for (const std::string endpoint : {"/v2", "/v3"}) {
        const auto posted = howl.post(endpoint + "/message?username=U", "x", foreign);
        EXPECT_EQ(status_of(posted), 403);
        EXPECT_THAT(posted, Not(HasSubstr("access-control-allow-origin")));
        EXPECT_EQ(status_of(howl.get(endpoint + "/sse?username=U", foreign)), 403);
    }
    EXPECT_EQ(status_of(howl.get("/v1/sse?username=U", foreign)), 403);
    EXPECT_EQ(status_of(howl.post("/v2/message?username=U", "x", "Origin: http://127.0.0.1\r\n")),
              204);
}

TEST(InboxCompat, OnlyListedPagesMayUseItWhereTheOperatorSaysSo) {
    LiveServer howl{[](Config& config) { config.inbox.allowed_origins = {"http://mine.example"}; }};
    EXPECT_EQ(
        status_of(howl.post("/v2/message?username=U", "x", "Origin: http://other.example\r\n")),
        403);
    const auto mine = howl.post("/v2/message?username=U", "x", "Origin: http://mine.example\r\n");
    EXPECT_EQ(status_of(mine), 204);
    EXPECT_THAT(mine, HasSubstr("access-control-allow-origin: http://mine.example\r\n"));
}

TEST(InboxCompat, WhatABrowserSendsPlainlyNamesTheSameUserAsEncoded) {
    LiveServer howl;
    auto reader = howl.connect();
    reader.send("GET /v2/sse?username=[a|b]{x}^_^100% HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_THAT(reader.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
    EXPECT_EQ(status_of(howl.post("/v2/message?username=%5Ba%7Cb%5D%7Bx%7D%5E_%5E100%25", "hi")),
              204);
    static_cast<void>(reader.read_until("data: hi\n\n"));
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

    /// The endpoint has an idle time of its own; pings would only be in the way.
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

TEST(WisdomCompat, AtTheRootItAlsoAnswersTheOriginalsBrokenPath) {
    LiveServer howl{
        [](Config& config) { config.listeners.push_back({"127.0.0.1:0", {{"wisdom", "/"}}}); }};
    for (const char* path : {"/connect", "/undefined"}) {
        WebSocketClient client{howl.port(1), path};
        EXPECT_THAT(client.read_frame(), StartsWith(R"(81:{"type":"initial")"));
    }
    EXPECT_EQ(status_of(howl.get("/connect")), 404);
    EXPECT_EQ(status_of(howl.get("/wisdom/connect")), 426);
}

TEST(WisdomCompat, AtTheRootItHasAPage) {
    LiveServer howl{
        [](Config& config) { config.listeners.push_back({"127.0.0.1:0", {{"wisdom", "/"}}}); }};
    const auto get = [&](const std::string& path) {
        RawClient client{howl.port(1)};
        client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        return client.read_reply();
    };
    EXPECT_THAT(get("/"), AllOf(StartsWith("HTTP/1.1 200 OK\r\n"),
                                HasSubstr("Content-Type: text/html; charset=utf-8\r\n"),
                                HasSubstr("<title>WebSocket Wolf Wisdom</title>")));
    EXPECT_THAT(get("/static/page.js"), HasSubstr("new WebSocket("));
    EXPECT_EQ(status_of(get("/static/page.css")), 200);
    EXPECT_EQ(status_of(get("/static/other")), 404);
}

TEST(WisdomCompat, AForeignPageIsRefused) {
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

TEST(HttpService, AHostOfAnyFormThatMeansThisMachineIsAnswered) {
    LiveServer howl{[](Config& config) { config.hosts.clear(); }};
    for (const std::string host : {"", "localhost:", "localhost.", "app.localhost:8080"}) {
        EXPECT_EQ(status_of(howl.ask("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\n\r\n")), 200)
            << host;
    }
    EXPECT_EQ(status_of(howl.ask("GET /healthz HTTP/1.1\r\nHost: evil.localhost.example\r\n\r\n")),
              421);
}

}  // namespace
}  // namespace howl::server
