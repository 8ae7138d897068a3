// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "runtime/task_group.hpp"
#include "runtime/timer_wheel.hpp"

namespace howl::runtime {

/// Work that is done once at the end of a turn, for all that the turn has touched: the gathered
/// writes of the fan-out.
class TurnHook {
public:
    enum class Rest { kNone, kMore };
    virtual ~TurnHook() = default;
    /// Does a bounded part of its work; `kMore` asks to be called again after the next,
    /// non-blocking turn, so that other connections get their share in between.
    [[nodiscard]] virtual Rest end_of_turn() = 0;
};

/// One thread, its event loop, its timers and its tasks.
///
/// A turn takes the handlers that are ready, up to a bound, then calls the turn hooks. Deliveries
/// of one turn therefore leave in one write per session, however many events came. `now` does not
/// change during a turn.
///
/// Everything on a shard runs on its one thread, so nothing there needs a lock.
class Shard {
public:
    Shard(ShardId id, const Clock& clock);
    Shard(const Shard&) = delete;
    Shard& operator=(const Shard&) = delete;

    /// Runs turns on the calling thread until `stop`.
    void run();
    /// Ends `run` after the current turn.
    /// Thread: any.
    void stop();
    /// One turn of a shard that nobody runs: fires the timers that are due, then runs what is ready
    /// without waiting. Returns how many handlers ran.
    std::size_t poll_for_test();
    /// Runs `work` in a later turn.
    /// Thread: any.
    void post(std::move_only_function<void()> work);

    /// Hooks are called in the order in which they were added, and live as long as the shard runs.
    void add_turn_hook(TurnHook& hook) { hooks_.push_back(&hook); }

    [[nodiscard]] ShardId id() const noexcept { return id_; }
    [[nodiscard]] boost::asio::io_context& io() noexcept { return io_; }
    [[nodiscard]] TimerWheel& timers() noexcept { return timers_; }
    [[nodiscard]] TaskGroup& tasks() noexcept { return tasks_; }
    /// The time of this turn: read with its first call, the same until the turn ends.
    [[nodiscard]] SteadyTime now();
    [[nodiscard]] const Clock& clock() const noexcept { return clock_; }
    /// Buffer for one read call; its user must be done with it before it returns to the loop. Idle
    /// connections need no buffer of their own.
    [[nodiscard]] std::span<char> scratch() noexcept { return scratch_; }

private:
    static constexpr std::size_t kScratchBytes = 256 * 1024;
    static constexpr int kHandlersPerTurnMax = 256;

    void turn();
    void call_hooks();
    void arm_tick();

    // Constant after construction.
    const ShardId id_;
    const Clock& clock_;
    // Shard-local state.
    boost::asio::io_context io_{1};
    boost::asio::steady_timer tick_;
    TimerWheel timers_;
    std::vector<TurnHook*> hooks_;
    std::vector<char> scratch_;
    std::optional<SteadyTime> turn_time_;
    bool hooks_have_more_ = false;
    bool stopping_ = false;
    TaskGroup tasks_;
};

/// Remembers its shard's thread and asserts, in debug builds, that it is used there only. In others
/// it is empty and does nothing: as a member `[[no_unique_address]]` it costs nothing there.
class ShardCheck {
public:
#ifdef NDEBUG
    void check() const noexcept {}
#else
    void check() const noexcept;

private:
    mutable std::atomic<const void*> thread_{nullptr};
#endif
};

}  // namespace howl::runtime
