// SPDX-License-Identifier: Apache-2.0
#include "base/mutex.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace howl {
namespace {

struct Baton {
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
    Baton baton;
    std::jthread third{[&] { baton.pass(2); }};
    std::jthread second{[&] { baton.pass(1); }};
    baton.pass(0);
    second.join();
    third.join();
    const MutexLock lock{baton.mutex};
    EXPECT_EQ(baton.turn, 3);
}

TEST(Mutex, MayBeLeftForAWhile) {
    Baton baton;
    MutexLock lock{baton.mutex};
    lock.unlock();
    baton.pass(0);  // Would wait for ever if the mutex were still held.
    lock.lock();
    EXPECT_EQ(baton.turn, 1);
}

TEST(Condition, GivesUpAtItsDeadline) {
    Mutex mutex;
    Condition never;
    const MutexLock lock{mutex};
    EXPECT_FALSE(never.wait_until(mutex, std::chrono::steady_clock::time_point{}));
}

}  // namespace
}  // namespace howl
