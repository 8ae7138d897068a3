// SPDX-License-Identifier: Apache-2.0
#include "runtime/shard.hpp"

#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "base/assert.hpp"
#include "base/limits.hpp"
#include "telemetry/metrics.hpp"

namespace howl::runtime {

Shard::Shard(ShardId id, const Clock& clock)
    : id_(id),
      clock_(clock),
      tick_(io_),
      timers_(clock.steady_now()),
      scratch_(kScratchBytes),
      tasks_(io_) {}

void Shard::run() {
    const auto work = boost::asio::make_work_guard(io_);
    arm_tick();
    while (!stopping_) {
        turn();
    }
    tick_.cancel();
    io_.poll();
}

void Shard::turn() {
    turn_time_.reset();
    if (hooks_have_more_) {
        io_.poll_one();
    } else {
        io_.run_one();
    }
    for (int ran = 1; ran < kHandlersPerTurnMax && io_.poll_one() > 0; ++ran) {
    }
    call_hooks();
    if (turn_time_ && clock_.steady_now() - *turn_time_ > limits::kTurnTime) {
        telemetry::count(telemetry::Counter::kLongTurns);
    }
}

void Shard::call_hooks() {
    hooks_have_more_ = false;
    for (TurnHook* hook : hooks_) {
        hooks_have_more_ |= hook->end_of_turn() == TurnHook::Rest::kMore;
    }
}

std::size_t Shard::poll_for_test() {
    turn_time_.reset();
    timers_.advance(now());
    io_.restart();
    const std::size_t ran = io_.poll();
    call_hooks();
    return ran;
}

void Shard::stop() {
    post([this] { stopping_ = true; });
}

void Shard::post(std::move_only_function<void()> work) {
    boost::asio::post(io_, std::move(work));
}

SteadyTime Shard::now() {
    if (!turn_time_) {
        turn_time_ = clock_.steady_now();
    }
    return *turn_time_;
}

void Shard::arm_tick() {
    tick_.expires_after(TimerWheel::kTick);
    tick_.async_wait([this](boost::system::error_code error) {
        if (error || stopping_) {
            return;  // Cancelled: the shard is going down.
        }
        timers_.advance(now());
        arm_tick();
    });
}

#ifndef NDEBUG
void ShardCheck::check() const noexcept {
    thread_local const char kHere = 0;
    const void* expected = nullptr;
    if (!thread_.compare_exchange_strong(expected, &kHere)) {
        HOWL_ASSERT(expected == &kHere);
    }
}
#endif

}  // namespace howl::runtime
