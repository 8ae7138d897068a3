// SPDX-License-Identifier: Apache-2.0
// What every adapter of hub::EventLog promises of topics that are made and forgotten.
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "storage/event_log_contract_for_test.hpp"

namespace howl::storage {
namespace {

using hub::Freshness;
using hub::Retention;
using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(EventLogContract, RefusesOneTopicTooManyAndStoresNothingOfItsBatch) {
    for (std::size_t i = 0; i + 1 < kTopicsMax; ++i) {
        ASSERT_TRUE(log().publish("t" + std::to_string(i), "x"));
    }
    const auto outcome = log().append(
        {LogDriver::item("t0", "y"), LogDriver::item("last", "x"), LogDriver::item("more", "x")});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Errc::kTooManyTopics);
    EXPECT_TRUE(log().publish("last", "x"));
    EXPECT_TRUE(log().publish("t0", "y"));
    EXPECT_THAT(kept("t0"), ElementsAre("x", "y"));
}

TEST_P(EventLogContract, TheLastTopicsAreForHowlsOwn) {
    auto item = [](std::string name, hub::TopicRank rank) {
        auto out = LogDriver::item(name, "x");
        out.rank = rank;
        return std::vector{std::move(out)};
    };
    for (const auto* const name : {"t1", "t2", "t3", "t4"}) {
        ASSERT_TRUE(log().append(item(name, hub::TopicRank::kVisitor)));
    }
    EXPECT_EQ(log().append(item("t5", hub::TopicRank::kVisitor)).error().code,
              Errc::kTooManyTopics);
    EXPECT_TRUE(log().append(item("t4", hub::TopicRank::kVisitor)));
    EXPECT_TRUE(log().append(item("own", hub::TopicRank::kInternal)));
}

TEST_P(EventLogContract, APurgeMakesRoomForAnotherTopic) {
    for (std::size_t i = 0; i < kTopicsMax; ++i) {
        ASSERT_TRUE(log().publish("t" + std::to_string(i), "x"));
    }
    EXPECT_EQ(log().publish("new", "x").error().code, Errc::kTooManyTopics);
    ASSERT_TRUE(log().purge("t1"));
    EXPECT_THAT(log().forgotten(), ElementsAre("t1"));
    EXPECT_TRUE(log().publish("new", "x"));
    EXPECT_EQ(log().publish("newer", "x").error().code, Errc::kTooManyTopics);
}

TEST_P(EventLogContract, AForgottenTopicGivesNoOffsetOutAgainAndSaysWhatIsGone) {
    fill("a", 3);
    fill("b", 1);
    ASSERT_TRUE(log().purge("a", hub::PurgeScope::kTopic));
    EXPECT_THAT(log().forgotten(), ElementsAre("a"));
    EXPECT_EQ(log().history("a").value().first_retained, Offset{4});
    EXPECT_EQ(log().history("a").value().last_offset, Offset{3});
    EXPECT_THAT(names_of(log().read({"a", "b"}, 2).value().gaps), ElementsAre("a"));
    EXPECT_THAT(log().read({"a", "b"}, 3).value().gaps, IsEmpty());

    const auto again = log().publish("a", "again").value();
    EXPECT_EQ(again.event->offset, Offset{4});
    EXPECT_EQ(again.event->sequence, Sequence{5});
    EXPECT_THAT(names_of(log().read({"a"}, 2).value().gaps), ElementsAre("a"));
    EXPECT_THAT(log().read({"a"}, 3).value().gaps, IsEmpty());
    EXPECT_THAT(kept("a"), ElementsAre("again"));
}

TEST_P(EventLogContract, AQuietTopicIsForgottenWhenNothingIsKeptOfIt) {
    const Retention hour{.count_max = 10, .age_max = hours{1}};
    fill("a", 2, hour);
    fill("kept", 2);
    around_.clock.advance(minutes{59});
    sweep();
    EXPECT_THAT(log().forgotten(), IsEmpty());
    around_.clock.advance(minutes{1});
    sweep();
    EXPECT_THAT(log().forgotten(), ElementsAre("a"));
    EXPECT_EQ(log().publish("a", "next", hour).value().event->offset, Offset{3});
}

TEST_P(EventLogContract, ATopicThatIsReadIsNotForgotten) {
    fill("a", 1);
    log().set_read("a", true);
    ASSERT_TRUE(log().purge("a"));
    around_.clock.advance(hours{1});
    sweep();
    EXPECT_THAT(log().forgotten(), IsEmpty());
    log().set_read("a", false);
    sweep();
    EXPECT_THAT(log().forgotten(), ElementsAre("a"));
}

TEST_P(EventLogContract, APurgedTopicStaysAsLongAsAKeyOfIt) {
    ASSERT_TRUE(log().publish("a", "one", {}, "key"));
    ASSERT_TRUE(log().purge("a"));
    sweep();
    EXPECT_THAT(log().forgotten(), IsEmpty());
    EXPECT_EQ(log().publish("a", "one", {}, "key").value().freshness, Freshness::kRepeated);
    around_.clock.advance(limits::kIdempotencyWindow);
    sweep();
    EXPECT_THAT(log().forgotten(), ElementsAre("a"));
}

TEST_P(EventLogContract, ADeletedTopicTakesItsKeysAlong) {
    ASSERT_TRUE(log().publish("a", "one", {}, "key"));
    ASSERT_TRUE(log().purge("a", hub::PurgeScope::kTopic));
    EXPECT_EQ(log().publish("a", "two", {}, "key").value().freshness, Freshness::kNew);
    EXPECT_THAT(kept("a"), ElementsAre("two"));
    EXPECT_EQ(log().history("a").value().last_offset, Offset{2});
}

TEST_P(EventLogContract, ManyTopicsComeAndGoUnderALowLimit) {
    std::map<std::string, Offset> newest;
    for (int i = 0; i < 500; ++i) {
        const auto name = "t" + std::to_string(i % 97);
        const auto stored = log().publish(name, "x").value();
        EXPECT_GT(stored.event->offset, newest[name]);
        newest[name] = stored.event->offset;
        ASSERT_TRUE(log().purge(name));
    }
}

}  // namespace
}  // namespace howl::storage
