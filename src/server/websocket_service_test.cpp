// SPDX-License-Identifier: Apache-2.0
// WebSocket sessions of a whole server: how they live, and every way in which they end.
#include "server/live_server_for_test.hpp"
#include "telemetry/metrics.hpp"

namespace howl::server {
namespace {

using namespace std::chrono_literals;
using codec::websocket::Fin;
using codec::websocket::Opcode;
using telemetry::Counter;
using telemetry::Gauge;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(WebSocketSession, FramesInTheSameSegmentAsTheHandshakeAreRead) {
    LiveServer howl;
    auto client = howl.open_socket("/compat/echo", masked_text("early") + masked_text("bird"));
    EXPECT_EQ(client.read_frame(), "81:early");
    EXPECT_EQ(client.read_frame(), "81:bird");
    client.say("late");
    EXPECT_EQ(client.read_frame(), "81:late");
}

TEST(WebSocketSession, AConversationCutAnywhereIsTheSame) {
    LiveServer howl;
    auto client = howl.open_socket("/compat/echo");
    const auto bytes = masked(Opcode::kText, "he", Fin::kNo) + masked(Opcode::kPing, "p") +
                       masked(Opcode::kContinuation, "llo") + masked(Opcode::kBinary, "\x01");
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        client.send(bytes.substr(0, cut));
        static_cast<void>(howl.get("/healthz"));
        client.send(bytes.substr(cut));
        ASSERT_EQ(client.read_frame(), "8a:p") << cut;
        ASSERT_EQ(client.read_frame(), "81:hello") << cut;
        ASSERT_EQ(client.read_frame(), "82:\x01") << cut;
    }
}

TEST(WebSocketSession, APeerThatResetsAfterAnyByteHarmsNobody) {
    LiveServer howl;
    const auto bytes = "GET /api/topics/a/ws HTTP/1.1\r\n" + std::string{kUpgradeHeaders} +
                       masked(Opcode::kPing, "p") + masked(Opcode::kClose, "\x03\xE8");
    for (std::size_t sent = 0; sent <= bytes.size(); ++sent) {
        auto client = howl.connect();
        client.send(bytes.substr(0, sent));
        client.reset();
    }
    howl.eventually([&] {
        return howl.server().open_connections() == 0 &&
               telemetry::value(Gauge::kWebSocketSessions) == 0 &&
               telemetry::value(Gauge::kReaders) == 0;
    });
    auto client = howl.open_socket("/api/topics/a/ws");
    howl.settle();
    howl.post("/api/topics/a/events", "well");
    EXPECT_THAT(client.read_frame(), HasSubstr(R"("data":"well")"));
}

TEST(WebSocketSession, TheCloseOfThePeerIsAnsweredWithItsOwnCode) {
    LiveServer howl;
    auto client = howl.open_socket("/compat/echo");
    client.send(masked(Opcode::kClose,
                       "\x0F\xA1"
                       "bye"));
    EXPECT_EQ(client.read_frame(), "88:4001");
    EXPECT_EQ(client.read_to_end(), "");
    auto silent = howl.open_socket("/compat/echo");
    silent.send(masked(Opcode::kClose, ""));
    EXPECT_EQ(silent.read_frame(), "88:");
}

TEST(WebSocketSession, WhatAReaderSaysIsRefused) {
    LiveServer howl;
    auto client = howl.open_socket("/api/topics/a/ws");
    client.say("hello?");
    EXPECT_EQ(client.read_frame(), "88:1003 This kind of message is not accepted here.");
    EXPECT_EQ(client.read_to_end(), "");
}

TEST(WebSocketSession, ABrokenFrameEndsItsOwnSessionOnly) {
    LiveServer howl;
    auto good = howl.open_socket("/compat/echo");
    auto bad = howl.open_socket("/compat/echo");
    bad.send("\x81\x02hi");  // Not masked.
    EXPECT_EQ(bad.read_frame(), "88:1002 The peer broke the protocol.");
    good.say("fine");
    EXPECT_EQ(good.read_frame(), "81:fine");
}

TEST(WebSocketSession, PingsASilentPeerAndGivesItUpWithoutAPong) {
    LiveServer howl{[](Config& config) {
        config.transport.ws_ping_interval = 2s;
        config.transport.ws_pong_time = 1s;
    }};
    const auto before = telemetry::value(Counter::kDeadPeers);
    auto client = howl.open_socket("/compat/echo");
    howl.advance(2s);
    EXPECT_EQ(client.read_frame(), "89:");
    client.send(masked(Opcode::kPong, ""));
    howl.advance(2s);
    EXPECT_EQ(client.read_frame(), "89:");
    EXPECT_EQ(telemetry::value(Counter::kDeadPeers), before);
    howl.advance(1s);
    EXPECT_EQ(client.read_frame(), "88:1001 The peer did not answer in time.");
    EXPECT_EQ(telemetry::value(Counter::kDeadPeers), before + 1);
    howl.advance(5s);
    EXPECT_EQ(client.read_to_end(), "");
}

TEST(WebSocketSession, AMessageThatDoesNotEndIsClosedWith1008) {
    LiveServer howl{[](Config& config) { config.transport.ws_message_time = 3s; }};
    auto client = howl.open_socket("/compat/echo");
    client.send(masked(Opcode::kText, "a", Fin::kNo));
    howl.advance(2s);
    client.send(masked(Opcode::kContinuation, "b", Fin::kNo));
    howl.settle();
    EXPECT_EQ(client.poll(), "");
    howl.advance(1s);
    EXPECT_EQ(client.read_frame(), "88:1008 The message did not arrive in time.");
}

TEST(WebSocketSession, EachMessageHasATimeOfItsOwn) {
    LiveServer howl{[](Config& config) { config.transport.ws_message_time = 3s; }};
    auto client = howl.open_socket("/compat/echo");
    client.send(masked(Opcode::kText, "a", Fin::kNo));
    howl.advance(2s);
    client.send(masked(Opcode::kContinuation, "b") + masked(Opcode::kText, "c", Fin::kNo));
    EXPECT_EQ(client.read_frame(), "81:ab");
    howl.advance(2s);
    client.send(masked(Opcode::kContinuation, "d"));
    EXPECT_EQ(client.read_frame(), "81:cd");
}

TEST(WebSocketSession, AFloodOfPingsIsNotQueuedWithoutEnd) {
    LiveServer howl;
    auto client = howl.open_socket("/compat/echo");
    std::string pings;
    for (int i = 0; i < 10'000; ++i) {
        pings += masked(Opcode::kPing, "");
    }
    client.send(pings + masked_text("done"));
    std::string frame;
    int pongs = 0;
    while ((frame = client.read_frame()) == "8a:") {
        ++pongs;
    }
    EXPECT_EQ(frame, "81:done");
    EXPECT_GE(pongs, 10);
}

TEST(WebSocketSession, ABurstWithinOneTurnIsNoReasonToBeSlow) {
    LiveServer howl{[](Config& config) { config.transport.session.queue_frames_max = 16; }};
    auto client = howl.open_socket("/compat/echo");
    std::string burst;
    constexpr int kMessages = 5000;
    for (int i = 0; i < kMessages; ++i) {
        burst += masked_text(std::to_string(i));
    }
    client.send(burst);
    for (int i = 0; i < kMessages; ++i) {
        ASSERT_EQ(client.read_frame(), "81:" + std::to_string(i));
    }
}

TEST(WebSocketSession, DeflateIsAgreedOnWhereItIsOnAndOnlyThere) {
    const std::string offer =
        "GET /compat/echo HTTP/1.1\r\nSec-WebSocket-Extensions: permessage-deflate\r\n" +
        std::string{kUpgradeHeaders};
    LiveServer plain;
    auto client = plain.connect();
    client.send(offer);
    EXPECT_THAT(client.read_until("\r\n\r\n"), Not(HasSubstr("Extensions")));
    LiveServer deflating{[](Config& config) {
        config.transport.deflate = transport::TransportSettings::Deflate::kOn;
    }};
    auto other = deflating.connect();
    other.send(offer);
    EXPECT_THAT(other.read_until("\r\n\r\n"),
                HasSubstr("Sec-WebSocket-Extensions: permessage-deflate"));
}

}  // namespace
}  // namespace howl::server
