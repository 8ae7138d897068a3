// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "storage/outbox/work_loop.hpp"

namespace howl::storage::outbox {

/// A loop whose time the test gives; the test is its thread. `Port`: the loop that is asked for.
template <class Port = WorkLoop>
class ManualLoop : public Port {
public:
    using Action = WorkLoop::Action;

    explicit ManualLoop(ManualClock& clock) : clock_(clock) {}

    void post(Action action) override { posted_.push_back(std::move(action)); }
    void after(std::chrono::milliseconds pause, Action action) override {
        pauses.push_back(pause);
        timers_.emplace(clock_.steady_now() + pause, std::move(action));
    }

    /// Lets time pass, timer by timer.
    void advance(std::chrono::milliseconds by) {
        const auto end = clock_.steady_now() + by;
        run_posted();
        while (!timers_.empty() && timers_.begin()->first <= end) {
            auto due = timers_.extract(timers_.begin());
            clock_.advance(std::chrono::ceil<std::chrono::milliseconds>(
                std::max(due.key(), clock_.steady_now()) - clock_.steady_now()));
            due.mapped()();
            run_posted();
        }
        clock_.advance(std::chrono::ceil<std::chrono::milliseconds>(end - clock_.steady_now()));
    }
    void run_posted() {
        while (!posted_.empty()) {
            auto action = std::move(posted_.front());
            posted_.pop_front();
            action();
        }
    }
    /// As when the loop's thread ends: what waits is dropped.
    void drop_all() {
        posted_.clear();
        timers_.clear();
    }

    std::vector<std::chrono::milliseconds> pauses;

private:
    ManualClock& clock_;
    std::deque<Action> posted_;
    std::multimap<SteadyTime, Action> timers_;
};

}  // namespace howl::storage::outbox
