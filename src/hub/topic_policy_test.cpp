// SPDX-License-Identifier: Apache-2.0
#include "hub/topic_policy.hpp"

#include <gtest/gtest.h>

namespace howl::hub {
namespace {

TEST(TopicPolicies, AStarStandsForAnyBytesAlsoNone) {
    EXPECT_TRUE(matches_pattern("*", "a/b"));
    EXPECT_TRUE(matches_pattern("chat/*", "chat/a/b"));
    EXPECT_TRUE(matches_pattern("chat/*", "chat/"));
    EXPECT_TRUE(matches_pattern("chat/*/typing", "chat/lobby/typing"));
    EXPECT_TRUE(matches_pattern("chat", "chat"));
    EXPECT_FALSE(matches_pattern("chat", "chats"));
    EXPECT_FALSE(matches_pattern("chat/*", "chat"));
    EXPECT_FALSE(matches_pattern("ab*bc", "abc")) << "head and tail may not share a letter";
}

TEST(TopicPolicies, TheFirstRuleThatMatchesCounts) {
    const TopicPolicies policies{{{"chat/*/typing", {Lane::kVolatile, {.count_max = 0}}},
                                  {"chat/*", {Lane::kDurable, {.count_max = 7}}}}};
    EXPECT_EQ(policies.of(TopicName::parse("chat/a/typing").value()).lane, Lane::kVolatile);
    EXPECT_EQ(policies.of(TopicName::parse("chat/a").value()).retention.count_max, 7U);
    EXPECT_EQ(policies.of(TopicName::parse("wisdom").value()).retention.count_max, 1000U);
    EXPECT_EQ(policies.of(TopicName::parse("wisdom").value()).lane, Lane::kDurable);
}

}  // namespace
}  // namespace howl::hub
