// SPDX-License-Identifier: Apache-2.0
#include "products/chat/rate_limit.hpp"

#include <gtest/gtest.h>

namespace howl::products::chat {
namespace {

using namespace std::chrono_literals;

/// How many are let through one after the other.
int taken(RateLimit& limit, SteadyTime now) {
    int count = 0;
    while (count < 1000 && limit.try_take(now)) {
        ++count;
    }
    return count;
}

TEST(RateLimit, LetsTwiceTheRateThroughAtOnceThenTheRate) {
    SteadyTime now{1h};
    RateLimit limit{50};
    EXPECT_EQ(taken(limit, now), 100);
    EXPECT_EQ(taken(limit, now + 19ms), 0);
    EXPECT_EQ(taken(limit, now + 20ms), 1);
    EXPECT_EQ(taken(limit, now + 1s), 49);
}

TEST(RateLimit, SavesNoMoreThanOneBurst) {
    SteadyTime now{1h};
    RateLimit limit{1};
    EXPECT_EQ(taken(limit, now), 2);
    EXPECT_EQ(taken(limit, now + 24h), 2);
}

TEST(RateLimit, ARateOfNothingIsOne) {
    RateLimit limit{0};
    EXPECT_EQ(taken(limit, SteadyTime{1h}), 2);
}

}  // namespace
}  // namespace howl::products::chat
