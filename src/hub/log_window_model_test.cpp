// SPDX-License-Identifier: Apache-2.0
// Plays random histories against a plain list of all that was ever appended. A topic's events are
// gone by count, by age or by purge; bytes may only turn an answer into "ask the log".
#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "hub/log_window_rig_for_test.hpp"

namespace howl::hub {
namespace {

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
