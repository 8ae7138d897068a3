// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "hub/mailbox.hpp"
#include "hub/scripted_event_log_for_test.hpp"
#include "hub/sequencer.hpp"
#include "hub/topic_policy.hpp"

namespace howl::hub {

inline constexpr ShardId kNear{0};
inline constexpr ShardId kFar{1};

/// Two shards' mailboxes on a sequencer; what comes out of them is written down as words.
class SequencerTest : public testing::Test {
protected:
    SequencerTest() { durable_.now = clock_.wall_now(); }
    void start() {
        sequencer_.attach(kNear, near_);
        sequencer_.attach(kFar, far_);
        ASSERT_TRUE(sequencer_.start());
    }
    /// Starts a node that has the newest `in_memory` of `count` events of topic `a` in memory.
    void start_with_history(int count, std::size_t in_memory) {
        for (int i = 0; i < count; ++i) {
            durable_.has_stored("a");
        }
        durable_.newest_max = in_memory;
        start();
    }
    /// For a `done` on the near shard: writes down what it was told.
    auto note_outcome() {
        return [this](const Result<Receipts>& receipts) {
            near_words_.push_back(
                receipts ? "ack " + std::to_string(receipts->at(0).event->offset.value())
                         : "refused " + std::string{receipts.error().entry().name});
        };
    }
    void publish(std::vector<NewEvent> events) {
        sequencer_.publish(kNear, std::move(events), note_outcome());
    }
    void publish(std::string_view name) { publish({new_event(name)}); }

    static std::string word_of(const Delivery& delivery) {
        return delivery.event->topic.text() + " " + std::to_string(delivery.event->offset.value()) +
               " @" + std::to_string(delivery.sequences.durable.value()) + "." +
               std::to_string(delivery.sequences.volatile_lane.value());
    }
    static std::string word_of(const RecordUpdate& update) {
        const auto version = update.record ? update.record->version.value() : 0;
        return update.key.kind + "/" + update.key.id + " v" + std::to_string(version);
    }
    std::vector<std::string> drain(Mailbox& mailbox, std::vector<std::string>& words) {
        std::vector<Mailbox::Item> items;
        mailbox.take(items);
        for (auto& item : items) {
            if (const auto* delivery = std::get_if<Delivery>(&item)) {
                words.push_back(word_of(*delivery));
            } else if (const auto* update = std::get_if<RecordUpdateRef>(&item)) {
                words.push_back(word_of(**update));
            } else {
                std::get<Mailbox::Action>(item)();
            }
        }
        return std::exchange(words, {});
    }
    std::vector<std::string> near() { return drain(near_, near_words_); }
    std::vector<std::string> far() { return drain(far_, far_words_); }

    static std::vector<TopicName> topics(const std::vector<std::string>& texts) {
        std::vector<TopicName> out;
        for (const auto& text : texts) {
            out.push_back(topic(text));
        }
        return out;
    }
    Cursor at(std::uint64_t durable, std::uint64_t volatile_log = 0) {
        return {sequencer_.epochs(), {Sequence{durable}, Sequence{volatile_log}}};
    }
    Sequencer::ReplayStep replay(const std::vector<std::string>& texts, const Cursor& after) {
        return sequencer_.replay(kNear, topics(texts), after,
                                 [this] { near_words_.push_back("joined"); });
    }
    Sequencer::ReplayStep read_log(const std::vector<std::string>& texts, const Cursor& after) {
        Result<Sequencer::ReplayStep> step;
        sequencer_.read_log(kNear, topics(texts), after, Lane::kDurable,
                            [&](Result<Sequencer::ReplayStep> read) { step = std::move(read); });
        durable_.answer_reads();
        near_words_ = near();
        return std::move(step).value();
    }
    Cursor locate(std::string_view name, std::string epoch, std::uint64_t offset) {
        Result<Cursor> found;
        sequencer_.locate(kNear, topic(name), {Epoch{std::move(epoch)}, Offset{offset}},
                          [&](Result<Cursor> cursor) { found = std::move(cursor); });
        near_words_ = near();
        return std::move(found).value();
    }
    std::string continuity(const std::vector<std::string>& texts, const Cursor& after) {
        Result<Sequencer::Continuity> found;
        sequencer_.check_continuity(
            kNear, topics(texts), after,
            [&](Result<Sequencer::Continuity> answer) { found = std::move(answer); });
        durable_.answer_reads();
        near_words_ = near();
        return found.value() == Sequencer::Continuity::kWhole ? "whole" : "broken";
    }
    static std::vector<std::string> gaps_of(const Sequencer::ReplayStep& step) {
        std::vector<std::string> out;
        for (const auto& gap : step.gaps) {
            out.push_back(gap.topic.text());
        }
        return out;
    }
    static std::vector<std::uint64_t> sequences_of(const std::vector<EventRef>& events) {
        std::vector<std::uint64_t> out;
        for (const auto& event : events) {
            out.push_back(event->sequence.value());
        }
        return out;
    }

    ManualClock clock_;
    ScriptedEventLog durable_{Lane::kDurable, Epoch{"d1"}};
    ScriptedEventLog volatile_{Lane::kVolatile, Epoch{"v1"}};
    TopicPolicies policies_{
        {{"tick/*", {Lane::kVolatile, {.count_max = 100}}},
         {"two/*", {Lane::kDurable, {.count_max = 2}}},
         {"brief/*", {Lane::kDurable, {.count_max = 100, .age_max = std::chrono::seconds{10}}}}}};
    Mailbox near_{[] {}};
    Mailbox far_{[] {}};
    Sequencer sequencer_{durable_, volatile_, policies_, clock_, 1'000'000};
    std::vector<std::string> near_words_;
    std::vector<std::string> far_words_;
};

}  // namespace howl::hub
