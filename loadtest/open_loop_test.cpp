// SPDX-License-Identifier: Apache-2.0
#include "loadtest/open_loop.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace howl::loadtest {
namespace {

constexpr std::uint64_t kStart = 5'000'000'000;
constexpr std::uint64_t kMilli = 1'000'000;

std::vector<std::uint64_t> numbers_due(OpenLoop& loop, std::uint64_t now_nanos) {
    std::vector<std::uint64_t> numbers;
    while (const auto due = loop.take(now_nanos)) {
        numbers.push_back(due->number);
    }
    return numbers;
}

TEST(OpenLoop, FollowsItsRate) {
    OpenLoop loop{{.rate_per_second = 50, .count = 100, .first_number = 1}, kStart};
    EXPECT_EQ(numbers_due(loop, kStart), (std::vector<std::uint64_t>{1}));
    EXPECT_EQ(numbers_due(loop, kStart + 20 * kMilli), std::vector<std::uint64_t>{});
    EXPECT_EQ(numbers_due(loop, kStart + 21 * kMilli), (std::vector<std::uint64_t>{2}));
}

TEST(OpenLoop, MakesUpForALateTurn) {
    OpenLoop loop{{.rate_per_second = 50, .count = 100, .first_number = 11}, kStart};
    EXPECT_EQ(numbers_due(loop, kStart + 61 * kMilli),
              (std::vector<std::uint64_t>{11, 12, 13, 14}));
}

TEST(OpenLoop, ReportsWhenAnEventWasDue) {
    OpenLoop loop{{.rate_per_second = 1, .count = 2}, kStart};
    EXPECT_EQ(loop.take(kStart + 9'000 * kMilli)->due_nanos, kStart);
    // With the drift of `due_after`.
    EXPECT_EQ(loop.take(kStart + 9'000 * kMilli)->due_nanos, kStart + 1'000'618'046);
}

TEST(OpenLoop, EndsWithItsPlan) {
    OpenLoop loop{{.rate_per_second = 50, .count = 3}, kStart};
    EXPECT_FALSE(loop.finished());
    EXPECT_EQ(numbers_due(loop, kStart + 10'000 * kMilli).size(), 3U);
    EXPECT_TRUE(loop.finished());
    EXPECT_EQ(loop.taken(), 3U);
}

}  // namespace
}  // namespace howl::loadtest
