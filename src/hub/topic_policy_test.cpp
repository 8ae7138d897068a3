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

TEST(TopicPolicies, RankTopicsByTheFirstPatternThatMatches) {
    const TopicPolicies policies{
        {}, {{"own:users/*", TopicRank::kUser}, {"own:*", TopicRank::kInternal}}};
    const auto rank = [&policies](std::string_view text) {
        return policies.rank_of(TopicName::parse(text).value());
    };
    EXPECT_EQ(rank("own:users/anna"), TopicRank::kUser);
    EXPECT_EQ(rank("own:cloud"), TopicRank::kInternal);
    EXPECT_EQ(rank("news"), TopicRank::kVisitor);
}

TEST(TopicRank, LeavesTheLastPlacesToHowl) {
    static_assert(share_of(TopicRank::kVisitor, 200'000) == 160'000);
    static_assert(share_of(TopicRank::kUser, 200'000) == 190'000);
    static_assert(share_of(TopicRank::kInternal, 200'000) == 200'000);
    static_assert(share_of(TopicRank::kVisitor, 1) == 1);
}

}  // namespace
}  // namespace howl::hub
