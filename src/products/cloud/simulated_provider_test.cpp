// SPDX-License-Identifier: Apache-2.0
#include "products/cloud/simulated_provider.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace howl::products::cloud {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

/// A provider on a shard whose time the test owns; it notes what ends.
class SimulatedProviderTest : public testing::Test {
protected:
    void begin(const std::string& id, milliseconds duration) {
        go_on(id, duration, clock_.wall_now());
    }
    /// Performs an operation that began at `started_at`, as after a restart.
    void go_on(const std::string& id, milliseconds duration, WallTime started_at) {
        Instance instance;
        instance.operation = Operation{id, OperationKind::kStart, started_at, duration, "test"};
        provider_.perform(instance, [this, id](Result<void> outcome) {
            EXPECT_TRUE(outcome);
            ended_.push_back(id);
        });
    }
    void advance(milliseconds by) {
        clock_.advance(by);
        shard_.poll_for_test();
    }

    ManualClock clock_;
    runtime::Shard shard_{ShardId{0}, clock_};
    SeededRandom random_{1};
    SimulatedProvider provider_{shard_, random_, 0};
    std::vector<std::string> ended_;
};

TEST_F(SimulatedProviderTest, AnOperationEndsWhenItsTimeIsOver) {
    begin("a", 20s);
    advance(19'950ms);
    EXPECT_THAT(ended_, IsEmpty());
    advance(50ms);
    EXPECT_THAT(ended_, ElementsAre("a"));
    advance(1h);
    EXPECT_THAT(ended_, ElementsAre("a"));
}

TEST_F(SimulatedProviderTest, EachEndsAtItsOwnMoment) {
    begin("long", 30s);
    begin("short", 10s);
    advance(5s);
    begin("later", 10s);
    advance(5s);
    EXPECT_THAT(ended_, ElementsAre("short"));
    advance(5s);
    EXPECT_THAT(ended_, ElementsAre("short", "later"));
    advance(15s);
    EXPECT_THAT(ended_, ElementsAre("short", "later", "long"));
}

TEST_F(SimulatedProviderTest, WhatTakesNoTimeEndsWithinTheCall) {
    begin("a", 0ms);
    EXPECT_THAT(ended_, ElementsAre("a"));
}

TEST_F(SimulatedProviderTest, AfterARestartOnlyTheRestIsWaitedFor) {
    go_on("half", 20s, clock_.wall_now() - 10s);
    go_on("over", 20s, clock_.wall_now() - 1h);
    EXPECT_THAT(ended_, ElementsAre("over"));
    advance(10s);
    EXPECT_THAT(ended_, ElementsAre("over", "half"));
}

TEST_F(SimulatedProviderTest, AMomentInTheFutureProlongsNothing) {
    go_on("a", 20s, clock_.wall_now() + 24h);
    advance(20s);
    EXPECT_THAT(ended_, ElementsAre("a"));
}

TEST_F(SimulatedProviderTest, SettingTheTimeOfDayMeanwhileChangesNothing) {
    begin("a", 20s);
    clock_.step_wall(-24h);
    advance(19'950ms);
    EXPECT_THAT(ended_, IsEmpty());
    advance(50ms);
    EXPECT_THAT(ended_, ElementsAre("a"));
}

TEST_F(SimulatedProviderTest, TheEndOfOneMayBeginAnother) {
    Instance instance;
    instance.operation = Operation{"first", OperationKind::kStart, clock_.wall_now(), 1s, "test"};
    provider_.perform(instance, [this](Result<void> /*outcome*/) { begin("second", 1s); });
    advance(1s);
    advance(1s);
    EXPECT_THAT(ended_, ElementsAre("second"));
}

TEST_F(SimulatedProviderTest, NothingEndsAfterStop) {
    begin("a", 1s);
    provider_.stop();
    provider_.stop();
    advance(1h);
    EXPECT_THAT(ended_, IsEmpty());
}

TEST_F(SimulatedProviderTest, AsManyFailAsWereAskedFor) {
    for (const std::uint64_t percent : {0U, 30U, 100U}) {
        SimulatedProvider provider{shard_, random_, percent};
        Instance instance;
        instance.operation = Operation{"a", OperationKind::kStart, clock_.wall_now(), 0ms, "test"};
        std::uint64_t failed = 0;
        for (int i = 0; i < 1000; ++i) {
            provider.perform(instance, [&failed](Result<void> outcome) {
                failed += outcome ? 0U : 1U;
                if (!outcome) {
                    EXPECT_EQ(outcome.error().code, Errc::kInternal);
                    EXPECT_EQ(outcome.error().detail, "simulated");
                }
            });
        }
        EXPECT_NEAR(static_cast<double>(failed), static_cast<double>(percent * 10),
                    percent == 30 ? 60 : 0);
    }
}

}  // namespace
}  // namespace howl::products::cloud
