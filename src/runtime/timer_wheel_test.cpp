// SPDX-License-Identifier: Apache-2.0
#include "runtime/timer_wheel.hpp"

#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace howl::runtime {
namespace {

using namespace std::chrono_literals;

struct Bell {
    explicit Bell(TimerWheel& wheel) : timer(wheel, *this) {}
    void ring() {
        ++rings;
        if (on_ring) {
            on_ring();
        }
    }
    int rings = 0;
    std::function<void()> on_ring;
    MemberTimer<Bell, &Bell::ring> timer;
};

const SteadyTime kStart{1h};

TEST(TimerWheel, FiresNeverEarlyAndAtMostOneTickLate) {
    TimerWheel wheel{kStart};
    std::mt19937 random{1};  // NOLINT: repeatable on purpose.
    for (int i = 0; i < 500; ++i) {
        Bell bell{wheel};
        SteadyTime now = kStart + i * 100s;
        wheel.advance(now);
        const auto deadline = now + std::chrono::milliseconds{random() % 90'000};
        bell.timer.arm(deadline);
        while (bell.rings == 0) {
            now += 10ms;
            wheel.advance(now);
            ASSERT_TRUE(bell.rings == 0 || now >= deadline);
            ASSERT_LT(now, deadline + 2 * TimerWheel::kTick);
        }
    }
}

TEST(TimerWheel, ALongPauseFiresEverythingDueOnce) {
    TimerWheel wheel{kStart};
    std::vector<std::unique_ptr<Bell>> bells;
    for (int i = 0; i < 1000; ++i) {
        bells.push_back(std::make_unique<Bell>(wheel));
        bells.back()->timer.arm(kStart + i * 100ms);
    }
    wheel.advance(kStart + 50s);
    for (int i = 0; i < 1000; ++i) {
        EXPECT_EQ(bells[static_cast<std::size_t>(i)]->rings, i <= 500 ? 1 : 0) << i;
    }
}

TEST(TimerWheel, ATimerMayBeMovedDisarmedAndDestroyedWhileArmed) {
    TimerWheel wheel{kStart};
    Bell moved{wheel};
    Bell disarmed{wheel};
    auto destroyed = std::make_unique<Bell>(wheel);
    for (auto* bell : {&moved, &disarmed, destroyed.get()}) {
        bell->timer.arm(kStart + 1s);
    }
    moved.timer.arm(kStart + 5s);
    disarmed.timer.disarm();
    destroyed.reset();
    wheel.advance(kStart + 2s);
    EXPECT_EQ(moved.rings, 0);
    wheel.advance(kStart + 6s);
    EXPECT_EQ(moved.rings, 1);
    EXPECT_EQ(disarmed.rings, 0);
}

TEST(TimerWheel, ACallbackMayRearmItselfAndDestroyItsNeighbour) {
    TimerWheel wheel{kStart};
    Bell first{wheel};
    auto neighbour = std::make_unique<Bell>(wheel);
    first.on_ring = [&] {
        neighbour.reset();
        first.timer.arm(
            kStart);  // In the past: fires with the next tick, not in this advance's tick.
    };
    first.timer.arm(kStart + 1s);
    neighbour->timer.arm(kStart + 1s);
    wheel.advance(kStart + 1s);
    EXPECT_EQ(first.rings, 1);
    wheel.advance(kStart + 1s + TimerWheel::kTick);
    EXPECT_EQ(first.rings, 2);
}

}  // namespace
}  // namespace howl::runtime
