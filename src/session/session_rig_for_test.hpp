// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "hub/hub.hpp"
#include "hub/sequencer.hpp"
#include "runtime/shard.hpp"
#include "session/session.hpp"
#include "session/session_flusher.hpp"
#include "session/session_group.hpp"
#include "storage/memory/memory_event_log.hpp"

namespace howl::session {

/// What a connection has got, and how much more it takes: its client reads when the test says so.
struct FakeConnection {
    std::string received;
    std::size_t room = SIZE_MAX;
    bool gone = false;
    bool ended = false;
    bool closed = false;
    int waits = 0;
    std::size_t unacknowledged = 0;
};

/// Frames a message as `[payload]`, the end as `<reason text code>`.
class FakeChannel final : public Channel {
public:
    WriteResult write(std::span<const std::string_view> parts) override {
        using State = WriteResult::State;
        if (connection.gone) {
            return {State::kGone, 0};
        }
        std::size_t taken = 0;
        for (const auto part : parts) {
            const auto some = part.substr(0, connection.room);
            connection.received += some;
            connection.room -= some.size();
            taken += some.size();
        }
        return {taken == 0 ? State::kFull : State::kTaken, taken};
    }
    void wait_writable() override { ++connection.waits; }
    [[nodiscard]] std::size_t unacknowledged_bytes() const override {
        return connection.unacknowledged;
    }
    void end_output() override { connection.ended = true; }
    void close() override { connection.closed = true; }
    hub::FrameRef message_frame(MessageKind kind, std::string_view payload) override {
        const auto* mark = kind == MessageKind::kBinary ? "b" : "";
        return hub::make_frame(mark + ("[" + std::string{payload} + "]"));
    }
    hub::FrameRef close_frame(const Closing& closing) override {
        return hub::make_frame("<" + std::string{entry_of(closing.reason).name} + " " +
                               std::to_string(closing.close_code) + ">");
    }
    hub::FrameRef retry_hint(std::chrono::milliseconds wait) override {
        return has_retry_hint ? hub::make_frame("retry " + std::to_string(wait.count()) + ";")
                              : hub::FrameRef{};
    }
    const hub::EventEncoder& framed(const hub::EventEncoder& plain) override { return plain; }
    SteadyTime on_tick(SteadyTime now) override {
        ++ticks;
        return now + std::chrono::hours{1};
    }
    void on_caught_up() override { ++caught_up; }

    /// The client takes `bytes` more.
    void make_room(std::size_t bytes) {
        connection.room = bytes;
        session().on_writable();
    }
    void lose_connection() {
        connection.gone = true;
        session().on_peer_gone(*this);
    }

    FakeConnection connection;
    bool has_retry_hint = false;
    int ticks = 0;
    int caught_up = 0;
};

/// Payloads `topic offset;`.
class PlainEncoder final : public hub::EventEncoder {
public:
    [[nodiscard]] std::string encode(const hub::Event& event,
                                     const hub::Cursor& /*cursor*/) const override {
        return event.topic.text() + " " + std::to_string(event.offset.value()) + ";";
    }
    [[nodiscard]] std::string encode_joined(const hub::Cursor& /*cursor*/) const override {
        return "joined;";
    }
};

/// Lets nobody read the topic `secret`.
class SecretPolicy final : public access::AccessPolicy {
public:
    [[nodiscard]] Result<void> check_topic(const access::Principal& /*who*/,
                                           access::TopicAction action,
                                           std::string_view topic) const override {
        if (action == access::TopicAction::kRead && topic == "secret") {
            return fail(Errc::kOriginRefused, "test");
        }
        return {};
    }
    [[nodiscard]] Result<void> check_pattern(const access::Principal& /*who*/,
                                             std::string_view pattern) const override {
        if (pattern == "secret/*") {
            return fail(Errc::kOriginRefused, "test");
        }
        return {};
    }
    [[nodiscard]] Result<void> check_record(const access::Principal& /*who*/,
                                            std::string_view /*kind*/,
                                            std::string_view /*id*/) const override {
        return {};
    }
};

/// A shard with a hub on logs in memory; nothing happens but in `settle` and `advance`.
class SessionRig : public ::testing::Test {
protected:
    SessionRig() { EXPECT_TRUE(sequencer_.start().has_value()); }
    ~SessionRig() override {
        flusher_.abort_all();
        settle();
        sequencer_.stop();
        settle();
    }

    void settle() {
        while (shard_.poll_for_test() > 0) {
        }
        static_cast<void>(flusher_.end_of_turn());
    }
    void advance(std::chrono::milliseconds by) {
        clock_.advance(by);
        settle();
    }
    /// Over `channel`; once in a test.
    Session::Ref open(std::unique_ptr<Handler> handler = {}) {
        auto session = Session::open(group_, access::kAnyone, channel, std::move(handler),
                                     hub::make_frame("head;"));
        settle();
        return session;
    }
    void publish(std::string_view topic) {
        hub::NewEvent event{.topic = *hub::TopicName::parse(topic), .data = "x"};
        std::vector<hub::NewEvent> events;
        events.push_back(std::move(event));
        sequencer_.publish(ShardId{0}, std::move(events), [](const auto&) {});
        settle();
    }
    Subscription to(std::vector<std::string_view> topics, hub::StartPoint start = hub::FromNow{}) {
        Subscription wanted{.topics = {}, .start = std::move(start), .encoder = &encoder_};
        for (const auto topic : topics) {
            wanted.topics.push_back(*hub::TopicName::parse(topic));
        }
        return wanted;
    }
    [[nodiscard]] hub::Cursor head() { return sequencer_.head(); }
    [[nodiscard]] std::string take() { return std::exchange(connection.received, {}); }

    std::string journal;  ///< What a handler of a test was called with; it outlives the session.
    const boost::intrusive_ptr<FakeChannel> channel{new FakeChannel};
    FakeConnection& connection = channel->connection;
    Settings settings_{.queue_bytes_max = 1000,
                       .queue_frames_max = 10,
                       .stall_time = std::chrono::seconds{8},
                       .drain_spread = std::chrono::seconds{5}};

private:
    ManualClock clock_;
    SeededRandom random_{1};
    PlainEncoder encoder_;
    SecretPolicy policy_;
    hub::TopicPolicies policies_{{}};
    storage::memory::MemoryEventLog durable_{clock_, Epoch{"d1"}, {.lane = hub::Lane::kDurable}};
    storage::memory::MemoryEventLog volatile_{clock_, Epoch{"v1"}};
    runtime::Shard shard_{ShardId{0}, clock_};
    hub::Sequencer sequencer_{durable_, volatile_, policies_, clock_, std::size_t{1} << 20U};
    hub::Hub hub_{shard_, sequencer_, policy_};

protected:
    SessionGroup group_{hub_, settings_, random_};
    SessionFlusher flusher_{group_};
};

}  // namespace howl::session
