// SPDX-License-Identifier: Apache-2.0
#include "hub/gate.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "hub/hub.hpp"
#include "hub/reader_rig_for_test.hpp"

namespace howl::hub {
namespace {

/// Refuses everything but reading, and everything with `secret` in its name.
class ReadOnlyPolicy final : public access::AccessPolicy {
public:
    [[nodiscard]] Result<void> check_topic(const access::Principal& /*who*/,
                                           access::TopicAction action,
                                           std::string_view topic) const override {
        if (action != access::TopicAction::kRead || topic.contains("secret")) {
            return fail(Errc::kOriginRefused, "test");
        }
        return {};
    }
    [[nodiscard]] Result<void> check_pattern(const access::Principal& /*who*/,
                                             std::string_view pattern) const override {
        if (pattern.contains("secret")) {
            return fail(Errc::kOriginRefused, "test");
        }
        return {};
    }
    [[nodiscard]] Result<void> check_record(const access::Principal& /*who*/,
                                            std::string_view /*kind*/,
                                            std::string_view /*id*/) const override {
        return fail(Errc::kOriginRefused, "test");
    }
};

class GateOfReaders : public ::testing::Test {
protected:
    GateOfReaders() { rig_.start(); }
    ~GateOfReaders() override {
        rig_.sequencer.stop();
        rig_.turn();
    }

    ReaderRig rig_;
    ReadOnlyPolicy policy_;
    Gate gate_{rig_.shard, rig_.sequencer, policy_};
};

TEST_F(GateOfReaders, ARefusedPublishStoresNothingAndIsToldInALaterTurn) {
    std::optional<Result<Receipts>> outcome;
    gate_.publish(access::kAnyone, {new_event("a")},
                  [&](Result<Receipts> receipts) { outcome = std::move(receipts); });
    EXPECT_FALSE(outcome.has_value());
    rig_.turn();
    ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(outcome->error().code, Errc::kOriginRefused);
    EXPECT_EQ(rig_.sequencer.topic_count(), 0U);
}

TEST_F(GateOfReaders, ARefusedPurgeAndHistoryDoNotReachTheLog) {
    std::optional<Errc> purge;
    std::optional<Errc> history;
    gate_.purge(access::kAnyone, topic("a"), PurgeScope::kTopic,
                [&](Result<void> done) { purge = done.error().code; });
    gate_.history(access::kAnyone, topic("secret"), Offset{0}, 10,
                  [&](Result<Sequencer::History> found) { history = found.error().code; });
    rig_.turn();
    EXPECT_EQ(purge, Errc::kOriginRefused);
    EXPECT_EQ(history, Errc::kOriginRefused);
}

TEST_F(GateOfReaders, OneTopicThatMayNotBeReadRefusesAllOfThem) {
    const std::vector<TopicName> allowed{topic("a"), topic("b")};
    const std::vector<TopicName> mixed{topic("a"), topic("secret")};
    EXPECT_TRUE(gate_.check_read(access::kAnyone, allowed).has_value());
    EXPECT_FALSE(gate_.check_read(access::kAnyone, mixed).has_value());
}

TEST_F(GateOfReaders, TheListLeavesOutWhatMayNotBeRead) {
    rig_.publish("a");
    rig_.publish("secret");
    rig_.turn();
    const auto step = gate_.list_topics(access::kAnyone, {}, 10);
    ASSERT_EQ(step.topics.size(), 1U);
    EXPECT_EQ(step.topics.front().topic.text(), "a");
}

TEST_F(GateOfReaders, APatternThatMayNotBeReadRefusesAllOfThem) {
    const std::vector<TopicPattern> mixed{*TopicPattern::parse("a/*"),
                                          *TopicPattern::parse("secret/*")};
    EXPECT_TRUE(gate_.check_read(access::kAnyone, std::span{mixed}.first(1)).has_value());
    EXPECT_FALSE(gate_.check_read(access::kAnyone, std::span{mixed}).has_value());
}

TEST_F(GateOfReaders, AnEventInSeveralTopicsBelongsToOneLaneAndIsAllowedInAll) {
    Gate open{rig_.shard, rig_.sequencer, access::allow_everything()};
    std::vector<std::optional<Errc>> outcomes;
    const auto note = [&](Result<Receipts> receipts) {
        outcomes.push_back(receipts ? std::nullopt : std::optional{receipts.error().code});
    };
    const std::vector<TopicName> same_lane{topic("b"), topic("c")};
    const std::vector<TopicName> other_lane{topic("tick/a")};
    const std::vector<TopicName> too_many(limits::kTopicsPerEventMax, topic("b"));
    open.publish(access::kAnyone, new_event("a"), same_lane, note);
    open.publish(access::kAnyone, new_event("a"), other_lane, note);
    open.publish(access::kAnyone, new_event("a"), too_many, note);
    gate_.publish(access::kAnyone, new_event("a"), same_lane, note);
    rig_.turn();
    EXPECT_EQ(std::ranges::count(outcomes, std::optional<Errc>{}), 1);
    EXPECT_EQ(std::ranges::count(outcomes, std::optional{Errc::kBadRequest}), 2);
    EXPECT_EQ(std::ranges::count(outcomes, std::optional{Errc::kOriginRefused}), 1);
    EXPECT_EQ(rig_.sequencer.topic_count(), 3U);
}

}  // namespace
}  // namespace howl::hub
