// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "hub/hub.hpp"
#include "hub/reader.hpp"
#include "hub/scripted_event_log_for_test.hpp"

namespace howl::hub {

/// Writes frames of words, and counts how often it was asked to.
class WordEncoder final : public EventEncoder {
public:
    std::string encode(const Event& event, const Cursor& cursor) const override {
        ++encoded;
        return "event " + event.topic.text() + " " + std::to_string(event.offset.value()) + " " +
               cursor.text();
    }
    std::string encode_joined(const Cursor& cursor) const override {
        return "joined - 0 " + cursor.text();
    }
    std::string encode_reset(const TopicName& name, const Cursor& cursor) const override {
        return "reset " + name.text() + " 0 " + cursor.text();
    }
    std::string encode_pattern_reset(const TopicPattern& pattern,
                                     const Cursor& cursor) const override {
        return "reset " + pattern.text() + " 0 " + cursor.text();
    }

    mutable std::size_t encoded = 0;
};

/// A session that keeps what it gets; its queue drains when the test says so.
class RecordingSink final : public SessionSink {
public:
    struct Frame {
        std::string kind;
        std::string topic;
        std::uint64_t offset = 0;
        Cursor cursor;
        [[nodiscard]] std::string words() const {
            return kind == "event"   ? topic + " " + std::to_string(offset)
                   : kind == "reset" ? kind + " " + topic
                                     : kind;
        }
    };

    void deliver(const FrameRef& frame) override {
        std::istringstream words{std::string{frame->bytes()}};
        Frame got;
        std::string cursor;
        words >> got.kind >> got.topic >> got.offset >> cursor;
        got.cursor = Cursor::parse(cursor).value();
        frames.push_back(std::move(got));
        queued_bytes_ += stalled_ ? frame->bytes().size() : 0;
        if (on_deliver) {
            on_deliver();
        }
    }
    void close(Errc reason) override { closed = reason; }
    void wake_when_drained() override { asked_to_wake = true; }
    void on_caught_up() override { caught_up_after.push_back(frames.size()); }
    std::size_t queued_bytes() const override { return queued_bytes_; }

    void stall() { stalled_ = true; }
    void drain() { queued_bytes_ = 0; }
    void set_queued_bytes(std::size_t bytes) { queued_bytes_ = bytes; }

    std::vector<std::string> take_words() {
        std::vector<std::string> out;
        for (const auto& frame : std::exchange(frames, {})) {
            out.push_back(frame.words());
        }
        return out;
    }
    /// The offsets that came for one topic.
    [[nodiscard]] std::vector<std::uint64_t> offsets(std::string_view topic_text) const {
        std::vector<std::uint64_t> out;
        for (const auto& frame : frames) {
            if (frame.kind == "event" && frame.topic == topic_text) {
                out.push_back(frame.offset);
            }
        }
        return out;
    }

    std::vector<Frame> frames;
    std::optional<Errc> closed;
    bool asked_to_wake = false;
    std::vector<std::size_t> caught_up_after;  ///< Frames that had come by then.
    std::function<void()> on_deliver;

private:
    bool stalled_ = false;
    std::size_t queued_bytes_ = 0;
};

/// One shard, driven turn by turn on the test's thread, with both lanes on scripted logs.
///
/// Topics: `tick/*` volatile, `two/*` durable with two events kept, all others durable.
class ReaderRig {
public:
    explicit ReaderRig(std::size_t window_bytes_max = 1'000'000)
        : sequencer{durable, volatile_log, policies, clock, window_bytes_max},
          hub{shard, sequencer, access::allow_everything()} {
        durable.now = clock.wall_now();
        volatile_log.now = clock.wall_now();
    }

    void start() { HOWL_ASSERT(sequencer.start().has_value()); }
    void publish(std::string_view name) {
        sequencer.publish(shard.id(), {new_event(name)}, [](Result<Receipts>) {});
    }
    void turn() {
        shard.io().restart();
        shard.io().poll();
    }
    [[nodiscard]] std::unique_ptr<Reader> follow(SessionSink& sink,
                                                 const std::vector<std::string>& names,
                                                 const StartPoint& start = FromNow{}) {
        return follow_patterns(sink, {}, start, names);
    }
    [[nodiscard]] std::unique_ptr<Reader> follow_patterns(
        SessionSink& sink, const std::vector<std::string>& patterns,
        const StartPoint& start = FromNow{}, const std::vector<std::string>& names = {}) {
        std::vector<TopicName> topics;
        for (const auto& name : names) {
            topics.push_back(topic(name));
        }
        std::vector<TopicPattern> parsed;
        for (const auto& pattern : patterns) {
            parsed.push_back(TopicPattern::parse(pattern).value());
        }
        return std::make_unique<Reader>(hub, sink, encoder, std::move(topics), start,
                                        std::move(parsed));
    }
    /// One event in all of these topics.
    void publish_copies(const std::vector<std::string>& names) {
        std::vector<NewEvent> copies;
        for (const auto& name : names) {
            copies.push_back(new_event(name));
        }
        sequencer.publish_copies(shard.id(), std::move(copies), [](Result<Receipts>) {});
    }
    [[nodiscard]] Cursor at(std::uint64_t durable_sequence, std::uint64_t volatile_sequence = 0) {
        return {sequencer.epochs(), {Sequence{durable_sequence}, Sequence{volatile_sequence}}};
    }

    ManualClock clock;
    runtime::Shard shard{ShardId{0}, clock};
    ScriptedEventLog durable{Lane::kDurable, Epoch{"d1"}};
    ScriptedEventLog volatile_log{Lane::kVolatile, Epoch{"v1"}};
    TopicPolicies policies{{{"tick/*", {Lane::kVolatile, {.count_max = 1000}}},
                            {"two/*", {Lane::kDurable, {.count_max = 2}}},
                            {"*", {Lane::kDurable, {.count_max = 100'000}}}}};
    WordEncoder encoder;
    Sequencer sequencer;
    Hub hub;
};

}  // namespace howl::hub
