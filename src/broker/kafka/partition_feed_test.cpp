// SPDX-License-Identifier: Apache-2.0
#include "broker/kafka/partition_feed.hpp"

#include <gtest/gtest.h>

namespace howl::broker::kafka {
namespace {

Record at(std::uint64_t offset) {
    return {.offset = offset, .value = "x"};
}

TEST(PartitionFeed, LetsEachRecordThroughOnce) {
    PartitionFeed feed{5, {100, 1'000'000}};
    EXPECT_FALSE(feed.take(at(4), 6));
    EXPECT_TRUE(feed.take(at(5), std::nullopt));
    EXPECT_FALSE(feed.take(at(5), 6));
    EXPECT_TRUE(feed.take(at(9), std::nullopt)) << "compaction leaves holes";
    EXPECT_EQ(feed.hand_over().size(), 2U);
    EXPECT_TRUE(feed.hand_over().empty());
}

TEST(PartitionFeed, TakesARecordBeforeItsPositionForANewStreamOnlyWhereThePartitionEndsBeforeIt) {
    PartitionFeed feed{50, {100, 1'000'000}};
    EXPECT_FALSE(feed.take(at(0), std::nullopt)) << "nobody knows the end";
    EXPECT_FALSE(feed.take(at(0), 50));
    EXPECT_TRUE(feed.take(at(0), 3));
    EXPECT_TRUE(feed.take(at(1), std::nullopt));
    const auto records = feed.hand_over();
    EXPECT_EQ(records[0].stream, Stream::kAnew);
    EXPECT_EQ(records[1].stream, Stream::kGoesOn);
}

TEST(PartitionFeed, HasEnoughAtItsShareAndWantsMoreBelowHalfOfIt) {
    PartitionFeed feed{std::nullopt, {4, 1'000'000}};
    for (std::uint64_t offset = 0; offset < 4; ++offset) {
        EXPECT_FALSE(feed.has_enough());
        EXPECT_TRUE(feed.take(at(offset), std::nullopt));
    }
    EXPECT_TRUE(feed.has_enough());
    feed.note({.next = 1, .records = 1, .bytes = at(0).bytes()});
    EXPECT_FALSE(feed.has_enough());
    EXPECT_FALSE(feed.wants_more());
    feed.note({.next = 2, .records = 1, .bytes = at(0).bytes()});
    EXPECT_TRUE(feed.wants_more());
    EXPECT_EQ(feed.in_work(), 2U);
}

TEST(PartitionFeed, CountsBytesToo) {
    PartitionFeed feed{std::nullopt, {100, 1'000}};
    EXPECT_TRUE(feed.take({.offset = 0, .value = std::string(2'000, 'x')}, std::nullopt));
    EXPECT_TRUE(feed.has_enough());
}

TEST(PartitionFeed, ReturnsEachUncommittedPositionOnce) {
    PartitionFeed feed{std::nullopt, {100, 1'000'000}};
    EXPECT_EQ(feed.take_uncommitted(), std::nullopt);
    EXPECT_TRUE(feed.take(at(7), std::nullopt));
    feed.note({.next = 8, .records = 1, .bytes = at(7).bytes()});
    EXPECT_EQ(feed.take_uncommitted(), 8U);
    EXPECT_EQ(feed.take_uncommitted(), std::nullopt);
    feed.commit_again();
    EXPECT_EQ(feed.take_uncommitted(), 8U);
}

}  // namespace
}  // namespace howl::broker::kafka
