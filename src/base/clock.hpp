// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>

namespace howl {

/// Time since an arbitrary start, never stepping back: for deadlines and ages.
using SteadyTime = std::chrono::steady_clock::time_point;
/// Time of day, to the millisecond: what users see in an event.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// The source of time. Injected, so that tests control it.
/// Thread: any.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual SteadyTime steady_now() const = 0;
    [[nodiscard]] virtual WallTime wall_now() const = 0;
};

/// The machine's clocks.
class SystemClock final : public Clock {
public:
    [[nodiscard]] SteadyTime steady_now() const override {
        return std::chrono::steady_clock::now();
    }
    [[nodiscard]] WallTime wall_now() const override {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
};

/// A clock that moves only when a test advances it.
class ManualClock final : public Clock {
public:
    [[nodiscard]] SteadyTime steady_now() const override {
        return SteadyTime{kSteadyStart} + elapsed_.load();
    }
    [[nodiscard]] WallTime wall_now() const override {
        return WallTime{kWallStart} + elapsed_.load() + wall_step_.load();
    }
    void advance(std::chrono::milliseconds by) { elapsed_.store(elapsed_.load() + by); }
    /// Sets the time of day, as an operator may: deadlines and ages must not change.
    void step_wall(std::chrono::milliseconds by) { wall_step_.store(wall_step_.load() + by); }

private:
    static constexpr std::chrono::hours kSteadyStart{1};
    static constexpr std::chrono::seconds kWallStart{1'700'000'000};
    std::atomic<std::chrono::milliseconds> elapsed_{std::chrono::milliseconds{0}};
    std::atomic<std::chrono::milliseconds> wall_step_{std::chrono::milliseconds{0}};
};

}  // namespace howl
