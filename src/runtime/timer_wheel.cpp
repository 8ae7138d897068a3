// SPDX-License-Identifier: Apache-2.0
#include "runtime/timer_wheel.hpp"

#include <algorithm>

namespace howl::runtime {

void Timer::arm(SteadyTime deadline) {
    unlink();
    deadline_ = deadline;
    wheel_->insert(*this);
}

void TimerWheel::insert(Timer& timer) {
    // The slot of the first tick that starts at or after the deadline; a past deadline waits for
    // the next tick, so that a timer armed by a firing one can't keep `advance` busy for ever.
    const auto due = tick_of(timer.deadline_ + kTick - SteadyTime::duration{1});
    const auto tick = std::max(due, tick_of(now_) + 1);
    slots_[static_cast<std::size_t>(tick) % kSlots].push_back(timer);
}

void TimerWheel::advance(SteadyTime now) {
    const auto last = tick_of(now);
    const auto turn = static_cast<std::chrono::steady_clock::rep>(kSlots);
    // After a long pause every slot is visited once; their timers know their own deadlines.
    for (auto tick = std::max(tick_of(now_) + 1, last - turn + 1); tick <= last; ++tick) {
        now_ = SteadyTime{tick * kTick};
        fire(slots_[static_cast<std::size_t>(tick) % kSlots], now);
    }
    now_ = std::max(now_, now);
}

void TimerWheel::fire(Slot& slot, SteadyTime now) {
    Slot due;
    due.splice(due.begin(), slot);
    while (!due.empty()) {
        Timer& timer = due.front();
        due.pop_front();
        if (timer.deadline_ <= now) {
            timer.on_timer();
        } else {
            slot.push_back(timer);  // Due in a later turn of the wheel.
        }
    }
}

}  // namespace howl::runtime
