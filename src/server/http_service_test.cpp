// SPDX-License-Identifier: Apache-2.0
// One HTTP/1.1 connection of a whole server, byte by byte.
#include <initializer_list>
#include <utility>

#include "server/live_server_for_test.hpp"
#include "telemetry/metrics.hpp"

namespace howl::server {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kHealthRequest = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view kHealthReply =
    "HTTP/1.1 200 OK\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\nContent-Type: application/json\r\n"
    "Cache-Control: no-store\r\nVary: Origin\r\nX-Content-Type-Options: nosniff\r\n"
    "Content-Length: 15\r\n\r\n{\"status\":\"ok\"}";

TEST(HttpService, AnswersOneRequestAfterAnotherOnOneConnection) {
    LiveServer howl;
    auto client = howl.connect();
    for (int i = 0; i < 3; ++i) {
        client.send(kHealthRequest);
        EXPECT_EQ(client.read_reply(), kHealthReply);
    }
}

TEST(HttpService, PipelinedRequestsAreAnsweredInOrder) {
    LiveServer howl;
    auto client = howl.connect();
    constexpr int kRequests = 500;
    std::string requests;
    for (int i = 0; i < kRequests; ++i) {
        requests += LiveServer::post_text("/api/topics/a/events", std::to_string(i));
    }
    requests +=
        "GET /api/topics/a/events?format=json&limit=1000 HTTP/1.1\r\nHost: a\r\n"
        "Connection: close\r\n\r\n";
    client.send(requests);
    for (int i = 1; i <= kRequests; ++i) {
        ASSERT_THAT(client.read_reply(), HasSubstr("\"offset\":" + std::to_string(i) + "}"));
    }
    EXPECT_THAT(client.read_reply(), HasSubstr(R"("firstOffset":1,"lastOffset":500,"more":false)"));
    EXPECT_EQ(client.read_to_end(), "");
}

TEST(HttpService, ARequestCutAnywhereGivesTheSameReply) {
    LiveServer howl;
    const std::string request =
        "POST /v2/message?username=a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n0\r\n\r\n";
    const auto whole = howl.ask(request);
    EXPECT_THAT(whole, StartsWith("HTTP/1.1 204 "));
    auto client = howl.connect();
    for (std::size_t cut = 1; cut < request.size(); ++cut) {
        client.send(request.substr(0, cut));
        static_cast<void>(howl.get("/healthz"));  // The first part has been read.
        client.send(request.substr(cut));
        ASSERT_EQ(client.read_reply(), whole) << "cut after " << cut;
    }
}

TEST(HttpService, APeerThatResetsAfterAnyByteHarmsNobody) {
    LiveServer howl;
    const std::string request = LiveServer::post_text("/api/topics/a/events", "hello");
    for (std::size_t sent = 0; sent <= request.size(); ++sent) {
        auto client = howl.connect();
        client.send(request.substr(0, sent));
        client.reset();
    }
    EXPECT_EQ(howl.get("/healthz"), kHealthReply);
    howl.eventually([&] { return howl.server().open_connections() == 0; });
}

TEST(HttpService, AHeadThatDoesNotEndIsAnsweredWith408) {
    LiveServer howl;
    auto client = howl.connect();
    client.send("GET / HTTP/1.1\r\nX-Slow: ");
    howl.advance(9s);
    client.send("byte");  // A byte now and then doesn't put the deadline off.
    EXPECT_EQ(client.poll(), "");
    howl.advance(1s);
    const auto reply = client.read_to_end();
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
    EXPECT_THAT(reply, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(reply, HasSubstr(R"("code":"request_timeout")"));
}

TEST(HttpService, ABodyThatDoesNotEndIsAnsweredWith408) {
    LiveServer howl;
    auto client = howl.connect();
    client.send("POST /api/topics/a/events HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
    howl.advance(29s);
    EXPECT_EQ(client.poll(), "");
    howl.advance(1s);
    EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 408 "));
}

TEST(HttpService, AnIdleConnectionIsClosedWithoutAWord) {
    LiveServer howl;
    auto fresh = howl.connect();
    auto used = howl.connect();
    used.send(kHealthRequest);
    EXPECT_EQ(used.read_reply(), kHealthReply);
    howl.advance(60s);
    EXPECT_EQ(fresh.read_to_end(), "");
    EXPECT_EQ(used.read_to_end(), "");
}

TEST(HttpService, ARequestPutsTheIdleDeadlineOff) {
    LiveServer howl;
    auto client = howl.connect();
    howl.advance(59s);
    client.send(kHealthRequest);
    EXPECT_THAT(client.read_reply(), StartsWith("HTTP/1.1 200 "));
    howl.advance(59s);
    client.send(kHealthRequest);
    EXPECT_THAT(client.read_reply(), StartsWith("HTTP/1.1 200 "));
}

TEST(HttpService, ABodyOverTheLimitIsRefusedBeforeItIsSent) {
    LiveServer howl;
    auto client = howl.connect();
    client.send("POST /api/topics/a/events HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n");
    EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 413 "));
    auto chunked = howl.connect();
    chunked.send(
        "POST /api/topics/a/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "100001\r\n");
    EXPECT_THAT(chunked.read_to_end(), StartsWith("HTTP/1.1 413 "));
}

TEST(HttpService, ARefusalReachesAClientThatGoesOnSending) {
    LiveServer howl;
    const std::string megabytes(5'000'000, 'x');
    const std::string post = "POST /api/topics/a/events HTTP/1.1\r\nHost: a\r\n";
    for (const auto& [head, status] : std::initializer_list<std::pair<std::string, int>>{
             {post + "Content-Length: 5000000\r\n\r\n", 413},
             {post + "Transfer-Encoding: chunked\r\n\r\n4C4B40\r\n", 413},
             {post + "X-Long: ", 431},
             {"POST /", 414},
             {post + "Expect: tea\r\nContent-Length: 5000000\r\n\r\n", 417},
             {post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400}}) {
        auto client = howl.connect();
        client.send(head + megabytes);
        client.end_sending();
        EXPECT_EQ(status_of(client.read_to_end()), status) << head;
    }
    howl.eventually([&] { return howl.server().open_connections() == 0; });
}

TEST(HttpService, ARefusedClientIsReadOnForABoundedTime) {
    LiveServer howl;
    auto silent = howl.connect();
    auto busy = howl.connect();
    for (auto* client : {&silent, &busy}) {
        client->send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n");
        EXPECT_THAT(client->read_to_end(), StartsWith("HTTP/1.1 413 "));
    }
    howl.advance(5s);
    howl.eventually([&] { return howl.server().open_connections() <= 2; });
    for (int second = 0; second < 30; ++second) {
        busy.send("x");
        howl.advance(1s);
    }
    howl.eventually([&] { return howl.server().open_connections() <= 1; });
}

TEST(HttpService, OneHundredContinueIsSaidOnceAndOnlyWhereItIsAwaited) {
    LiveServer howl;
    auto client = howl.connect();
    const std::string head =
        "POST /v2/message?username=a HTTP/1.1\r\nHost: a\r\nExpect: "
        "100-continue\r\nContent-Length: 2\r\n\r\n";
    client.send(head);
    EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("h");
    howl.settle();
    client.send("i");
    EXPECT_THAT(client.read_reply(), StartsWith("HTTP/1.1 204 "));
    client.send(head + "hi");
    EXPECT_THAT(client.read_reply(), StartsWith("HTTP/1.1 204 "));
    client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 2\r\n\r\n");
    EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 417 "));
}

TEST(HttpService, AmbiguousFramingGets400AndTheConnectionEnds) {
    LiveServer howl;
    auto client = howl.connect();
    client.send(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto all = client.read_to_end();
    EXPECT_THAT(all, StartsWith("HTTP/1.1 400 Bad Request\r\n"));
    EXPECT_THAT(all, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(all, HasSubstr(R"("code":"ambiguous_framing")"));
    EXPECT_THAT(all, Not(HasSubstr("200 OK")));
}

TEST(HttpService, RepliesBeforeABadRequestAreStillGiven) {
    LiveServer howl;
    auto client = howl.connect();
    client.send(fmt::format("{}nonsense\r\n\r\n", kHealthRequest));
    EXPECT_EQ(client.read_reply(), kHealthReply);
    EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 400 "));
}

TEST(HttpService, AHalfClosedPeerStillGetsItsReply) {
    LiveServer howl;
    auto client = howl.connect();
    client.send(kHealthRequest);
    client.end_sending();
    EXPECT_EQ(client.read_to_end(), kHealthReply);
}

/// A client whose connection can't be taken from it: a stream.
RawClient streaming(LiveServer& howl) {
    auto client = howl.connect();
    client.send("GET /api/topics/a/events HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_THAT(client.read_until("\n\n"), StartsWith("HTTP/1.1 200 "));
    return client;
}

TEST(ConnectionLimit, BeyondItThereIs503UntilOneLeaves) {
    LiveServer howl{[](Config& config) { config.connections_max = 2; }};
    std::optional<RawClient> first{streaming(howl)};
    const auto second = streaming(howl);
    const auto refused = howl.get("/api/stats");
    EXPECT_THAT(refused, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
    EXPECT_THAT(refused, HasSubstr("Retry-After: 1\r\n"));
    EXPECT_THAT(refused, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(refused, HasSubstr(R"("code":"too_many_connections")"));
    first.reset();
    howl.eventually([&] { return status_of(howl.get("/api/stats")) == 200; });
}

TEST(ConnectionLimit, ProbesAreAnsweredBeyondIt) {
    LiveServer howl{[](Config& config) { config.connections_max = 1; }};
    const auto only = streaming(howl);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(status_of(howl.get("/healthz")), 200);
        EXPECT_EQ(status_of(howl.get("/readyz")), 200);
    }
    EXPECT_THAT(howl.get("/metrics"), HasSubstr("howl_connections 2\n"));
}

TEST(ConnectionLimit, SilentConnectionsDoNotKeepProbesOut) {
    LiveServer howl{[](Config& config) { config.connections_max = 1; }};
    const auto only = streaming(howl);
    std::vector<RawClient> silent;
    for (std::size_t i = 0; i < 3 * limits::kProbeConnectionsMax; ++i) {
        silent.push_back(howl.connect());
    }
    EXPECT_EQ(status_of(howl.get("/healthz")), 200);
}

TEST(ConnectionLimit, ConnectionsThatStayAfterTheirReplyDoNotKeepProbesOut) {
    LiveServer howl{[](Config& config) { config.connections_max = 1; }};
    const auto only = streaming(howl);
    std::vector<RawClient> answered;
    for (std::size_t i = 0; i < 3 * limits::kProbeConnectionsMax; ++i) {
        auto client = howl.connect();
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 503 "));
        answered.push_back(std::move(client));
    }
    EXPECT_EQ(status_of(howl.get("/healthz")), 200);
}

TEST(ConnectionLimit, TheOldestThatNeverAskedMakesRoom) {
    LiveServer howl{[](Config& config) { config.connections_max = 3; }};
    auto asked = howl.connect();
    asked.send(kHealthRequest);
    EXPECT_EQ(asked.read_reply(), kHealthReply);
    auto oldest = howl.connect();
    auto half = howl.connect();
    half.send("GET /healthz HTTP/1.1\r\n");
    howl.settle_on(asked);
    auto fourth = howl.connect();
    fourth.send(kHealthRequest);
    EXPECT_EQ(fourth.read_reply(), kHealthReply);
    EXPECT_EQ(oldest.read_to_end(), "");
    auto fifth = howl.connect();  // Half a request is none.
    fifth.send(kHealthRequest);
    EXPECT_EQ(fifth.read_reply(), kHealthReply);
    EXPECT_EQ(half.read_to_end(), "");
    asked.send(kHealthRequest);
    EXPECT_EQ(asked.read_reply(), kHealthReply);
    // Now all have asked; the one that has been idle for the longest goes.
    auto sixth = howl.connect();
    sixth.send(kHealthRequest);
    EXPECT_EQ(sixth.read_reply(), kHealthReply);
    EXPECT_EQ(fourth.read_to_end(), "");
}

TEST(ConnectionLimit, OneAddressHasItsShareOnly) {
    LiveServer howl{[](Config& config) {
        config.connections_max = 4;
        config.address_share_percent = 50;
    }};
    const auto first = streaming(howl);
    const auto second = streaming(howl);
    EXPECT_THAT(howl.get("/api/stats"), HasSubstr(R"("code":"too_many_connections")"));
}

TEST(HttpService, Http10ClosesUnlessItAsksForMore) {
    LiveServer howl;
    auto client = howl.connect();
    client.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_THAT(client.read_reply(), HasSubstr("Connection: keep-alive\r\n"));
    client.send("GET /healthz HTTP/1.0\r\n\r\n");
    EXPECT_THAT(client.read_to_end(), HasSubstr("Connection: close\r\n"));
}

TEST(HttpService, HeadOfAnEventStreamIsItsHeadAndNothingElse) {
    LiveServer howl;
    auto client = howl.connect();
    client.send("HEAD /api/topics/a/events HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto head = client.read_to_end();
    EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(head, HasSubstr("Content-Type: text/event-stream\r\n"));
    EXPECT_THAT(head, Not(HasSubstr("Content-Length")));
    EXPECT_EQ(body_of(head), "");
}

TEST(HttpService, HeadOfASocketIs405AndAPlainGetIs426) {
    LiveServer howl;
    auto client = howl.connect();
    client.send("HEAD /compat/echo HTTP/1.1\r\n" + std::string{kUpgradeHeaders});
    const auto head = client.read_until("\r\n\r\n");
    EXPECT_EQ(status_of(head), 405);
    EXPECT_THAT(head, HasSubstr("Allow: GET\r\n"));
    const auto plain = howl.get("/compat/echo");
    EXPECT_EQ(status_of(plain), 426);
    EXPECT_THAT(plain, HasSubstr("Upgrade: websocket\r\n"));
    EXPECT_THAT(plain, HasSubstr("Sec-WebSocket-Version: 13\r\n"));
    EXPECT_THAT(plain, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
}

TEST(HttpService, MetricsAndReadinessAreServed) {
    LiveServer howl;
    EXPECT_THAT(howl.get("/metrics"), HasSubstr("howl_connections "));
    EXPECT_EQ(body_of(howl.get("/readyz")), R"({"status":"ready"})");
    EXPECT_THAT(howl.get("/"), HasSubstr("Content-Security-Policy: "));
    EXPECT_EQ(status_of(howl.get("/nowhere")), 404);
}

}  // namespace
}  // namespace howl::server
