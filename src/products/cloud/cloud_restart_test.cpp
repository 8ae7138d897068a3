// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "products/cloud/cloud_app.hpp"
#include "products/cloud/cloud_rig_for_test.hpp"

/// What a restart finds, and what a store in trouble leaves.
namespace howl::products::cloud {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr auto kCreate = OperationKind::kCreate;
constexpr auto kStart = OperationKind::kStart;
constexpr auto kRemove = OperationKind::kRemove;

using Until = CloudApp::Until;

TEST(CloudRestart, AnOperationEndsOnceAfterARestart) {
    CloudRig rig;
    const auto id = rig.create();
    rig.advance(15s);
    rig.restart();
    EXPECT_EQ(rig.state_of(id), "stopped+create");
    rig.advance(4'950ms);
    EXPECT_EQ(rig.state_of(id), "stopped+create");
    rig.advance(50ms);
    EXPECT_EQ(rig.state_of(id), "stopped");
    rig.restart();
    rig.advance(1min);
    EXPECT_THAT(rig.told(), ElementsAre("received", "created"));
}

TEST(CloudRestart, ARecordThatIsNoInstanceHidesNoOtherAndStopsNoStart) {
    CloudRig rig;
    const auto id = rig.make();
    rig.store.commit({{std::string{kRecordKind}, "strange"}, Version{0}, {}, "not JSON"},
                     {{}, [](const Result<hub::Receipts>& stored) { EXPECT_TRUE(stored); }});
    rig.restart();
    EXPECT_EQ(rig.state_of(id), "stopped");
    EXPECT_EQ(rig.snapshot().instances.size(), 1U);
}

TEST(CloudRestart, AnOperationWhoseMomentPassedDuringTheAbsenceEndsAtTheStart) {
    CloudRig rig;
    const auto id = rig.make();
    EXPECT_EQ(rig.run(kStart, id), "ok");
    rig.end();
    rig.advance(1h);
    rig.start();
    EXPECT_EQ(rig.state_of(id), "running");
    EXPECT_EQ(rig.find(id)->timestamp, rig.clock.wall_now());
}

TEST(CloudRestart, AClockThatWasSetBackKeepsNobodyWaiting) {
    CloudRig rig;
    const auto id = rig.create();
    rig.end();
    rig.clock.step_wall(-24h);
    rig.start();
    rig.advance(20s);
    EXPECT_EQ(rig.state_of(id), "stopped");
}

TEST(CloudRestart, AFullDiskAtTheEndIsTriedAgainEverySecond) {
    CloudRig rig;
    const auto id = rig.make();
    const auto started = rig.begin_command(rig.command(kStart, id), Until::kFinished);
    rig.settle();
    rig.store.refusal = Errc::kStorageFull;
    rig.advance(25s);
    EXPECT_EQ(rig.state_of(id), "stopped+start");
    EXPECT_EQ(rig.run(kRemove, id), "busy");
    EXPECT_FALSE(started->has_value());
    rig.store.refusal.reset();
    rig.advance(1s);
    EXPECT_EQ(rig.state_of(id), "running");
    EXPECT_EQ(word_of(**started), "ok");
    rig.advance(1min);
    EXPECT_THAT(rig.told(), ElementsAre("received", "created", "received", "started"));
}

TEST(CloudRestart, AnOutcomeThatTheStoreDoesNotTakeIsTriedAgainAfterItsWaitersWereTold) {
    CloudRig rig;
    const auto made = rig.begin_command(rig.command(kCreate), Until::kFinished);
    rig.settle();
    rig.store.refusal = Errc::kStorageFailed;
    rig.advance(20s);
    EXPECT_EQ(word_of(**made), "storage_failed");
    EXPECT_THAT(rig.told(), ElementsAre("received"));
    rig.store.refusal.reset();
    rig.advance(1s);
    EXPECT_THAT(rig.told(), ElementsAre("received", "created"));
    rig.restart();
    rig.advance(1min);
    EXPECT_THAT(rig.told(), ElementsAre("received", "created"));
}

TEST(CloudRestart, WhatWasStoredInSpiteOfAnErrorGoesOn) {
    CloudRig rig;
    rig.store.loses_answers = true;
    EXPECT_EQ(word_of(rig.run(rig.command(kCreate))), "storage_failed");
    rig.advance(20s);
    rig.store.loses_answers = false;
    rig.advance(1min);
    EXPECT_THAT(rig.told(), ElementsAre("received", "created"));
    EXPECT_EQ(rig.snapshot().instances.size(), 1U);
}

TEST(CloudRestart, WhatIsStoredOnlyAfterTheErrorIsFollowedToo) {
    CloudRig rig;
    rig.store.doubt = 10s;
    rig.store.keeps_back = true;
    EXPECT_EQ(word_of(rig.run(rig.command(kCreate))), "storage_failed");
    rig.store.keeps_back = false;
    rig.advance(3s);
    EXPECT_EQ(rig.snapshot().instances.size(), 0U);
    rig.store.land();
    rig.advance(1min);
    EXPECT_EQ(rig.snapshot().instances.size(), 1U);
    EXPECT_THAT(rig.told(), ElementsAre("received", "created"));
}

TEST(CloudRestart, WhatTheLogTellsOfIsThereThoughTheStoreIsAway) {
    CloudRig rig;
    rig.store.loses_answers = true;
    rig.store.read_refusal = Errc::kStorageFailed;
    auto command = rig.command(kCreate);
    command.idempotency_key = "key";
    EXPECT_EQ(word_of(rig.run(command)), "storage_failed");
    EXPECT_EQ(rig.snapshot().instances.size(), 1U);
    rig.store.loses_answers = false;
    EXPECT_EQ(word_of(rig.run(command)), "ok");
    rig.advance(1min);
    EXPECT_THAT(rig.told(), ElementsAre("received", "created"));
}

TEST(CloudRestart, AStoreThatIsAwayIsAskedUntilItKnowsWhatItHasStored) {
    CloudRig rig;
    rig.store.keeps_back = true;
    rig.store.read_refusal = Errc::kStorageFailed;
    auto command = rig.command(kCreate);
    command.idempotency_key = "key";
    EXPECT_EQ(word_of(rig.run(command)), "storage_failed");
    rig.advance(10s);
    EXPECT_EQ(word_of(rig.run(command)), "storage_failed");
    EXPECT_EQ(rig.snapshot().instances.size(), 0U);
    rig.store.keeps_back = false;
    rig.store.read_refusal.reset();
    rig.advance(1s);
    EXPECT_EQ(word_of(rig.run(command)), "ok");
    EXPECT_EQ(rig.snapshot().instances.size(), 1U);
    rig.advance(1min);
    EXPECT_THAT(rig.told(), ElementsAre("received", "created"));
}

TEST(CloudRestart, StopAnswersWhoWaitsAndRefusesWhoComes) {
    CloudRig rig;
    const auto waits = rig.begin_command(rig.command(kCreate), Until::kFinished);
    rig.settle();
    rig.app().stop();
    rig.app().stop();
    rig.settle();
    EXPECT_EQ(word_of(**waits), "draining");
    EXPECT_EQ(word_of(rig.run(rig.command(kCreate))), "draining");
    rig.advance(1min);
    EXPECT_THAT(rig.told(), ElementsAre("received"));
}

TEST(CloudRestart, ACommandThatIsStoredWhileTheAppStopsGoesOnAtTheNextStart) {
    CloudRig rig;
    const auto accepted = rig.begin_command(rig.command(kCreate));
    const auto waits = rig.begin_command(rig.command(kCreate), Until::kFinished);
    rig.shards.at(CloudRig::kElsewhere).poll_for_test();
    // Behind the fence of the two commands, before the completions of their commits.
    rig.home().shard().post([&rig] { rig.home().shard().post([&rig] { rig.app().stop(); }); });
    rig.settle();
    EXPECT_EQ(word_of(**accepted), "ok");
    EXPECT_EQ(word_of(**waits), "draining");
    rig.restart();
    rig.advance(20s);
    EXPECT_EQ(rig.state_of((**accepted)->instance_id), "stopped");
}

}  // namespace
}  // namespace howl::products::cloud
