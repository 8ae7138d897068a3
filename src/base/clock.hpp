// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace howl {

/// Time since an arbitrary start, never stepping back: for deadlines and ages.
using SteadyTime = std::chrono::steady_clock::time_point;
/// Time of day, to the millisecond: what users see in an event.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// Where time comes from. Injected, so that tests own it.
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
    [[nodiscard]] SteadyTime steady_now() const override { return std::chrono::steady_clock::now(); }
    [[nodiscard]] WallTime wall_now() const override {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
};

/// A clock that moves only when told.
/// Thread: one.
class ManualClock final : public Clock {
public:
    [[nodiscard]] SteadyTime steady_now() const override { return steady_; }
    [[nodiscard]] WallTime wall_now() const override { return wall_; }
    void advance(std::chrono::milliseconds by) {
        steady_ += by;
        wall_ += by;
    }

private:
    SteadyTime steady_{std::chrono::hours{1}};
    WallTime wall_{std::chrono::seconds{1'700'000'000}};
};

}  // namespace howl
