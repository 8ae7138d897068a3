// SPDX-License-Identifier: Apache-2.0
// What DynamoDB, the network and a crash may do to a commit: every time exactly one event is to be
// seen, and the record is the right one. Against the DynamoDB of HOWL_DYNAMODB_ENDPOINT.
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/dynamodb/dynamo_store.hpp"
#include "storage/dynamodb/live_store_for_test.hpp"
#include "storage/memory/memory_event_log.hpp"
#include "storage/memory/memory_store.hpp"
#include "storage/store_driver_for_test.hpp"
#include "storage/troubled_store_for_test.hpp"
#include "telemetry/metrics.hpp"

namespace howl::storage::dynamodb {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class DynamoStoreTest : public testing::Test {
protected:
    void SetUp() override {
        if (endpoint_for_test().empty()) {
            GTEST_SKIP() << kNoEndpointForTest;
        }
        log.emplace(memory_log);
        restart();
    }
    void TearDown() override {
        end();
        log.reset();
    }
    /// As when the process ends well: nothing is under way any more.
    void end() {
        if (live) {
            live->stop();
            live.reset();
        }
    }

    /// The node's log outlives it, as its disk would.
    void restart() {
        live.reset();
        live = std::make_unique<LiveStore>(
            node, tables_for_test(names.path().filename().string(), {"thing"}));
        ASSERT_TRUE(live->start());
        store.emplace(live->store());
    }
    /// With one event; the first version says "one", and so on.
    Result<hub::Receipts> commit(std::uint64_t expected, std::string data) {
        return store->commit(put("a", expected, std::move(data)));
    }
    std::vector<std::string> heard() { return data_of(log->heard()); }
    std::string data() { return store->get("a").value().value().data; }
    std::size_t small_records() {
        return StoreDriver{memory_store}
            .list({.kind = std::string{DynamoStore::kRelayedKind}})
            ->size();
    }
    /// The next commit is taken only when nothing of the one before is left to do.
    void expect_goes_on() {
        const auto version = store->get("a").value().value().version.value();
        const auto events = heard().size();
        EXPECT_TRUE(commit(version, "next"));
        EXPECT_EQ(heard().size(), events + 1);
        EXPECT_TRUE(store->commit(removal("a", version + 1)));
        // The commit behind it waits until the removal is cleared away.
        EXPECT_TRUE(store->commit(put("a", 0, "anew")));
    }

