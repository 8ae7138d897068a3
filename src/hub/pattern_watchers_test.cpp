// SPDX-License-Identifier: Apache-2.0
#include "hub/pattern_watchers.hpp"

#include <gtest/gtest.h>

namespace howl::hub {
namespace {

const TopicName kTopic = *TopicName::parse("news/a");
const TopicPattern kNews = *TopicPattern::parse("news/*");
const TopicPattern kAll = *TopicPattern::parse("*");
constexpr ShardId kNear{0};
constexpr ShardId kFar{3};

TEST(PatternWatchers, SaysWhichShardsReadATopicByPattern) {
    PatternWatchers watchers;
    PatternWatchers::Seen seen;
    EXPECT_EQ(watchers.shards_of(kTopic, seen), 0U);
    watchers.add(kFar, kNews);
    EXPECT_EQ(watchers.shards_of(kTopic, seen), 0b1000U);
    PatternWatchers::Seen other;
    EXPECT_EQ(watchers.shards_of(*TopicName::parse("weather"), other), 0U);
}

TEST(PatternWatchers, ATopicLearnsOfAPatternAndOfAShardThatCameLater) {
    PatternWatchers watchers;
    PatternWatchers::Seen seen;
    watchers.add(kFar, kNews);
    EXPECT_EQ(watchers.shards_of(kTopic, seen), 0b1000U);
    watchers.add(kNear, kNews);
    EXPECT_EQ(watchers.shards_of(kTopic, seen), 0b1001U);
    EXPECT_EQ(watchers.count(), 1U);
}

TEST(PatternWatchers, ForgetsAPatternWithItsLastShard) {
    PatternWatchers watchers;
    watchers.add(kNear, kNews);
    watchers.add(kFar, kNews);
    watchers.add(kNear, kAll);
    watchers.remove(kNear, kNews);
    PatternWatchers::Seen seen;
    EXPECT_EQ(watchers.shards_of(kTopic, seen), 0b1001U);
    watchers.remove(kFar, kNews);
    watchers.remove(kNear, kAll);
    EXPECT_EQ(watchers.count(), 0U);
    EXPECT_EQ(watchers.shards_of(kTopic, seen), 0U);
}

}  // namespace
}  // namespace howl::hub
