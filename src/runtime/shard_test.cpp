// SPDX-License-Identifier: Apache-2.0
#include "runtime/shard.hpp"

#include <future>
#include <stdexcept>
#include <thread>

#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "runtime/shard_group.hpp"
#include "telemetry/metrics.hpp"

namespace howl::runtime {
namespace {

using namespace std::chrono_literals;

const SystemClock kClock;

Task<void> wait_for_ever(bool& cancelled) {
    boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, SteadyTime::max()};
    auto [error] = co_await timer.async_wait(kAwait);
    cancelled = error == boost::asio::error::operation_aborted;
}

Task<void> fail_at_once() {
    throw std::runtime_error("on purpose");
    co_return;
}

TEST(TaskGroup, CancelEndsATaskAndReportsEmptiness) {
    boost::asio::io_context io{1};
    TaskGroup tasks{io};
    bool cancelled = false;
    bool empty = false;
    tasks.spawn("waiter", wait_for_ever(cancelled));
    tasks.when_empty([&] { empty = true; });
    io.poll();
    EXPECT_FALSE(empty);
    tasks.cancel();
    io.poll();
    EXPECT_TRUE(cancelled);
    EXPECT_TRUE(empty);
    EXPECT_EQ(tasks.size(), 0U);
}

TEST(TaskGroup, AnExceptionEndsItsTaskOnlyAndIsCounted) {
    boost::asio::io_context io{1};
    TaskGroup tasks{io};
    const auto before = telemetry::value(telemetry::Counter::kTasksFailed);
    bool cancelled = false;
    tasks.spawn("waiter", wait_for_ever(cancelled));
    tasks.spawn("failing", fail_at_once());
    io.poll();
    EXPECT_EQ(tasks.size(), 1U);
    EXPECT_EQ(telemetry::value(telemetry::Counter::kTasksFailed), before + 1);
    tasks.cancel();
    io.poll();
}

TEST(Shard, TheTurnHookSeesAllThatOneTurnDid) {
    struct Counting final : TurnHook {
        Rest end_of_turn() override {
            seen.push_back(pending);
            pending = 0;
            return Rest::kNone;
        }
        int pending = 0;
        std::vector<int> seen;
    } hook;
    Shard shard{ShardId{0}, kClock};
    shard.add_turn_hook(hook);
    for (int i = 0; i < 100; ++i) {
        shard.post([&] { ++hook.pending; });
    }
    shard.stop();
    shard.run();
    ASSERT_FALSE(hook.seen.empty());
    EXPECT_EQ(hook.seen.front(), 100);
}

TEST(Shard, AHookWithMoreToDoIsCalledAgainWithoutAnEvent) {
    struct BusyHook final : TurnHook {
        explicit BusyHook(Shard& of) : shard(of) {}
        Rest end_of_turn() override {
            if (++calls == 5) {
                shard.stop();
            }
            return calls < 5 ? Rest::kMore : Rest::kNone;
        }
        Shard& shard;
        int calls = 0;
    };
    Shard shard{ShardId{0}, kClock};
    BusyHook hook{shard};
    shard.add_turn_hook(hook);
    shard.post([] {});
    shard.run();
    EXPECT_GE(hook.calls, 5);
}

TEST(Shard, CountsATurnThatIsTooLong) {
    ManualClock clock;
    Shard shard{ShardId{0}, clock};
    const auto long_turns = [] { return telemetry::value(telemetry::Counter::kLongTurns); };
    const auto before = long_turns();
    shard.post([&] {
        static_cast<void>(shard.now());
        clock.advance(limits::kTurnTime + 1ms);
    });
    shard.stop();
    shard.run();
    EXPECT_EQ(long_turns(), before + 1);
}

#ifndef NDEBUG
TEST(ShardCheckDeathTest, EndsTheProcessOnASecondThread) {
    const ShardCheck here;
    here.check();
    here.check();
    EXPECT_DEATH(std::thread{[&] { here.check(); }}.join(), "expected == &kHere");
}
#endif

TEST(ShardGroup, HundredStartsAndStopsWithWorkInFlight) {
    for (int i = 0; i < 100; ++i) {
        ShardGroup group{2, kClock};
        group.start();
        std::promise<void> crossed;
        group.post(ShardId{0}, [&] { group.post(ShardId{1}, [&] { crossed.set_value(); }); });
        crossed.get_future().wait();
        group.stop();
        group.stop();
    }
}

TEST(ShardGroup, RunOnAllReachesEveryShardOnItsOwnThread) {
    ShardGroup group{3, kClock};
    group.start();
    std::array<std::thread::id, 3> threads;
    group.run_on_all(
        [&](Shard& shard) { threads[shard.id().value()] = std::this_thread::get_id(); });
    EXPECT_NE(threads[0], threads[1]);
    EXPECT_NE(threads[1], threads[2]);
    group.stop();
}

}  // namespace
}  // namespace howl::runtime