    ManualClock clock;
    TempDirectory names;  ///< Tables of their own for each test.
    memory::MemoryEventLog memory_log{clock, Epoch{"d1"}, {.lane = hub::Lane::kDurable}};
    memory::MemoryStore memory_store{memory_log};
    TroubledStore node{memory_store};
    std::optional<LogDriver> log;
    std::unique_ptr<LiveStore> live;
    std::optional<StoreDriver> store;
};

TEST_F(DynamoStoreTest, ATopicOfAVisitorGetsNothingOfWhatIsReservedForHowl) {
    ASSERT_TRUE(commit(0, "one"));
    EXPECT_EQ(node.takes_for, hub::TopicRank::kVisitor);
}

/// Each fault, on each request of a commit.
class DynamoFaults : public DynamoStoreTest,
                     public testing::WithParamInterface<std::tuple<int, Fault>> {};

TEST_P(DynamoFaults, LeaveOneEventAndTheRightRecord) {
    const auto [requests_before, fault] = GetParam();
    for (int i = 0; i < requests_before; ++i) {
        live->loop.next("UpdateItem", Fault::kNone);
    }
    live->loop.next("UpdateItem", fault);
    const auto outcome = commit(0, "one");
    ASSERT_TRUE(outcome) << outcome.error().describe();
    EXPECT_EQ(outcome->size(), 1U);
    EXPECT_EQ(data(), "one");
    EXPECT_THAT(heard(), ElementsAre("put|thing|a|1|ada|one"));
    expect_goes_on();
    EXPECT_EQ(live->loop.faults_left(), 0U);
}

// The first UpdateItem is the commit, the second takes the events out of the item.
INSTANTIATE_TEST_SUITE_P(, DynamoFaults,
                         testing::Combine(testing::Values(0, 1),
                                          testing::Values(Fault::kThrottled, Fault::kServerError,
                                                          Fault::kCutBefore, Fault::kAnswerLost,
                                                          Fault::kExecutedTwice)));

TEST_F(DynamoStoreTest, ARemovalSurvivesALostAnswerToo) {
    ASSERT_TRUE(commit(0, "one"));
    live->loop.next("UpdateItem", Fault::kAnswerLost);
    live->loop.next("DeleteItem", Fault::kAnswerLost);
    ASSERT_TRUE(store->commit(removal("a", 1)));
    EXPECT_EQ(store->get("a").value(), std::nullopt);
    EXPECT_THAT(heard(), ElementsAre("put|thing|a|1|ada|one", "remove|thing|a"));
    EXPECT_TRUE(commit(0, "anew"));
}

TEST_F(DynamoStoreTest, AConflictIsNoCommitOfOurs) {
    ASSERT_TRUE(commit(0, "one"));
    live->loop.next("UpdateItem", Fault::kAnswerLost);
    EXPECT_EQ(commit(0, "other").error().code, Errc::kVersionConflict);
    EXPECT_EQ(commit(2, "other").error().code, Errc::kVersionConflict);
    EXPECT_EQ(heard().size(), 1U);
}

TEST_F(DynamoStoreTest, ACommitWithoutAnAnswerFailsAndIsSettledLater) {
    live->loop.next("UpdateItem", Fault::kAnswerLost);
    for (int i = 0; i < 100; ++i) {
        live->loop.next("UpdateItem", Fault::kServerError);
    }
    EXPECT_EQ(commit(0, "one").error().code, Errc::kStorageFailed);
    restart();  // Its requests have no faults.
    EXPECT_EQ(data(), "one");
    EXPECT_THAT(heard(), ElementsAre("put|thing|a|1|ada|one"));
}

TEST_F(DynamoStoreTest, EventsThatTheLogRefusesComeWhenItTakesThem) {
    node.takes_events = false;
    EXPECT_EQ(commit(0, "one").error().code, Errc::kStorageFailed);
    EXPECT_EQ(data(), "one");
    EXPECT_THAT(heard(), IsEmpty());
    EXPECT_EQ(telemetry::value(telemetry::Gauge::kDynamoPending), 1);
    // Nothing more is put upon what already waits.
    EXPECT_EQ(commit(1, "two").error().code, Errc::kStorageFailed);
    EXPECT_EQ(data(), "one");
    node.takes_events = true;
    EXPECT_TRUE(commit(1, "two"));
    EXPECT_THAT(heard(), ElementsAre("put|thing|a|1|ada|one", "put|thing|a|2|ada|two"));
    expect_goes_on();
    end();
    EXPECT_EQ(telemetry::value(telemetry::Gauge::kDynamoPending), 0);
}

TEST_F(DynamoStoreTest, ACrashBetweenItemAndEventsLosesNothing) {
    node.takes_events = false;
    EXPECT_FALSE(commit(0, "one"));
    live->crash();
    node.takes_events = true;
    restart();
    EXPECT_EQ(data(), "one");
    EXPECT_THAT(heard(), ElementsAre("put|thing|a|1|ada|one"));
    EXPECT_EQ(small_records(), 0U);
    expect_goes_on();
}

TEST_F(DynamoStoreTest, ACrashBetweenEventsAndClearingDoublesNothing) {
    live->loop.next("UpdateItem", Fault::kNone);
    live->loop.next("UpdateItem", Fault::kHangs);
    ASSERT_TRUE(commit(0, "one"));
    live->crash();
    EXPECT_EQ(small_records(), 1U);
    restart();
    EXPECT_EQ(data(), "one");
    EXPECT_THAT(heard(), ElementsAre("put|thing|a|1|ada|one"));
    EXPECT_EQ(small_records(), 0U);
    expect_goes_on();
}

TEST_F(DynamoStoreTest, ACrashBehindTheClearingLeavesASmallRecordThatTheNextStartForgets) {
    node.takes_removals = false;
    ASSERT_TRUE(commit(0, "one"));
    end();
    EXPECT_EQ(small_records(), 1U);
    node.takes_removals = true;
    restart();
    EXPECT_EQ(small_records(), 0U);
    EXPECT_THAT(heard(), ElementsAre("put|thing|a|1|ada|one"));
}

TEST_F(DynamoStoreTest, ATombstoneOfACrashIsTakenAway) {
    ASSERT_TRUE(commit(0, "one"));
    live->loop.next("DeleteItem", Fault::kHangs);
    ASSERT_TRUE(store->commit(removal("a", 1)));
    live->crash();
    restart();
    EXPECT_THAT(heard(), ElementsAre("put|thing|a|1|ada|one", "remove|thing|a"));
    EXPECT_TRUE(commit(0, "anew"));
}

TEST_F(DynamoStoreTest, WhoWaitsBehindACommitThatHangsIsTold) {
    live->loop.next("UpdateItem", Fault::kHangs);
    auto first = store->commit_later(put("a", 0, "one"), {});
    EXPECT_EQ(commit(0, "two").error().code, Errc::kStorageFailed);
    live->crash();
    live.reset();
}

TEST_F(DynamoStoreTest, RefusesEventsThatItCouldNotRelayOnce) {
    auto keyed = LogDriver::item("t", "x", {}, "key");
    EXPECT_EQ(store->commit(put("a", 0, "one"), {std::move(keyed)}).error().code,
              Errc::kBadRequest);
    std::vector<hub::AppendBatch::Item> many(4, LogDriver::item("t", std::string(60'000, 'x')));
    EXPECT_EQ(store->commit(put("a", 0, "one"), std::move(many)).error().code, Errc::kBodyTooLarge);
    EXPECT_EQ(store->commit({{"other", "a"}, Version{0}, "", "x"}, {}).error().code,
              Errc::kInvalidConfig);
    EXPECT_EQ(store->commit(put("\xFF", 0, "one"), {}).error().code, Errc::kInvalidUtf8);
}

}  // namespace
}  // namespace howl::storage::dynamodb
