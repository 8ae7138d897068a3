// SPDX-License-Identifier: Apache-2.0
#include "hub/topic_pattern.hpp"

#include <gtest/gtest.h>

namespace howl::hub {
namespace {

bool matches(std::string_view pattern, std::string_view topic) {
    return TopicPattern::parse(pattern)->matches(*TopicName::parse(topic));
}

TEST(TopicPattern, IsANameWithOneStar) {
    EXPECT_TRUE(TopicPattern::parse("news/*"));
    EXPECT_TRUE(TopicPattern::parse("*"));
    for (const std::string& bad : {std::string{}, std::string{"news"}, std::string{"*/*"},
                                   "*" + std::string(255, 'a'), std::string{"*\xFF"}}) {
        EXPECT_EQ(TopicPattern::parse(bad).error().code, Errc::kInvalidPattern) << bad;
    }
}

TEST(TopicPattern, AStarStandsForAnyText) {
    EXPECT_TRUE(matches("news/*", "news/a"));
    EXPECT_TRUE(matches("news/*", "news/a/b"));
    EXPECT_TRUE(matches("news/*", "news/"));
    EXPECT_FALSE(matches("news/*", "news"));
    EXPECT_TRUE(matches("*/end", "a/end"));
    EXPECT_TRUE(matches("a*b", "ab"));
    EXPECT_FALSE(matches("ab*ba", "aba"));
    EXPECT_EQ(TopicPattern::parse("news/*/x")->head(), "news/");
}

TEST(TopicPattern, LeavesHowlsOwnTopicsOutUnlessItSaysSo) {
    EXPECT_FALSE(matches("*", "howl:cloud"));
    EXPECT_FALSE(matches("h*", "howl:cloud"));
    EXPECT_TRUE(matches("howl:*", "howl:cloud"));
}

}  // namespace
}  // namespace howl::hub
