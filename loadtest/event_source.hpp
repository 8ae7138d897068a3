// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace howl::loadtest {

/// A series of events, due at a fixed rate.
struct SendPlan {
    double rate_per_second = 1;
    std::uint64_t count = 0;
    std::uint64_t first_number = 1;  ///< `Stamp::number` of the first.
    std::size_t payload_bytes = 140;
};

/// When the `index`-th event of `plan` is due, counted from the first.
///
/// The rate is lower than asked by 0.06 %: the kernel divides CPU time into user and system by
/// sampling at its clock ticks, and a period in step with the tick would always be sampled at the
/// same point of the work. So the samples drift through all of it.
[[nodiscard]] inline std::chrono::nanoseconds due_after(const SendPlan& plan, std::uint64_t index) {
    constexpr double kNanosPerSecond = 1e9;
    constexpr double kDrift = 1.0 + 1.0 / 1618.0;
    const double seconds = static_cast<double>(index) * kDrift / plan.rate_per_second;
    return std::chrono::nanoseconds{static_cast<std::int64_t>(seconds * kNanosPerSecond)};
}

/// Sends stamped events beside the thread that reads them: through the server under test, or
/// straight into the readers' sockets.
class EventSource {
public:
    virtual ~EventSource() = default;

    /// Begins a plan. Requires: the one before is done.
    [[nodiscard]] virtual Result<void> start(const SendPlan& plan) = 0;
    /// The plan is finished, or cannot go on.
    [[nodiscard]] virtual bool done() = 0;
    /// Events of the current plan that are acknowledged by the server, or sent to all sockets.
    [[nodiscard]] virtual std::uint64_t sent() const = 0;
    /// Ends the plan after the present event.
    virtual void stop() = 0;
    /// Why the plan could not go on; empty without a failure.
    [[nodiscard]] virtual std::string failure() const = 0;
};

}  // namespace howl::loadtest
