// SPDX-License-Identifier: Apache-2.0
#include "loadtest/histogram.hpp"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

namespace howl::loadtest {
namespace {

TEST(Histogram, IsEmptyAtFirst) {
    const Histogram histogram;
    EXPECT_EQ(histogram.count(), 0U);
    EXPECT_EQ(histogram.max(), 0U);
    EXPECT_EQ(histogram.value_at(99), 0U);
}

TEST(Histogram, KeepsSmallValuesExactly) {
    Histogram histogram;
    for (std::uint64_t value = 1; value <= 20; ++value) {
        histogram.record(value);
    }
    EXPECT_EQ(histogram.value_at(50), 10U);
    EXPECT_EQ(histogram.value_at(90), 18U);
    EXPECT_EQ(histogram.value_at(0), 1U);
    EXPECT_EQ(histogram.value_at(100), 20U);
}

TEST(Histogram, IsNeverTooLowAndAtMostOnePart32TooHigh) {
    for (unsigned bit = 0; bit < 64; ++bit) {
        for (const std::uint64_t extra : {0U, 1U, 12345U}) {
            const std::uint64_t value = (std::uint64_t{1} << bit) + (extra % (1ULL << bit));
            Histogram histogram;
            histogram.record(value);
            histogram.record(std::numeric_limits<std::uint64_t>::max());
            const std::uint64_t found = histogram.value_at(50);
            EXPECT_GE(found, value);
            EXPECT_LE(found - value, value / 32);
        }
    }
}

TEST(Histogram, NamesTheLargestExactly) {
    Histogram histogram;
    histogram.record(1'000'003);
    EXPECT_EQ(histogram.max(), 1'000'003U);
    EXPECT_EQ(histogram.value_at(99.9), 1'000'003U);
}

TEST(Histogram, MergesCountsAndMaximum) {
    Histogram left;
    Histogram right;
    left.record(5);
    right.record(7);
    right.record(9);
    left.merge(right);
    EXPECT_EQ(left.count(), 3U);
    EXPECT_EQ(left.max(), 9U);
    EXPECT_EQ(left.value_at(50), 7U);
}

}  // namespace
}  // namespace howl::loadtest
