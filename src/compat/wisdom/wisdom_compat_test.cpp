// SPDX-License-Identifier: Apache-2.0
// What `/wisdom/connect` says on the wire, and to whom, through a whole server.
#include "server/live_server_for_test.hpp"

namespace howl::compat::wisdom {

using server::Config;
using server::kUpgradeHeaders;
using server::LiveServer;
using server::masked;
using server::RawClient;
using server::status_of;
using server::WebSocketClient;

namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

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

}  // namespace
}  // namespace howl::compat::wisdom
