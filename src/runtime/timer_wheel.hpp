// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

#include <boost/intrusive/list.hpp>

#include "base/clock.hpp"

namespace howl::runtime {

class TimerWheel;

/// One deadline of one object, linked into its shard's wheel while armed.
///
/// Tens of thousands of sessions each hold a heartbeat that is moved again and again. An Asio timer
/// costs a heap operation per move; this one costs two pointer swaps and no allocation.
/// The destructor disarms.
class Timer : public boost::intrusive::list_base_hook<
                  boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    explicit Timer(TimerWheel& wheel) : wheel_(&wheel) {}
    virtual ~Timer() = default;
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    /// Fires once, at the first tick not before `deadline`; replaces an earlier deadline.
    void arm(SteadyTime deadline);
    void disarm() noexcept { unlink(); }
    [[nodiscard]] bool armed() const noexcept { return is_linked(); }
    [[nodiscard]] SteadyTime deadline() const noexcept { return deadline_; }

protected:
    /// May arm or disarm any timer and destroy any object, this one included.
    virtual void on_timer() = 0;

private:
    friend class TimerWheel;
    TimerWheel* wheel_;
    SteadyTime deadline_;
};

/// A timer that calls a member function of its owner.
template <class Owner, void (Owner::*callback)()>
class MemberTimer final : public Timer {
public:
    MemberTimer(TimerWheel& wheel, Owner& owner) : Timer(wheel), owner_(owner) {}

private:
    void on_timer() override { (owner_.*callback)(); }
    Owner& owner_;
};

/// All timers of one shard: a hashed wheel (Varghese and Lauck 1987, scheme 6). Time is what
/// `advance` is given, so tests control it.
///
/// Limits: deadlines are met up to `kTick` late, never early.
class TimerWheel {
public:
    static constexpr std::chrono::milliseconds kTick{50};
    static constexpr std::size_t kSlots = 512;

    explicit TimerWheel(SteadyTime now) : now_(now) {}

    /// Fires what is due, in the order of ticks.
    void advance(SteadyTime now);

private:
    friend class Timer;
    using Slot = boost::intrusive::list<Timer, boost::intrusive::constant_time_size<false>>;

    [[nodiscard]] static std::chrono::steady_clock::rep tick_of(SteadyTime time) {
        return time.time_since_epoch() / kTick;
    }
    void insert(Timer& timer);
    void fire(Slot& slot, SteadyTime now);

    std::array<Slot, kSlots> slots_;
    SteadyTime now_;
};

}  // namespace howl::runtime
