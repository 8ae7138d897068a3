// SPDX-License-Identifier: Apache-2.0
#include "storage/outbox/outbox_store.hpp"

#include <chrono>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/outbox/outbox_rig_for_test.hpp"
#include "telemetry/metrics.hpp"

namespace howl::storage::outbox {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

constexpr const char* kOne = "put|thing|a|1|ada|one";
constexpr const char* kTwo = "put|thing|a|2|ada|two";

/// Long enough for a round of the recovery.
constexpr auto kRound = RecoveryQueue::kPauseMin + RecoveryQueue::kPauseSpread;

class OutboxTest : public testing::Test {
protected:
    OutboxRig rig;
};

TEST_F(OutboxTest, ACommitIsOneItemAndItsEventIsHeardOnce) {
    EXPECT_TRUE(rig.commit(put("a", 0, "one"))->succeeded());
    EXPECT_EQ(rig.text("a"), "one");
    EXPECT_THAT(rig.heard(), ElementsAre(kOne));
    EXPECT_EQ(rig.pending(), 0U);
    EXPECT_EQ(rig.small_records(), 0U);
}

TEST_F(OutboxTest, TheEventWaitsInTheItemUntilTheLogHasIt) {
    rig.foreign.next(Call::kClear, Fault::kHangs);
    EXPECT_TRUE(rig.commit(put("a", 0, "one"))->succeeded());
    EXPECT_EQ(rig.pending(), 1U);
    EXPECT_EQ(rig.small_records(), 1U);
}

TEST_F(OutboxTest, ARemovalLeavesNothing) {
    EXPECT_TRUE(rig.commit(put("a", 0, "one"))->succeeded());
    EXPECT_TRUE(rig.commit(removal("a", 1))->succeeded());
    EXPECT_THAT(rig.foreign.items, IsEmpty());
    EXPECT_THAT(rig.heard(), ElementsAre(kOne, "remove|thing|a"));
    EXPECT_TRUE(rig.commit(put("a", 0, "one"))->succeeded());
}

TEST_F(OutboxTest, WhoFollowsTheRecordsHearsOfEveryCommit) {
    EXPECT_TRUE(rig.commit(put("a", 0, "one"))->succeeded());
    EXPECT_TRUE(rig.commit(put("b", 0, "two"), {})->succeeded());
    EXPECT_EQ(followed(rig.log), rig.list({.kind = "thing"}).value());
    EXPECT_TRUE(rig.commit(removal("a", 1))->succeeded());
    EXPECT_THAT(ids_of(followed(rig.log)), ElementsAre("b"));
    EXPECT_EQ(rig.small_records(), 0U);
}

TEST_F(OutboxTest, ACommitWithoutEventsIsUnknownWhereTheLogTakesNothing) {
    rig.node.takes_events = false;
    EXPECT_EQ(rig.commit(put("a", 0, "one"), {})->error(), Errc::kStorageFailed);
    EXPECT_EQ(rig.text("a"), "one");
}

TEST_F(OutboxTest, AConflictIsToldAndStoresNothing) {
    EXPECT_TRUE(rig.commit(put("a", 0, "one"))->succeeded());
    EXPECT_EQ(rig.commit(put("a", 0, "other"))->error(), Errc::kVersionConflict);
    EXPECT_EQ(rig.commit(put("a", 2, "other"))->error(), Errc::kVersionConflict);
    EXPECT_EQ(rig.text("a"), "one");
    EXPECT_THAT(rig.heard(), ElementsAre(kOne));
}

TEST_F(OutboxTest, AWriteThatIsExecutedTwiceIsKnownByItsToken) {
    rig.foreign.next(Call::kWrite, Fault::kExecutedTwice);
    EXPECT_TRUE(rig.commit(put("a", 0, "one"))->succeeded());
    EXPECT_THAT(rig.heard(), ElementsAre(kOne));
}

/// What the foreign store does to one call of a commit: in the end there is one event, and the item
/// takes the next commit.
class OutboxFaults : public OutboxTest,
                     public testing::WithParamInterface<std::tuple<Call, Fault>> {};

TEST_P(OutboxFaults, LeaveOneEventAndTheRightRecord) {
    const auto [call, fault] = GetParam();
    rig.foreign.next(call, fault);
    const auto first = rig.commit(put("a", 0, "one"));
    if (call == Call::kWrite) {
        EXPECT_EQ(first->error(), Errc::kStorageFailed);  // Whether it was stored is unknown.
    } else {
        EXPECT_TRUE(first->succeeded());
    }
    rig.loop.advance(kRound);
    rig.foreign.land();
    rig.loop.advance(kRound);
    EXPECT_EQ(rig.text("a"), "one");
    EXPECT_THAT(rig.heard(), ElementsAre(kOne));
    EXPECT_EQ(rig.pending(), 0U);
    EXPECT_TRUE(rig.commit(put("a", 1, "two"))->succeeded());
    EXPECT_THAT(rig.heard(), ElementsAre(kOne, kTwo));
    rig.loop.advance(RecoveryQueue::kUncertainTime + kRound);
    EXPECT_EQ(rig.small_records(), 0U);
}

INSTANTIATE_TEST_SUITE_P(, OutboxFaults,
                         testing::Values(std::tuple{Call::kWrite, Fault::kAnswerLost},
                                         std::tuple{Call::kWrite, Fault::kExecutedLate},
                                         std::tuple{Call::kClear, Fault::kLostBefore},
                                         std::tuple{Call::kClear, Fault::kAnswerLost},
                                         std::tuple{Call::kClear, Fault::kExecutedTwice}));

TEST_F(OutboxTest, AWriteThatWasLostStoresNothing) {
    rig.foreign.next(Call::kWrite, Fault::kLostBefore);
    EXPECT_EQ(rig.commit(put("a", 0, "one"))->error(), Errc::kStorageFailed);
    rig.loop.advance(RecoveryQueue::kUncertainTime + kRound);
    EXPECT_THAT(rig.heard(), IsEmpty());
    EXPECT_TRUE(rig.commit(put("a", 0, "one"))->succeeded());
}

TEST_F(OutboxTest, WhoseRefusalCannotBeLookedIntoIsInDoubt) {
    EXPECT_TRUE(rig.commit(put("a", 0, "one"))->succeeded());
    rig.foreign.next(Call::kRead, Fault::kLostBefore);
    EXPECT_EQ(rig.commit(put("a", 0, "other"))->error(), Errc::kStorageFailed);
    EXPECT_EQ(rig.commit(put("a", 0, "other"))->error(), Errc::kVersionConflict);
}

TEST_F(OutboxTest, EventsThatTheLogRefusesComeWhenItTakesThem) {
    rig.node.takes_events = false;
    EXPECT_EQ(rig.commit(put("a", 0, "one"))->error(), Errc::kStorageFailed);
    EXPECT_EQ(rig.text("a"), "one");
    EXPECT_THAT(rig.heard(), IsEmpty());
    EXPECT_EQ(telemetry::value(telemetry::Gauge::kDynamoPending), 1);
    // Nothing more is put upon what already waits.
    EXPECT_EQ(rig.commit(put("a", 1, "two"))->error(), Errc::kStorageFailed);
    EXPECT_EQ(rig.text("a"), "one");
    rig.node.takes_events = true;
    EXPECT_TRUE(rig.commit(put("a", 1, "two"))->succeeded());
    EXPECT_THAT(rig.heard(), ElementsAre(kOne, kTwo));
    EXPECT_EQ(telemetry::value(telemetry::Gauge::kDynamoPending), 0);
}

TEST_F(OutboxTest, TheRecoveryBringsThemWithoutAnotherCommit) {
    rig.node.takes_events = false;
    EXPECT_FALSE(rig.commit(put("a", 0, "one"))->succeeded());
    rig.loop.advance(kRound);
    EXPECT_THAT(rig.heard(), IsEmpty());
    rig.node.takes_events = true;
    rig.loop.advance(kRound);
    EXPECT_THAT(rig.heard(), ElementsAre(kOne));
    EXPECT_EQ(rig.pending(), 0U);
}

// --- A process that dies between two steps ---

TEST_F(OutboxTest, ACrashBetweenItemAndEventsLosesNothing) {
    rig.node.takes_events = false;
    EXPECT_FALSE(rig.commit(put("a", 0, "one"))->succeeded());
    rig.crash();
    rig.node.takes_events = true;
    rig.restart();
    EXPECT_TRUE(rig.started->has_value());
    EXPECT_THAT(rig.heard(), ElementsAre(kOne));
    EXPECT_EQ(rig.small_records(), 0U);
    EXPECT_TRUE(rig.commit(put("a", 1, "two"))->succeeded());
}

TEST_F(OutboxTest, ACrashBetweenEventsAndClearingDoublesNothing) {
    rig.foreign.next(Call::kClear, Fault::kHangs);
    EXPECT_TRUE(rig.commit(put("a", 0, "one"))->succeeded());
    rig.restart();
    EXPECT_THAT(rig.heard(), ElementsAre(kOne));
    EXPECT_EQ(rig.pending(), 0U);
    EXPECT_EQ(rig.small_records(), 0U);
}

TEST_F(OutboxTest, ACrashBehindTheClearingLeavesASmallRecordThatTheNextStartForgets) {
    rig.node.takes_removals = false;
    EXPECT_TRUE(rig.commit(put("a", 0, "one"))->succeeded());
    EXPECT_EQ(rig.small_records(), 1U);
    rig.node.takes_removals = true;
    rig.restart();
    EXPECT_EQ(rig.small_records(), 0U);
    EXPECT_THAT(rig.heard(), ElementsAre(kOne));
}

TEST_F(OutboxTest, ATombstoneOfACrashIsTakenAway) {
    EXPECT_TRUE(rig.commit(put("a", 0, "one"))->succeeded());
    rig.foreign.next(Call::kClear, Fault::kHangs);
    EXPECT_TRUE(rig.commit(removal("a", 1))->succeeded());
    EXPECT_EQ(rig.get("a").value(), std::nullopt);
    EXPECT_EQ(rig.foreign.items.size(), 1U);
    rig.restart();
    EXPECT_THAT(rig.foreign.items, IsEmpty());
    EXPECT_THAT(rig.heard(), ElementsAre(kOne, "remove|thing|a"));
}

TEST_F(OutboxTest, AnItemThatCannotBeRelayedStopsNoStart) {
    rig.node.takes_events = false;
    EXPECT_FALSE(rig.commit(put("a", 0, "one"))->succeeded());
    rig.restart();
    EXPECT_TRUE(rig.started->has_value());
    rig.node.takes_events = true;
    EXPECT_TRUE(rig.commit(put("b", 0, "other"), {})->succeeded());
    rig.loop.advance(kRound);
    EXPECT_THAT(rig.heard(), ElementsAre(kOne));
}

TEST_F(OutboxTest, AForeignStoreThatDoesNotOpenLetsNobodyIn) {
    rig.foreign.closed = Error{Errc::kInvalidConfig, "test", {}};
    rig.restart();
    EXPECT_EQ(rig.started->error().code, Errc::kInvalidConfig);
    EXPECT_EQ(rig.commit(put("a", 0, "one"))->error(), Errc::kDraining);
}

// --- Turns, bounds, the end ---

TEST_F(OutboxTest, CommitsOfOneItemAreMadeOneAfterTheOther) {
    rig.foreign.next(Call::kClear, Fault::kHangs);
    EXPECT_TRUE(rig.commit(put("a", 0, "one"))->succeeded());
    EXPECT_TRUE(rig.commit(put("b", 0, "other"))->succeeded());
    EXPECT_TRUE(rig.commit(put("a", 1, "two"))->is_open());
}

TEST_F(OutboxTest, WhoWaitsBehindACommitThatHangsIsTold) {
    rig.foreign.next(Call::kWrite, Fault::kHangs);
    const auto first = rig.commit(put("a", 0, "one"));
    const auto second = rig.commit(put("a", 0, "two"));
    rig.loop.advance(1999ms);
    EXPECT_TRUE(second->is_open());
    rig.loop.advance(1ms);
    EXPECT_EQ(second->error(), Errc::kStorageFailed);
    EXPECT_TRUE(first->is_open());
}

TEST_F(OutboxTest, RefusesMoreThanItMayHaveUnderWay) {
    for (int i = 0; i < 3; ++i) {
        rig.foreign.next(Call::kWrite, Fault::kHangs);
        EXPECT_TRUE(rig.commit(put(std::to_string(i), 0, "x"))->is_open());
    }
    EXPECT_EQ(rig.commit(put("a", 0, "one"))->error(), Errc::kOverloaded);
    EXPECT_EQ(rig.get("a").error().code, Errc::kOverloaded);
}

TEST_F(OutboxTest, StopsWhenWhatItTookIsDone) {
    bool stopped = false;
    rig.foreign.next(Call::kWrite, Fault::kHangs);
    EXPECT_TRUE(rig.commit(put("a", 0, "one"))->is_open());
    rig.store().stop([&stopped] { stopped = true; });
    EXPECT_FALSE(stopped);
    EXPECT_EQ(rig.commit(put("b", 0, "x"))->error(), Errc::kDraining);
}

TEST_F(OutboxTest, RefusesEventsThatItCouldNotRelayOnce) {
    EXPECT_EQ(rig.commit(put("a", 0, "one"), {LogDriver::item("t", "x", {}, "key")})->error(),
              Errc::kBadRequest);
    EXPECT_EQ(
        rig.commit(put("a", 0, "one"), {LogDriver::item("t", std::string(1000, 'x'))})->error(),
        Errc::kBodyTooLarge);
}

TEST_F(OutboxTest, RefusesAKindThatTheForeignStoreDoesNotKeep) {
    EXPECT_EQ(rig.commit({{"other", "a"}, Version{0}, "", "x"}, {})->error(), Errc::kInvalidConfig);
    EXPECT_EQ(rig.list({.kind = "other"}).error().code, Errc::kInvalidConfig);
}

// --- Lists ---

TEST_F(OutboxTest, ListsWhatItHasWrittenThoughTheListIsLate) {
    EXPECT_TRUE(rig.commit(put("a", 0, "one"))->succeeded());
    rig.foreign.late_list = std::vector<Item>{};
    EXPECT_THAT(ids_of(rig.list({"thing", "ada"}).value()), ElementsAre("a"));
    EXPECT_THAT(ids_of(rig.list({"thing", "bob"}).value()), IsEmpty());
}

TEST_F(OutboxTest, ListsNoTombstones) {
    EXPECT_TRUE(rig.commit(put("a", 0, "one"))->succeeded());
    EXPECT_TRUE(rig.commit(put("b", 0, "two"))->succeeded());
    rig.foreign.next(Call::kClear, Fault::kHangs);
    EXPECT_TRUE(rig.commit(removal("a", 1))->succeeded());
    EXPECT_THAT(ids_of(rig.list({.kind = "thing"}).value()), ElementsAre("b"));
}

TEST_F(OutboxTest, RefusesAListThatIsTooLong) {
    EXPECT_TRUE(rig.commit(put("a", 0, std::string(10'000, 'x')), {})->succeeded());
    EXPECT_EQ(rig.list({.kind = "thing"}).error().code, Errc::kStorageFailed);
}

}  // namespace
}  // namespace howl::storage::outbox
