// SPDX-License-Identifier: Apache-2.0
#include "hub/forgotten_topics.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace howl::hub {
namespace {

TopicName topic(std::string_view text) {
    return TopicName::parse(text).value();
}

TEST(ForgottenTopics, ABucketKeepsTheGreatestOfWhatWentIntoIt) {
    ForgottenTopics forgotten;
    EXPECT_EQ(forgotten.of(topic("a")), ForgottenTopics::Mark{});
    EXPECT_EQ(forgotten.newest(), Sequence{0});
    forgotten.add(topic("a"), {Offset{3}, Sequence{10}});
    forgotten.add(topic("a"), {Offset{2}, Sequence{20}});
    EXPECT_EQ(forgotten.of(topic("a")), (ForgottenTopics::Mark{Offset{3}, Sequence{20}}));
    EXPECT_EQ(forgotten.of(topic("b")), ForgottenTopics::Mark{});
    EXPECT_EQ(forgotten.newest(), Sequence{20});
}

TEST(ForgottenTopics, BucketsStayWhatTheyAreOnDisk) {
    EXPECT_EQ(ForgottenTopics::bucket_of(topic("a")), 0xE40CU ^ 0x292CU);
    EXPECT_EQ(ForgottenTopics::bucket_of(topic("foobar")), 0xBF9CU ^ 0xF968U);
}

TEST(ForgottenTopics, NamesSpreadOverAllBuckets) {
    std::vector<int> hits(ForgottenTopics::kBuckets);
    for (int i = 0; i < 65'536; ++i) {
        ++hits[ForgottenTopics::bucket_of(topic("howl:inbox/v3/user-" + std::to_string(i)))];
    }
    EXPECT_LT(std::ranges::max(hits), 16);
}

}  // namespace
}  // namespace howl::hub
