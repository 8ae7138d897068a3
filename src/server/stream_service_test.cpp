// SPDX-License-Identifier: Apache-2.0
// SSE sessions of a whole server, how they live, and every way in which they end; slow readers, and
// the end of the server, which concern WebSockets too.
#include "server/live_server_for_test.hpp"
#include "telemetry/metrics.hpp"

namespace howl::server {
namespace {

using namespace std::chrono_literals;
using codec::websocket::Opcode;
using telemetry::Counter;
using telemetry::Gauge;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

/// A reader of a topic that has joined: its `id:` line has come.
RawClient follow(LiveServer& howl, const std::string& target,
                 RawClient::Hurry hurry = RawClient::Hurry::kNormal) {
    RawClient client{howl.port(), hurry};
    client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("Content-Type: text/event-stream\r\n"));
    return client;
}
RawClient follow_joined(LiveServer& howl, const std::string& topic,
                        RawClient::Hurry hurry = RawClient::Hurry::kNormal) {
    auto client = follow(howl, "/api/topics/" + topic + "/events", hurry);
    EXPECT_THAT(client.read_until("\n\n"), StartsWith("id: "));
    return client;
}

TEST(SseSession, TheHeadComesAtOnceAndIsThis) {
    LiveServer howl;
    auto client = howl.connect();
    client.send("GET /api/topics/a/events HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(client.read_until("\r\n\r\n"),
              "HTTP/1.1 200 OK\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\nVary: Origin\r\n"
              "X-Content-Type-Options: nosniff\r\nContent-Type: text/event-stream\r\n"
              "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\nConnection: close\r\n"
              "Transfer-Encoding: chunked\r\n\r\n");
}

TEST(SseSession, EveryEventIsAChunkOfItsOwnAndTheLastOneEndsTheBody) {
    LiveServer howl;
    auto client = howl.connect();
    client.show(RawClient::Chunks::kShown);
    client.send("GET /api/topics/a/events HTTP/1.1\r\nHost: a\r\n\r\n");
    static_cast<void>(client.read_until("\r\n\r\n"));
    EXPECT_THAT(client.read_until("\n\n\r\n"), MatchesRegex("[0-9a-f]+\r\nid: [^\n]+\n\n\r\n"));
    for (const std::string data : {"one", "two"}) {
        howl.post("/api/topics/a/events", data);
        const auto chunk = client.read_until("\n\n\r\n");
        const auto size = std::stoul(chunk, nullptr, 16);
        const auto event = chunk.substr(chunk.find("\r\n") + 2);
        EXPECT_THAT(event, EndsWith("\ndata: " + data + "\n\n\r\n"));
        EXPECT_EQ(event.size(), size + 2);
    }
    howl.advance(15s);
    EXPECT_EQ(client.read_until("\n\n\r\n"), "6\r\n: hb\n\n\r\n");
    howl.server().begin_drain();
    EXPECT_THAT(client.read_to_end(), EndsWith("come back shortly.\n\n\r\n0\r\n\r\n"));
}

TEST(SseSession, InHttp10TheBodyHasNoFramingAndEndsWithTheConnection) {
    LiveServer howl;
    auto modern = follow_joined(howl, "a");
    auto old = howl.connect();
    old.send("GET /api/topics/a/events HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
    const auto head = old.read_until("\r\n\r\n");
    EXPECT_THAT(head, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(head, Not(HasSubstr("Transfer-Encoding")));
    EXPECT_THAT(old.read_until("\n\n"), StartsWith("id: "));
    howl.post("/api/topics/a/events", "x");
    const auto event = old.read_until("\n\n");
    EXPECT_THAT(event, MatchesRegex("id: [^\n]+\ndata: x\n\n"));
    EXPECT_EQ(modern.read_until("\n\n"), event);
    howl.server().begin_drain();
    EXPECT_THAT(old.read_to_end(), EndsWith("come back shortly.\n\n"));
}

TEST(SseSession, WhatAHandlerSendsItselfIsChunkedToo) {
    LiveServer howl;
    auto client = howl.connect();
    client.show(RawClient::Chunks::kShown);
    client.send("GET /v1/sse?username=U HTTP/1.1\r\nHost: a\r\n\r\n");
    static_cast<void>(client.read_until("\r\n\r\n"));
    EXPECT_EQ(client.read_until("\n\n\r\n"), "b\r\ndata: hi!\n\n\r\n");
}

TEST(SseSession, AHeartbeatFollowsSilenceAndEveryWritePutsItOff) {
    LiveServer howl;
    auto client = follow_joined(howl, "a");
    howl.advance(14s);
    howl.post("/api/topics/a/events", "x");
    EXPECT_THAT(client.read_until("\n\n"), EndsWith("\ndata: x\n\n"));
    howl.advance(14s);
    howl.settle();
    EXPECT_EQ(client.poll(), "");
    howl.advance(1s);
    EXPECT_EQ(client.read_until("\n\n"), ": hb\n\n");
    howl.advance(15s);
    EXPECT_EQ(client.read_until("\n\n"), ": hb\n\n");
}

TEST(SseSession, ALittleFromThePeerIsIgnoredAndMuchEndsTheSession) {
    LiveServer howl;
    auto client = follow_joined(howl, "a");
    client.send(std::string(10'000, 'x'));
    howl.settle();
    howl.post("/api/topics/a/events", "still here");
    EXPECT_THAT(client.read_until("\n\n"), EndsWith("\ndata: still here\n\n"));
    client.send(std::string(10'000, 'x'));
    EXPECT_EQ(client.read_to_end(), ": protocol_error: The peer broke the protocol.\n\n");
    EXPECT_TRUE(client.body_complete());
}

TEST(SseSession, AFloodInTheSameSegmentAsTheRequestEndsItBeforeItReads) {
    LiveServer howl;
    auto client = howl.connect();
    client.send("GET /api/topics/a/events HTTP/1.1\r\nHost: a\r\n\r\n" + std::string(60'000, 'x'));
    EXPECT_THAT(client.read_to_end(),
                EndsWith("\r\n\r\n: protocol_error: The peer broke the protocol.\n\n"));
    howl.eventually([&] { return telemetry::value(Gauge::kReaders) == 0; });
}

TEST(SseSession, EveryReaderOfAFanOutGetsEveryEventInOrder) {
    LiveServer howl;
    std::vector<RawClient> readers;
    for (int i = 0; i < 20; ++i) {
        readers.push_back(follow_joined(howl, "a"));
    }
    for (int i = 0; i < 10; ++i) {
        howl.post("/api/topics/a/events", "event " + std::to_string(i));
    }
    for (auto& reader : readers) {
        for (int i = 0; i < 10; ++i) {
            EXPECT_THAT(reader.read_until("\n\n"),
                        EndsWith("data: event " + std::to_string(i) + "\n\n"));
        }
    }
}

TEST(SseSession, AReplayOfManySmallEventsIsNoReasonToBeSlow) {
    LiveServer howl;
    auto publisher = howl.connect();
    std::string cursor;
    {
        auto marker = follow(howl, "/api/events?topic=a&topic=b&topic=c");
        cursor = marker.read_until("\n\n").substr(4);
        cursor.resize(cursor.size() - 2);
    }
    constexpr int kEach = 900;
    for (const std::string topic : {"a", "b", "c"}) {
        std::string requests;
        for (int i = 0; i < kEach; ++i) {
            requests += LiveServer::post_text("/api/topics/" + topic + "/events", "e");
        }
        publisher.send(requests);
        for (int i = 0; i < kEach; ++i) {
            ASSERT_EQ(status_of(publisher.read_reply()), 201);
        }
    }
    const auto slow = telemetry::value(Counter::kSlowReaders);
    auto reader = follow(howl, "/api/events?topic=a&topic=b&topic=c&lastEventId=" + cursor);
    for (int i = 0; i < 3 * kEach; ++i) {
        ASSERT_THAT(reader.read_until("\n\n"), EndsWith("\ndata: e\n\n")) << i;
    }
    EXPECT_EQ(telemetry::value(Counter::kSlowReaders), slow);
}

TEST(SlowReader, IsClosedWithItsReasonWhileAnotherReaderGoesOn) {
    LiveServer howl{[](Config& config) {
        config.transport.session.queue_bytes_max = 128 * 1024;
        config.transport.socket_send_bytes = 16 * 1024;
    }};
    const auto before = telemetry::value(Counter::kSlowReaders);
    WebSocketClient slow{howl.port(), "/api/topics/a/ws", {}, RawClient::Hurry::kTinyReceiveBuffer};
    auto slow_sse = follow_joined(howl, "a", RawClient::Hurry::kTinyReceiveBuffer);
    auto quick = follow_joined(howl, "a");
    const std::string data(40'000, 'd');
    int published = 0;
    while (telemetry::value(Counter::kSlowReaders) < before + 2) {
        ASSERT_EQ(status_of(howl.post("/api/topics/a/events", data)), 201);
        ASSERT_THAT(quick.read_until("\n\n"), EndsWith(data + "\n\n"));
        ASSERT_LT(++published, 1000);
    }
    std::string frame = slow.read_frame();
    int whole = 0;
    while (frame.starts_with("81:{")) {
        ++whole;
        frame = slow.read_frame();
    }
    EXPECT_EQ(frame, "88:1013 slow");
    EXPECT_GE(whole, 1);
    EXPECT_EQ(slow.read_to_end(), "");
    EXPECT_THAT(
        slow_sse.read_to_end(),
        EndsWith("\n\n: slow: The reader was too slow; it may resume where it stopped.\n\n"));
    howl.post("/api/topics/a/events", "after");
    EXPECT_THAT(quick.read_until("\n\n"), EndsWith("data: after\n\n"));
    howl.eventually([] { return telemetry::value(Gauge::kQueuedBytes) == 0; });
}

TEST(SlowReader, OneThatTakesNothingForTheStallTimeIsCut) {
    LiveServer howl{[](Config& config) {
        config.transport.socket_send_bytes = 16 * 1024;
        config.transport.session.stall_time = 10s;
    }};
    const auto before = telemetry::value(Counter::kSlowReaders);
    auto stalled = follow_joined(howl, "a", RawClient::Hurry::kTinyReceiveBuffer);
    const std::string data(60'000, 'd');
    for (int i = 0; i < 5; ++i) {
        howl.post("/api/topics/a/events", data);
    }
    howl.eventually([] { return telemetry::value(Gauge::kQueuedBytes) > 0; });
    howl.advance(9s);
    howl.settle();
    EXPECT_EQ(telemetry::value(Counter::kSlowReaders), before);
    // The kernel takes a few bytes on its own account now and then, and the time begins anew.
    howl.eventually([&] {
        howl.advance(1s);
        return telemetry::value(Counter::kSlowReaders) == before + 1;
    });
    howl.eventually([&] {
        howl.advance(5s);  // The time to say farewell.
        return howl.server().open_connections() == 0;
    });
    EXPECT_EQ(telemetry::value(Gauge::kQueuedBytes), 0);
}

TEST(SlowReader, GainsSomethingEveryTimeItResumes) {
    // Each event alone fits the queue, the replay as a whole never does.
    LiveServer howl{[](Config& config) {
        config.transport.session.queue_bytes_max = 100 * 1024;
        config.transport.socket_send_bytes = 16 * 1024;
    }};
    std::string last;
    {
        auto marker = follow(howl, "/api/topics/a/events");
        last = marker.read_until("\n\n").substr(4);
    }
    constexpr int kEvents = 12;
    for (int i = 0; i < kEvents; ++i) {
        howl.post("/api/topics/a/events", std::string(50'000, 'd') + std::to_string(i));
    }
    int seen = 0;
    for (int visits = 0; seen < kEvents; ++visits) {
        ASSERT_LE(visits, kEvents);
        last.resize(last.find('\n'));
        auto reader = follow(howl, "/api/topics/a/events?lastEventId=" + last);
        for (auto event = reader.read_until("\n\n"); !event.starts_with(":");
             event = reader.read_until("\n\n")) {
            ASSERT_THAT(event.substr(event.size() - 20),
                        EndsWith("d" + std::to_string(seen) + "\n\n"));
            last = event.substr(4);
            if (++seen == kEvents) {
                break;
            }
        }
    }
}

TEST(Drain, TellsEveryKindOfClientInItsOwnWay) {
    LiveServer howl{[](Config& config) { config.transport.session.drain_spread = 0s; }};
    auto idle = howl.connect();
    idle.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    static_cast<void>(idle.read_reply());
    auto sse = follow_joined(howl, "a");
    auto socket = howl.open_socket("/api/topics/a/ws");
    auto halfway = howl.connect();
    halfway.send("GET /healthz HTTP/1.1\r\nHost:");
    howl.settle();
    howl.server().begin_drain();
    EXPECT_EQ(idle.read_to_end(), "");
    EXPECT_THAT(
        sse.read_to_end(),
        MatchesRegex(
            "retry: [0-9]+\n\n: draining: The server is going down; come back shortly.\n\n"));
    EXPECT_EQ(socket.read_frame(), "88:1012 The server is going down; come back shortly.");
    socket.send(masked(Opcode::kClose, "\x03\xF4"));
    EXPECT_EQ(socket.read_to_end(), "");
    halfway.send(" a\r\n\r\n");
    const auto reply = halfway.read_to_end();
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(reply, HasSubstr("Connection: close\r\n"));
    howl.server().begin_drain();
    howl.server().stop();
    howl.server().stop();
    EXPECT_EQ(howl.server().open_connections(), 0U);
}

TEST(Drain, SocketsLeaveOneByOneSinceTheyCannotBeToldWhenToComeBack) {
    LiveServer howl{[](Config& config) { config.transport.session.drain_spread = 4s; }};
    constexpr int kSockets = 40;
    std::vector<WebSocketClient> sockets;
    for (int i = 0; i < kSockets; ++i) {
        sockets.push_back(howl.open_socket("/api/topics/a/ws"));
    }
    howl.settle();
    howl.server().begin_drain();
    const auto closed = [&] {
        return std::ranges::count_if(sockets, [](auto& socket) { return socket.has_received(); });
    };
    const auto some_closed = [&] {
        while (closed() == 0) {
        }
    };
    howl.let_pass(2s);
    some_closed();
    howl.let_pass(0s);
    EXPECT_LT(closed(), kSockets);  // All of them in one half: once in 2^40.
    howl.let_pass(2s);
    for (auto& socket : sockets) {
        EXPECT_EQ(socket.read_frame(), "88:1012 The server is going down; come back shortly.");
    }
}

TEST(Drain, HalfARequestIsToldSoonThatItIsTooLate) {
    LiveServer howl;
    auto client = howl.connect();
    client.send("POST /api/topics/a/events HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
    howl.settle();
    howl.server().begin_drain();
    EXPECT_EQ(client.poll(), "");
    howl.let_pass(limits::kDrainRequestTime);
    const auto reply = client.read_to_end();
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 503 "));
    EXPECT_THAT(reply, HasSubstr(R"("code":"draining")"));
}

TEST(Drain, AReaderThatTakesNothingIsCutWithinTheDefaultTime) {
    LiveServer howl{[](Config& config) { config.transport.socket_send_bytes = 16 * 1024; }};
    auto stuck = follow_joined(howl, "a", RawClient::Hurry::kTinyReceiveBuffer);
    for (int i = 0; i < 8; ++i) {
        howl.post("/api/topics/a/events", std::string(60'000, 'd'));
    }
    howl.eventually([] { return telemetry::value(Gauge::kQueuedBytes) > 0; });
    howl.server().begin_drain();
    EXPECT_EQ(howl.server().open_connections(), 1U);
    while (howl.server().open_connections() > 0) {
        howl.let_pass(50ms);
    }
}

TEST(Drain, AStreamThatIsAskedForTooLateGets503) {
    LiveServer howl;
    auto client = howl.connect();
    client.send("GET /api/topics/a/events HTTP/1.1\r\nHost: ");
    howl.settle();
    howl.server().begin_drain();
    client.send("127.0.0.1\r\nOrigin: http://127.0.0.1\r\n\r\n");
    const auto reply = client.read_to_end();
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 503 "));
    EXPECT_THAT(reply, HasSubstr(R"("code":"draining")"));
    EXPECT_THAT(reply, HasSubstr("Access-Control-Allow-Origin: http://127.0.0.1\r\n"));
}

TEST(Server, AHundredStartsAndStopsWithLiveClients) {
    const auto failed = telemetry::value(Counter::kTasksFailed);
    for (int i = 0; i < 100; ++i) {
        LiveServer howl{[](Config& config) { config.shards = 2; }};
        auto idle = howl.connect();
        auto halfway = howl.connect();
        halfway.send(
            "POST /api/topics/a/events HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
        auto sse = follow_joined(howl, "a");
        auto socket = howl.open_socket("/api/topics/a/ws");
        auto wisdom = howl.open_socket("/wisdom/connect");
        auto publisher = howl.connect();
        publisher.send(LiveServer::post_text("/api/topics/a/events", "in flight"));
        howl.server().stop();
    }
    EXPECT_EQ(telemetry::value(Counter::kTasksFailed), failed);
    EXPECT_EQ(telemetry::value(Gauge::kConnections), 0);
    EXPECT_EQ(telemetry::value(Gauge::kReaders), 0);
    EXPECT_EQ(telemetry::value(Gauge::kSubscriptions), 0);
    EXPECT_EQ(telemetry::value(Gauge::kQueuedBytes), 0);
}

TEST(Server, APortInUseIsAnErrorAndNothingIsLeftBehind) {
    LiveServer howl;
    const auto listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    ASSERT_EQ(::listen(listener, 1), 0);
    socklen_t size = sizeof at;
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size);
    Config config;
    config.data_dir = ":memory:";
    config.listeners = {default_listener("127.0.0.1:0"),
                        default_listener("127.0.0.1:" + std::to_string(ntohs(at.sin_port)))};
    const ManualClock clock;
    const auto started = Server::start(config, clock);
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Errc::kSystem);
    EXPECT_THAT(started.error().detail, HasSubstr("Address already in use"));
    ::close(listener);
}

}  // namespace
}  // namespace howl::server
