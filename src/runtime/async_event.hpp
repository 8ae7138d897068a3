// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include "runtime/shard.hpp"
#include "runtime/task.hpp"
#include "runtime/timer_wheel.hpp"

namespace howl::runtime {

/// One coroutine waits here until it is woken, or for a time at most. `wake` without a waiter does
/// nothing: on one shard nothing else runs between a coroutine's check and its wait.
class AsyncEvent {
public:
    explicit AsyncEvent(Shard& shard) : shard_(shard), timer_(shard.timers(), *this) {}

    /// Requires: nobody else waits here.
    [[nodiscard]] Task<void> wait(std::optional<std::chrono::milliseconds> at_most = {}) {
        if (at_most) {
            timer_.arm(shard_.now() + *at_most);
        }
        auto start = [this](auto wake) {
            wake_ = [wake = std::move(wake)]() mutable { std::move(wake)(true); };
        };
        static_cast<void>(co_await completion_of<bool>(std::move(start)));
    }

    void wake() {
        if (wake_) {
            timer_.disarm();
            shard_.post(std::exchange(wake_, nullptr));
        }
    }

private:
    void on_time() { wake(); }

    Shard& shard_;
    std::move_only_function<void()> wake_;
    MemberTimer<AsyncEvent, &AsyncEvent::on_time> timer_;
};

}  // namespace howl::runtime
