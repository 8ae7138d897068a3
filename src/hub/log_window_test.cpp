// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hub/log_window_rig_for_test.hpp"
#include "telemetry/metrics.hpp"

namespace howl::hub {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(LogWindowTest, GivesSeveralTopicsInTheOrderOfTheLane) {
    for (const char* name : {"a", "b", "c", "a", "b"}) {
        append(name);
    }
    const auto slice = read({"b", "a"}, 1).value();
    EXPECT_THAT(sequences_of(slice.events), ElementsAre(2, 4, 5));
    EXPECT_TRUE(slice.complete);
    EXPECT_THAT(slice.gaps, IsEmpty());
    EXPECT_EQ(window_->head(), Sequence{5});
    EXPECT_THAT(read({"never"}, 0)->events, IsEmpty());
}

TEST_F(LogWindowTest, CutsASliceByEventsAndByBytesButNeverToNothing) {
    for (int i = 0; i < 4; ++i) {
        append(i % 2 == 0 ? "a" : "b", {}, std::string(100, 'x'));
    }
    EXPECT_THAT(sequences_of(read({"a", "b"}, 0, {3, kPlenty})->events), ElementsAre(1, 2, 3));
    EXPECT_FALSE(read({"a", "b"}, 0, {3, kPlenty})->complete);
    EXPECT_TRUE(read({"a", "b"}, 0, {4, 400})->complete);
    EXPECT_THAT(sequences_of(read({"a", "b"}, 0, {4, 399})->events), ElementsAre(1, 2, 3));
    EXPECT_THAT(sequences_of(read({"a", "b"}, 0, {4, 1})->events), ElementsAre(1));
}

TEST_F(LogWindowTest, RetentionByCountLeavesAGapForThoseWhoStandBehindIt) {
    for (int i = 0; i < 5; ++i) {
        append("a", {.count_max = 2});
    }
    EXPECT_THAT(names_of(read({"a"}, 2)->gaps), ElementsAre("a"));
    EXPECT_THAT(sequences_of(read({"a"}, 2)->events), ElementsAre(4, 5));
    EXPECT_THAT(read({"a"}, 3)->gaps, IsEmpty());
    EXPECT_EQ(history("a", 0)->first_retained, Offset{4});
}

TEST_F(LogWindowTest, RetentionOfNothingKeepsNothingAndSaysSo) {
    append("a", {.count_max = 0});
    EXPECT_THAT(names_of(read({"a"}, 0)->gaps), ElementsAre("a"));
    EXPECT_THAT(read({"a"}, 0)->events, IsEmpty());
    EXPECT_THAT(read({"a"}, 1)->gaps, IsEmpty());
    EXPECT_EQ(window_->bytes(), 0U);
    EXPECT_EQ(history("a", 0)->first_retained, Offset{2});
}

TEST_F(LogWindowTest, RetentionByAgeEndsWhenTheAgeIsReached) {
    append("a", {.age_max = 10s});
    now_ += 5s;
    append("a", {.age_max = 10s});
    now_ += 4s;
    EXPECT_THAT(sequences_of(read({"a"}, 0)->events), ElementsAre(1, 2));
    now_ += 1s;
    EXPECT_THAT(sequences_of(read({"a"}, 0)->events), ElementsAre(2));
    EXPECT_THAT(names_of(read({"a"}, 0)->gaps), ElementsAre("a"));
    now_ += 5s;
    EXPECT_THAT(history("a", 0)->events, IsEmpty());
    EXPECT_EQ(history("a", 0)->first_retained, Offset{3});
    EXPECT_EQ(window_->bytes(), 0U);
}

TEST_F(LogWindowTest, AnAgeThatNoClockReachesKeepsForEver) {
    append("a", {.age_max = std::chrono::milliseconds::max()});
    now_ += 24h * 3650;
    EXPECT_THAT(sequences_of(read({"a"}, 0)->events), ElementsAre(1));
}

TEST_F(LogWindowTest, TooManyBytesEvictTheOldestOfTheLaneAndAskTheLog) {
    append("old", {}, std::string(1000, 'x'));
    const auto one = window_->bytes();
    with_bytes_max(2 * one);
    head_ = 0;
    for (const char* name : {"old", "new", "new"}) {
        append(name, {}, std::string(1000, 'x'));
    }
    EXPECT_LE(window_->bytes(), 2 * one);
    EXPECT_EQ(read({"old"}, 0), std::nullopt);
    EXPECT_TRUE(read({"old"}, 1));
    EXPECT_EQ(read({"old", "new"}, 0), std::nullopt);
    EXPECT_THAT(sequences_of(read({"new"}, 0)->events), ElementsAre(2, 3));
    EXPECT_FALSE(history("old", 0));
    append("old", {}, "later");
    EXPECT_EQ(read({"old"}, 0), std::nullopt);
    EXPECT_THAT(sequences_of(read({"old"}, 1)->events), ElementsAre(4));
}

TEST_F(LogWindowTest, WhatRetentionDropsIsFreedAtOnceBehindAQuietTopicsOldEvent) {
    append("quiet");
    const auto first = append("busy", {.count_max = 1}, std::string(1000, 'x'));
    const auto bytes = window_->bytes();
    std::size_t alive = 0;
    std::vector<std::weak_ptr<const Event>> churned;
    for (int i = 0; i < 3000; ++i) {
        churned.push_back(append("busy", {.count_max = 1}, std::string(1000, 'x')));
    }
    for (const auto& event : churned) {
        alive += event.expired() ? 0 : 1;
    }
    EXPECT_TRUE(first.expired());
    EXPECT_EQ(alive, 1U);
    EXPECT_EQ(window_->bytes(), bytes);
    EXPECT_THAT(sequences_of(read({"quiet"}, 0)->events), ElementsAre(1));
}

TEST_F(LogWindowTest, PurgeTakesTheEventsUpToItsPlaceOnly) {
    for (const char* name : {"a", "b", "a", "a"}) {
        append(name);
    }
    window_->purge(topic("a"), Sequence{3});
    EXPECT_THAT(sequences_of(read({"a", "b"}, 0)->events), ElementsAre(2, 4));
    EXPECT_THAT(names_of(read({"a", "b"}, 0)->gaps), ElementsAre("a"));
    EXPECT_THAT(read({"a"}, 3)->gaps, IsEmpty());
    EXPECT_EQ(history("a", 0)->first_retained, Offset{3});
    window_->purge(topic("never"), Sequence{3});
    EXPECT_FALSE(window_->knows(topic("never")));
}

TEST_F(LogWindowTest, AfterARestartServesWhatItHasAndAsksForTheRest) {
    restore("a", 4, 8, 2);
    restore("b", 3, 7);
    append_at("b", 7, 3);
    append_at("a", 8, 4);
    EXPECT_EQ(read({"a"}, 6), std::nullopt);
    EXPECT_THAT(sequences_of(read({"a"}, 7)->events), ElementsAre(8));
    EXPECT_THAT(sequences_of(read({"b"}, 6)->events), ElementsAre(7));
    EXPECT_FALSE(history("a", 3));
    append("a");
    append("b");
    EXPECT_THAT(sequences_of(read({"a", "b"}, 7)->events), ElementsAre(8, 9, 10));
    EXPECT_EQ(read({"a", "b"}, 5), std::nullopt);
}

TEST_F(LogWindowTest, ATopicRestoredWithoutEventsServesThoseWhoHaveSeenAll) {
    restore("a", 4, 8);
    EXPECT_TRUE(read({"a"}, 8));
    EXPECT_EQ(read({"a"}, 7), std::nullopt);
    restore("purged", 4, 9, 9);
    EXPECT_THAT(names_of(read({"purged"}, 3)->gaps), ElementsAre("purged"));
    EXPECT_EQ(history("purged", 0)->first_retained, Offset{5});
}

TEST_F(LogWindowTest, AForgottenTopicIsAGapForThoseWhoStandBehindIt) {
    append("a");
    append("a");
    append("b");
    window_->forget(topic("a"));
    EXPECT_FALSE(window_->knows(topic("a")));
    EXPECT_THAT(names_of(read({"a", "b"}, 1)->gaps), ElementsAre("a"));
    EXPECT_THAT(read({"a", "b"}, 2)->gaps, IsEmpty());
    EXPECT_THAT(sequences_of(read({"a", "b"}, 0)->events), ElementsAre(3));
    EXPECT_EQ(window_->gone_through(topic("a")), Sequence{2});
    EXPECT_EQ(history("a", 0)->first_retained, Offset{3});
    EXPECT_EQ(history("a", 0)->last_offset, Offset{2});
    EXPECT_EQ(sequence_before("a", 1), Sequence{0}) << "gone";
    EXPECT_EQ(sequence_before("a", 2), Sequence{3}) << "at its end";
    EXPECT_EQ(sequence_before("a", 3), LogWindow::kAhead);

    append("a");
    EXPECT_THAT(names_of(read({"a"}, 1)->gaps), ElementsAre("a"));
    EXPECT_THAT(sequences_of(read({"a"}, 2)->events), ElementsAre(4));
    EXPECT_THAT(read({"a"}, 2)->gaps, IsEmpty());
}

TEST_F(LogWindowTest, WhatTheLogHadForgottenCountsFromTheStart) {
    ForgottenTopics forgotten;
    forgotten.add(topic("a"), {Offset{5}, Sequence{9}});
    window_->restore(forgotten);
    EXPECT_EQ(window_->head(), Sequence{9});
    EXPECT_THAT(names_of(read({"a", "b"}, 8)->gaps), ElementsAre("a"));
    EXPECT_EQ(history("a", 0)->last_offset, Offset{5});
}

TEST_F(LogWindowTest, FindsThePlaceOfAPosition) {
    restore("a", 2, 5, 1);
    restore("b", 1, 6);
    append("a");
    append("b");
    EXPECT_EQ(sequence_before("a", 3), Sequence{8}) << "at the end: whatever comes next";
    EXPECT_EQ(sequence_before("a", 2), Sequence{6}) << "just before its next event";
    EXPECT_EQ(sequence_before("a", 1), std::nullopt) << "in the log only";
    EXPECT_EQ(sequence_before("a", 4), LogWindow::kAhead);
    EXPECT_EQ(sequence_before("a", ~0ULL), LogWindow::kAhead);
    EXPECT_EQ(sequence_before("never", 0), Sequence{8});
    window_->purge(topic("a"), Sequence{7});
    EXPECT_EQ(sequence_before("a", 1), Sequence{0}) << "gone";
    EXPECT_EQ(sequence_before("a", 3), Sequence{8});
}

TEST_F(LogWindowTest, PagesAHistoryByOffset) {
    for (int i = 0; i < 5; ++i) {
        append("other");
        append("a");
    }
    EXPECT_THAT(sequences_of(history("a", 1, 2)->events), ElementsAre(4, 6));
    EXPECT_THAT(sequences_of(history("a", 3, ~std::size_t{0})->events), ElementsAre(8, 10));
    EXPECT_THAT(history("a", 5)->events, IsEmpty());
    EXPECT_EQ(history("a", 0)->last_offset, Offset{5});
    EXPECT_EQ(history("never", 0)->first_retained, Offset{1});
}

// --- The list of topics ---

std::vector<std::string> listed(LogWindow& window, const TopicRange& range,
                                std::size_t limit = 100) {
    std::vector<std::string> out;
    while (!window.index_some()) {
    }
    for (const auto& [name, lane, last_offset] : window.list(range, Lane::kDurable, limit)) {
        out.push_back(name.text() + " " + std::to_string(last_offset.value()));
    }
    return out;
}

TEST_F(LogWindowTest, ListsTopicsByNameWithTheLastOffsetGivenOut) {
    with_bytes_max(kPlenty);
    restore("b", 7, 7, 7);
    append("c");
    append("a");
    append("a");
    EXPECT_THAT(listed(*window_, {}), ElementsAre("a 2", "b 7", "c 1"));
    EXPECT_THAT(listed(*window_, {}, 2), ElementsAre("a 2", "b 7"));
    window_->forget(topic("b"));
    EXPECT_THAT(listed(*window_, {}), ElementsAre("a 2", "c 1"));
}

TEST_F(LogWindowTest, MakesTheIndexOfTopicsInSteps) {
    with_bytes_max(kPlenty);
    constexpr std::uint64_t kMany = 1000;
    std::vector<std::string> all;
    for (std::uint64_t i = 1; i <= kMany; ++i) {
        const auto name = "t" + std::to_string(10'000 + i);
        restore(name, 1, i, i);
        all.push_back(name + " 1");
    }
    EXPECT_FALSE(window_->index_some());
    window_->forget(topic("t10001"));  // One that is not in the index yet,
    window_->forget(topic("t11000"));  // and one that is.
    all.pop_back();
    all.erase(all.begin());
    EXPECT_EQ(listed(*window_, {}, kMany), all);
    append("t1");
    EXPECT_EQ(listed(*window_, {}, 1), std::vector<std::string>{"t1 1"});
}

TEST_F(LogWindowTest, ListsAPartOfTheTopics) {
    with_bytes_max(kPlenty);
    for (const auto* name : {"a", "b", "b/1", "b/2", "b:", "c"}) {
        append(name);
    }
    EXPECT_THAT(listed(*window_, {.prefix = "b", .after = {}, .except = {}}),
                ElementsAre("b 1", "b/1 1", "b/2 1", "b: 1"));
    EXPECT_THAT(listed(*window_, {.prefix = "b", .after = "b/1", .except = {}}),
                ElementsAre("b/2 1", "b: 1"));
    EXPECT_THAT(listed(*window_, {.prefix = "b", .after = {}, .except = "b/"}),
                ElementsAre("b 1", "b: 1"));
    EXPECT_THAT(listed(*window_, {.prefix = {}, .after = "b/0", .except = "b/"}),
                ElementsAre("b: 1", "c 1"));
    EXPECT_THAT(listed(*window_, {.prefix = "b/", .after = {}, .except = "b/"}), IsEmpty());
    EXPECT_THAT(listed(*window_, {.prefix = "b", .after = "c", .except = {}}), IsEmpty());
    EXPECT_THAT(listed(*window_, {.prefix = "no topic", .after = {}, .except = {}}), IsEmpty());
}

TEST_F(LogWindowTest, TheGaugeFollowsItsBytesAndForgetsThemWithIt) {
    const auto gauge = [] { return telemetry::value(telemetry::Gauge::kWindowBytes); };
    const auto before = gauge();
    with_bytes_max(kPlenty);
    append("a", {.count_max = 1});
    EXPECT_EQ(gauge() - before, static_cast<std::int64_t>(window_->bytes()));
    append("a", {.count_max = 1}, std::string(100, 'x'));
    append("b");
    EXPECT_EQ(gauge() - before, static_cast<std::int64_t>(window_->bytes()));
    window_->purge(topic("b"), Sequence{3});
    EXPECT_GT(gauge() - before, 100);
    EXPECT_EQ(gauge() - before, static_cast<std::int64_t>(window_->bytes()));
    window_.reset();
    EXPECT_EQ(gauge(), before);
}

}  // namespace
}  // namespace howl::hub
