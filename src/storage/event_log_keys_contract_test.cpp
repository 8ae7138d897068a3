// SPDX-License-Identifier: Apache-2.0
// What every adapter of hub::EventLog promises of idempotency keys.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "storage/event_log_contract_for_test.hpp"

namespace howl::storage {
namespace {

using hub::Freshness;
using std::chrono::milliseconds;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(EventLogContract, ARepeatedKeyGivesTheFirstEventAgain) {
    ASSERT_TRUE(log().publish("a", "zero"));
    const auto first = log().publish("a", "one", {}, "key").value();
    around_.clock.advance(minutes{5});
    const auto again = log().publish("a", "one", {}, "key").value();
    EXPECT_EQ(again.freshness, Freshness::kRepeated);
    EXPECT_EQ(again.event->offset, first.event->offset);
    EXPECT_EQ(again.event->sequence, first.event->sequence);
    EXPECT_EQ(again.event->time, first.event->time);
    EXPECT_EQ(again.event->data, "one");
    EXPECT_THAT(kept("a"), ElementsAre("zero", "one"));
    EXPECT_EQ(log().publish("a", "two").value().event->offset, Offset{3});
}

TEST_P(EventLogContract, ARepeatIsKnownAfterItsEventIsGone) {
    ASSERT_TRUE(log().publish("a", "one", {}, "key"));
    ASSERT_TRUE(log().purge("a"));
    const auto again = log().publish("a", "one", {}, "key").value();
    EXPECT_EQ(again.freshness, Freshness::kRepeated);
    EXPECT_EQ(again.event->offset, Offset{1});
    EXPECT_THAT(kept("a"), IsEmpty());
}

TEST_P(EventLogContract, AKeyBelongsToItsTopic) {
    ASSERT_TRUE(log().publish("a", "one", {}, "key"));
    EXPECT_EQ(log().publish("b", "two", {}, "key").value().freshness, Freshness::kNew);
}

TEST_P(EventLogContract, AKeyStandsForTypeContentTypeAndData) {
    const auto event = LogDriver::item("a", "one", {}, "key");
    ASSERT_TRUE(log().append({event}));
    for (const auto field :
         {&hub::NewEvent::type, &hub::NewEvent::content_type, &hub::NewEvent::data}) {
        auto other = event;
        other.event.*field += "!";
        const auto outcome = log().append({other});
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().code, Errc::kIdempotencyConflict);
    }
}

TEST_P(EventLogContract, AKeyWorksWithinOneBatchToo) {
    const auto twice = log().append(
        {LogDriver::item("a", "one", {}, "key"), LogDriver::item("a", "one", {}, "key")});
    ASSERT_TRUE(twice);
    EXPECT_EQ(twice->at(0).freshness, Freshness::kNew);
    EXPECT_EQ(twice->at(1).freshness, Freshness::kRepeated);
    EXPECT_EQ(twice->at(1).event->sequence, twice->at(0).event->sequence);
    const auto conflict = log().append(
        {LogDriver::item("b", "one", {}, "key"), LogDriver::item("b", "two", {}, "key")});
    ASSERT_FALSE(conflict);
    EXPECT_THAT(kept("b"), IsEmpty());
}

TEST_P(EventLogContract, AKeyIsForgottenAfterTheWindow) {
    ASSERT_TRUE(log().publish("a", "one", {}, "key"));
    around_.clock.advance(limits::kIdempotencyWindow - milliseconds{1});
    EXPECT_EQ(log().publish("a", "one", {}, "key").value().freshness, Freshness::kRepeated);
    around_.clock.advance(milliseconds{1});
    EXPECT_EQ(log().publish("a", "two", {}, "key").value().freshness, Freshness::kNew);
    EXPECT_EQ(log().publish("a", "two", {}, "key").value().freshness, Freshness::kRepeated);
}

TEST_P(EventLogContract, NobodyPushesOutTheKeyOfAnother) {
    ASSERT_TRUE(publish_keyed("a", "victim", "198.51.100.1"));
    for (const auto* const key : {"k1", "k2", "k3"}) {
        ASSERT_TRUE(publish_keyed("a", key));
    }
    const auto refused = publish_keyed("a", "k4");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::kRateLimited);
    EXPECT_THAT(refused.error().detail, testing::HasSubstr("of this address"));
    EXPECT_EQ(publish_keyed("a", "k1").value().freshness, Freshness::kRepeated);
    EXPECT_TRUE(log().publish("a", "without a key"));
    EXPECT_TRUE(publish_keyed("a", "k5", "203.0.113.1")) << "room for others";

    const auto full = publish_keyed("a", "k6", "203.0.113.2");
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, Errc::kRateLimited);
    EXPECT_THAT(full.error().detail, testing::HasSubstr("the server remembers"));
    EXPECT_EQ(publish_keyed("a", "victim", "198.51.100.1").value().freshness, Freshness::kRepeated);
    around_.clock.advance(limits::kIdempotencyWindow);
    EXPECT_EQ(publish_keyed("a", "k6", "203.0.113.2").value().freshness, Freshness::kNew);
    EXPECT_EQ(publish_keyed("a", "k4").value().freshness, Freshness::kNew);
}

TEST_P(EventLogContract, ARefusedBatchUsesUpNoKeys) {
    auto batch = [](std::initializer_list<const char*> keys) {
        std::vector<hub::AppendBatch::Item> items;
        for (const auto* const key : keys) {
            items.push_back(LogDriver::item("a", "same", {}, key));
            items.back().event.publisher = PublisherId{"192.0.2.1"};
        }
        return items;
    };
    EXPECT_EQ(log().append(batch({"k1", "k2", "k3", "k4"})).error().code, Errc::kRateLimited);
    EXPECT_TRUE(log().append(batch({"k1", "k2", "k3"})));
    EXPECT_EQ(log().history("a").value().last_offset, Offset{3});
}

TEST_P(EventLogContract, TheLastKeysAreForHowlsOwnTopics) {
    auto item = [](std::string key, hub::TopicRank rank) {
        auto out = LogDriver::item("a", "same", {}, std::move(key));
        out.rank = rank;
        return std::vector{std::move(out)};
    };
    for (const auto* const key : {"k1", "k2", "k3", "k4"}) {
        ASSERT_TRUE(log().append(item(key, hub::TopicRank::kVisitor)));
    }
    EXPECT_EQ(log().append(item("k5", hub::TopicRank::kVisitor)).error().code, Errc::kRateLimited);
    EXPECT_TRUE(log().append(item("k5", hub::TopicRank::kInternal)));
}

}  // namespace
}  // namespace howl::storage
