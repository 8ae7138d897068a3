// SPDX-License-Identifier: Apache-2.0
#include "hub/log_window.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "hub/scripted_event_log_for_test.hpp"

namespace howl::hub {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""s;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kPlenty = 1'000'000'000;

std::vector<std::uint64_t> sequences_of(const std::vector<EventRef>& events) {
    std::vector<std::uint64_t> out;
    for (const auto& event : events) {
        out.push_back(event->sequence.value());
    }
    return out;
}

std::vector<std::string> names_of(const std::vector<TopicName>& topics) {
    std::vector<std::string> out;
    for (const auto& name : topics) {
        out.push_back(name.text());
    }
    return out;
}

class LogWindowTest : public testing::Test {
protected:
    void with_bytes_max(std::size_t bytes_max) { window_.emplace(bytes_max); }
    void restore(std::string_view name, std::uint64_t last_offset, std::uint64_t last_sequence,
                 std::uint64_t evicted_through = 0) {
        window_->restore(
            {topic(name), Offset{last_offset}, Sequence{last_sequence}, Sequence{evicted_through}});
        offsets_[topic(name)] = last_offset;
        head_ = std::max(head_, last_sequence);
    }
    /// The next event of the lane; watching it shows when its memory is given back.
    std::weak_ptr<const Event> append(std::string_view name, const Retention& retention = {},
                                      std::string data = "x") {
        const auto offset = ++offsets_[topic(name)];
        return append_at(name, ++head_, offset, retention, std::move(data));
    }
    std::weak_ptr<const Event> append_at(std::string_view name, std::uint64_t sequence,
                                         std::uint64_t offset, const Retention& retention = {},
                                         std::string data = "x") {
        Event event{.topic = topic(name),
                    .offset = Offset{offset},
                    .sequence = Sequence{sequence},
                    .time = {},
                    .type = {},
                    .content_type = {},
                    .data = std::move(data)};
        const auto stored = std::make_shared<const Event>(std::move(event));
        window_->append(stored, retention, now_);
        return stored;
    }
    std::optional<LogSlice> read(const std::vector<std::string>& names, std::uint64_t after,
                                 const ReplayLimits& limits = {}) {
        std::vector<TopicName> topics;
        for (const auto& name : names) {
            topics.push_back(topic(name));
        }
        return window_->read(topics, Sequence{after}, limits, now_);
    }
    std::optional<HistoryPage> history(std::string_view name, std::uint64_t after,
                                       std::size_t limit = 100) {
        return window_->history(topic(name), Offset{after}, limit, now_);
    }
    std::optional<Sequence> sequence_before(std::string_view name, std::uint64_t after) {
        return window_->sequence_before(topic(name), Offset{after});
    }

    std::optional<LogWindow> window_{kPlenty};
    WallTime now_{24h * 365};
    std::uint64_t head_ = 0;
    std::map<TopicName, std::uint64_t> offsets_;
};

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

// Plays random histories against a plain list of all that was ever appended. A topic's events are
// gone by count, by age or by purge; bytes may only turn an answer into "ask the log".
class LogWindowModel : public LogWindowTest, public testing::WithParamInterface<std::uint64_t> {
protected:
    static constexpr int kTopics = 4;
    struct Past {
        int topic;
        std::uint64_t sequence;
        std::uint64_t offset;
        WallTime since;
        bool purged = false;
    };

