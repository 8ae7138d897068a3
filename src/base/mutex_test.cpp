// SPDX-License-Identifier: Apache-2.0
#include "base/mutex.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace howl {
namespace {

struct TurnTaker {
    Mutex mutex;
    Condition changed;
    int turn HOWL_GUARDED_BY(mutex) = 0;

    void pass(int mine) {
        MutexLock lock{mutex};
        while (turn != mine) {
            changed.wait(mutex);
        }
        ++turn;
        changed.notify_all();
    }
};

TEST(Mutex, OrdersThreadsThatWaitForEachOther) {
    TurnTaker turns;
    std::jthread third{[&] { turns.pass(2); }};
    std::jthread second{[&] { turns.pass(1); }};
    turns.pass(0);
    second.join();
    third.join();
    const MutexLock lock{turns.mutex};
    EXPECT_EQ(turns.turn, 3);
}

TEST(Mutex, MayBeReleasedInAScope) {
    TurnTaker turns;
    MutexLock lock{turns.mutex};
    lock.unlock();
    turns.pass(0);  // Would wait for ever if the mutex were still held.
    lock.lock();
    EXPECT_EQ(turns.turn, 1);
}

TEST(Condition, GivesUpAtItsDeadline) {
    Mutex mutex;
    Condition never;
    const MutexLock lock{mutex};
    EXPECT_FALSE(never.wait_until(mutex, std::chrono::steady_clock::time_point{}));
}

}  // namespace
}  // namespace howl
