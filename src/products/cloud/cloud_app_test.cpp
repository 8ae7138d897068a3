// SPDX-License-Identifier: Apache-2.0
#include "products/cloud/cloud_app.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "products/cloud/cloud_rig_for_test.hpp"

namespace howl::products::cloud {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr auto kCreate = OperationKind::kCreate;
constexpr auto kStart = OperationKind::kStart;
constexpr auto kStop = OperationKind::kStop;
constexpr auto kRemove = OperationKind::kRemove;

using Until = CloudApp::Until;

CloudSettings limited_to(std::uint64_t instances) {
    CloudSettings settings;
    settings.instances_max = instances;
    return settings;
}

CloudSettings failing() {
    CloudSettings settings;
    settings.simulated_failures_percent = 100;
    return settings;
}

TEST(CloudApp, AnInstanceIsMadeStartedStoppedAndRemoved) {
    CloudRig rig;
    const auto id = rig.create();
    EXPECT_EQ(rig.state_of(id), "stopped+create");
    rig.advance(20s);
    EXPECT_EQ(rig.state_of(id), "stopped");
    rig.complete(kStart, id);
    EXPECT_EQ(rig.state_of(id), "running");
    rig.complete(kStop, id);
    EXPECT_EQ(rig.state_of(id), "stopped");
    rig.complete(kRemove, id);
    EXPECT_EQ(rig.state_of(id), "none");
    EXPECT_THAT(rig.told(), ElementsAre("received", "created", "received", "started", "received",
                                        "stopped", "received", "removed"));
}

TEST(CloudApp, ARunningInstanceMayBeRemoved) {
    CloudRig rig;
    const auto id = rig.make();
    rig.complete(kStart, id);
    rig.complete(kRemove, id);
    EXPECT_EQ(rig.state_of(id), "none");
}

TEST(CloudApp, TheStateStaysUntilTheMomentOfTheEnd) {
    CloudRig rig;
    const auto id = rig.make();
    EXPECT_EQ(rig.run(kStart, id), "ok");
    rig.advance(19'950ms);
    EXPECT_EQ(rig.state_of(id), "stopped+start");
    rig.advance(50ms);
    EXPECT_EQ(rig.state_of(id), "running");
}

TEST(CloudApp, IllegalCommandsAreRefusedAndToldToNobody) {
    CloudRig rig;
    const auto id = rig.make();
    EXPECT_EQ(rig.run(kStop, id), "illegal_state");
    EXPECT_EQ(rig.run(kStart, "unknown"), "not_found");
    rig.complete(kStart, id);
    EXPECT_EQ(rig.run(kStart, id), "illegal_state");
    EXPECT_EQ(rig.told().size(), 4U);
}

TEST(CloudApp, WhileAnOperationRunsNoOtherMayBegin) {
    CloudRig rig;
    const auto id = rig.create();
    for (const auto kind : {kStart, kStop, kRemove}) {
        EXPECT_EQ(rig.run(kind, id), "busy");
    }
    rig.advance(20s);
    EXPECT_EQ(rig.run(kStart, id), "ok");
    EXPECT_EQ(rig.run(kStart, id), "busy");
}

TEST(CloudApp, OfTwoCommandsThatOverlapOneIsTaken) {
    CloudRig rig;
    const auto id = rig.make();
    const auto first = rig.begin_command(rig.command(kStart, id));
    const auto second = rig.begin_command(rig.command(kRemove, id));
    rig.settle();
    EXPECT_EQ(word_of(**first), "ok");
    EXPECT_EQ(word_of(**second), "version_conflict");
    rig.advance(20s);
    EXPECT_EQ(rig.state_of(id), "running");
}

TEST(CloudApp, TheTimestampIsWhenTheStateLastChanged) {
    CloudRig rig;
    const auto asked = rig.clock.wall_now();
    const auto id = rig.make();
    EXPECT_EQ(rig.find(id)->timestamp, asked);
    rig.advance(1h);
    EXPECT_EQ(rig.run(kStart, id), "ok");
    EXPECT_EQ(rig.find(id)->timestamp, asked);
    rig.advance(20s);
    EXPECT_EQ(rig.find(id)->timestamp, rig.clock.wall_now());
}

TEST(CloudApp, AnnouncesTheOperationAndTheInstanceAsItIs) {
    CloudRig rig;
    auto create = rig.command(kCreate);
    create.name = "web-1";
    const auto accepted = rig.run(create);
    auto notice = rig.last_notice();
    EXPECT_EQ(notice.operation.id, accepted->operation_id);
    EXPECT_EQ(notice.operation.endpoint, "test");
    EXPECT_EQ(notice.instance.name, "web-1");
    EXPECT_EQ(notice.instance.operation, notice.operation);
    rig.advance(20s);
    notice = rig.last_notice();
    EXPECT_EQ(notice.operation.id, accepted->operation_id);
    EXPECT_EQ(notice.instance.operation, std::nullopt);
}

TEST(CloudApp, WhoWaitsForTheEndHearsOfItThen) {
    CloudRig rig;
    const auto made = rig.begin_command(rig.command(kCreate), Until::kFinished);
    rig.advance(19'950ms);
    EXPECT_FALSE(made->has_value());
    rig.advance(50ms);
    ASSERT_TRUE(made->has_value());
    EXPECT_EQ(rig.state_of((**made)->instance_id), "stopped");
}

TEST(CloudApp, AnOperationThatTakesNoTimeIsOverAtOnce) {
    CloudRig rig;
    auto create = rig.command(kCreate);
    create.duration = 0ms;
    const auto made = rig.begin_command(create, Until::kFinished);
    rig.settle();
    ASSERT_TRUE(made->has_value());
    EXPECT_EQ(rig.state_of((**made)->instance_id), "stopped");
    EXPECT_THAT(rig.told(), ElementsAre("received", "created"));
}

TEST(CloudApp, AFailedOperationLeavesTheState) {
    CloudRig rig;
    const auto id = rig.make();
    rig.set_settings(failing());
    const auto timestamp = rig.find(id)->timestamp;
    const auto started = rig.begin_command(rig.command(kStart, id), Until::kFinished);
    rig.advance(20s);
    EXPECT_EQ(word_of(**started), "internal");
    EXPECT_EQ(rig.state_of(id), "stopped");
    EXPECT_EQ(rig.find(id)->timestamp, timestamp);
    EXPECT_EQ(rig.told().back(), "failed");
    EXPECT_EQ(rig.last_notice().error_code, "internal");
    rig.complete(kRemove, id);
    EXPECT_EQ(rig.state_of(id), "stopped");
}

TEST(CloudApp, AFailedCreateLeavesNoInstance) {
    CloudRig rig{failing()};
    const auto id = rig.create();
    EXPECT_EQ(rig.state_of(id), "stopped+create");
    rig.advance(20s);
    EXPECT_EQ(rig.state_of(id), "none");
    EXPECT_THAT(rig.told(), ElementsAre("received", "failed"));
    EXPECT_EQ(rig.last_notice().operation.kind, kCreate);
}

TEST(CloudApp, TheLimitCountsInstancesInTheMakingAndCreatesUnderWay) {
    CloudRig rig{limited_to(3)};
    static_cast<void>(rig.make());
    const auto second = rig.create();
    const auto third = rig.begin_command(rig.command(kCreate));
    const auto fourth = rig.begin_command(rig.command(kCreate));
    rig.settle();
    EXPECT_EQ(word_of(**third), "ok");
    EXPECT_EQ(word_of(**fourth), "limit_reached");
    rig.advance(20s);
    rig.complete(kRemove, second);
    EXPECT_EQ(word_of(rig.run(rig.command(kCreate))), "ok");
}

TEST(CloudApp, ACommandOnAnInstanceUnderWayDoesNotCountAsACreate) {
    CloudRig rig{limited_to(2)};
    const auto id = rig.make();
    const auto start = rig.begin_command(rig.command(kStart, id));
    const auto create = rig.begin_command(rig.command(kCreate));
    rig.settle();
    EXPECT_EQ(word_of(**start), "ok");
    EXPECT_EQ(word_of(**create), "ok");
}

CloudApp::Command keyed_create(const CloudRig& rig, std::string key) {
    auto create = rig.command(kCreate);
    create.idempotency_key = std::move(key);
    return create;
}

void expect_same(const Result<CloudApp::Accepted>& one, const Result<CloudApp::Accepted>& other) {
    ASSERT_TRUE(one.has_value());
    ASSERT_TRUE(other.has_value());
    EXPECT_EQ(one->instance_id, other->instance_id);
    EXPECT_EQ(one->operation_id, other->operation_id);
}

TEST(CloudApp, ARepeatedCreateIsAnsweredWithTheFirstOnesIds) {
    CloudRig rig;
    const auto first = rig.run(keyed_create(rig, "k"));
    expect_same(first, rig.run(keyed_create(rig, "k")));
    rig.advance(20s);
    rig.complete(kStart, first->instance_id);
    expect_same(first, rig.run(keyed_create(rig, "k")));
    EXPECT_EQ(rig.snapshot().instances.size(), 1U);
    EXPECT_NE(rig.run(keyed_create(rig, "other"))->instance_id, first->instance_id);
}

TEST(CloudApp, ARepeatedCreateIsRecognisedAfterARestart) {
    CloudRig rig;
    const auto first = rig.run(keyed_create(rig, "k"));
    rig.advance(20s);
    rig.restart();
    expect_same(first, rig.run(keyed_create(rig, "k")));
}

TEST(CloudApp, TwoEqualCreatesAtTheSameTimeMakeOneInstance) {
    CloudRig rig;
    const auto first = rig.begin_command(keyed_create(rig, "k"));
    const auto second = rig.begin_command(keyed_create(rig, "k"), Until::kFinished);
    rig.settle();
    EXPECT_TRUE(first->has_value());
    EXPECT_FALSE(second->has_value());
    rig.advance(20s);
    expect_same(**first, **second);
    EXPECT_EQ(rig.snapshot().instances.size(), 1U);
}

TEST(CloudApp, ARepeatedCreateThatWaitsForTheEndWaitsOnlyWhileThereIsNone) {
    CloudRig rig;
    const auto first = rig.run(keyed_create(rig, "k"));
    const auto waits = rig.begin_command(keyed_create(rig, "k"), Until::kFinished);
    rig.advance(20s);
    expect_same(first, **waits);
    const auto late = rig.begin_command(keyed_create(rig, "k"), Until::kFinished);
    rig.settle();
    expect_same(first, **late);
}

TEST(CloudApp, AKeyIsFreeAgainOnceItsInstanceIsGone) {
    CloudRig rig;
    const auto first = rig.run(keyed_create(rig, "k"));
    rig.advance(20s);
    rig.complete(kRemove, first->instance_id);
    EXPECT_NE(rig.run(keyed_create(rig, "k"))->instance_id, first->instance_id);
}

TEST(CloudApp, AllWhoAskedForACreateThatCouldNotBeStoredHearOfIt) {
    CloudRig rig;
    rig.store.refusal = Errc::kStorageFull;
    const auto first = rig.begin_command(keyed_create(rig, "k"));
    const auto second = rig.begin_command(keyed_create(rig, "k"));
    rig.settle();
    EXPECT_EQ(word_of(**first), "storage_full");
    EXPECT_EQ(word_of(**second), "storage_full");
    rig.store.refusal.reset();
    EXPECT_EQ(word_of(rig.run(keyed_create(rig, "k"))), "ok");
}

}  // namespace
}  // namespace howl::products::cloud