    static bool has(const std::vector<std::string>& names, const std::string& name) {
        return std::ranges::find(names, name) != names.end();
    }
    static std::string name_of(int number) { return "t" + std::to_string(number); }
    static Retention retention_of(int number) {
        return {.count_max = static_cast<std::uint64_t>(3 + 10 * number),
                .age_max = std::chrono::seconds{60 * (number + 1)}};
    }
    bool is_gone(const Past& event) {
        const Retention retention = retention_of(event.topic);
        return event.purged || event.since + retention.age_max <= now_ ||
               event.offset + retention.count_max <= offsets_[topic(name_of(event.topic))];
    }
    void publish(Random& random) {
        const int number = static_cast<int>(random.below(kTopics));
        append(name_of(number), retention_of(number), std::string(random.below(200), 'x'));
        past_.push_back({number, head_, offsets_[topic(name_of(number))], now_});
    }
    void purge(Random& random) {
        if (past_.empty()) {
            return;
        }
        const auto& newest_purged = past_[random.below(past_.size())];
        const int number = newest_purged.topic;
        const auto through = newest_purged.sequence;
        window_->purge(topic(name_of(number)), Sequence{through});
        for (auto& event : past_) {
            event.purged |= event.topic == number && event.sequence <= through;
        }
    }
    void expect_equal_reads(Random& random) {
        const auto after = random.below(head_ + 1);
        std::vector<std::string> names;
        std::vector<std::uint64_t> events;
        std::vector<std::string> gaps;
        for (int number = 0; number < kTopics; ++number) {
            if (random.below(2) == 0) {
                names.push_back(name_of(number));
            }
        }
        for (const auto& event : past_) {
            const auto name = name_of(event.topic);
            if (event.sequence <= after || !has(names, name)) {
                continue;
            }
            if (!is_gone(event)) {
                events.push_back(event.sequence);
            } else if (!has(gaps, name)) {
                gaps.push_back(name);
            }
        }
        ++asked_;
        const auto slice = read(names, after, {8, kPlenty});
        if (!slice) {
            return;
        }
        ++served_;
        EXPECT_EQ(slice->complete, events.size() <= 8);
        events.resize(std::min<std::size_t>(events.size(), 8));
        EXPECT_EQ(sequences_of(slice->events), events);
        EXPECT_THAT(names_of(slice->gaps), testing::UnorderedElementsAreArray(gaps));
    }
    void expect_equal_history(Random& random) {
        const int number = static_cast<int>(random.below(kTopics));
        const auto after = random.below(offsets_[topic(name_of(number))] + 2);
        std::vector<std::uint64_t> events;
        Offset first_retained{offsets_[topic(name_of(number))] + 1};
        for (const auto& event : past_) {
            if (event.topic != number || is_gone(event)) {
                continue;
            }
            first_retained = std::min(first_retained, Offset{event.offset});
            if (event.offset > after) {
                events.push_back(event.sequence);
            }
        }
        if (const auto page = history(name_of(number), after, 1000)) {
            EXPECT_EQ(sequences_of(page->events), events);
            EXPECT_EQ(page->first_retained, first_retained);
        }
    }
    void play(std::size_t bytes_max, std::uint64_t seed) {
        with_bytes_max(bytes_max);
        SeededRandom random{seed};
        for (int i = 0; i < 3000 && !HasFailure(); ++i) {
            now_ += std::chrono::milliseconds{random.below(2000)};
            switch (random.below(50) == 0 ? 3 : random.below(3)) {
                case 0:
                    publish(random);
                    break;
                case 1:
                    expect_equal_reads(random);
                    break;
                case 2:
                    expect_equal_history(random);
                    break;
                default:
                    purge(random);
                    break;
            }
            EXPECT_LE(window_->bytes(), bytes_max);
        }
    }

    std::vector<Past> past_;
    int asked_ = 0;
    int served_ = 0;
};

TEST_P(LogWindowModel, IsThePlainListWhileMemoryLasts) {
    play(kPlenty, GetParam());
    EXPECT_EQ(served_, asked_);
}

TEST_P(LogWindowModel, IsThePlainListOrAsksTheLogWhereMemoryIsShort) {
    play(5000, GetParam());
    EXPECT_GT(served_, asked_ / 10);
    EXPECT_LT(served_, asked_);
}

INSTANTIATE_TEST_SUITE_P(Seeds, LogWindowModel, testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace howl::hub
