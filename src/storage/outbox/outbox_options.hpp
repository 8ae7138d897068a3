// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "telemetry/metrics.hpp"

namespace howl::storage::outbox {

/// What differs between two foreign stores, seen from their outbox.
struct OutboxOptions {
    /// The foreign store's, for errors; of program text.
    std::string_view name;
    /// Kind of the small records that say what was relayed. They outlive the process, so it never
    /// changes, and no two foreign stores have the same.
    std::string relayed_kind;
    /// Shows the events that wait in items.
    telemetry::Gauge pending_events;
    /// All tries of one read or commit. Reached: `kStorageFailed`.
    std::chrono::milliseconds commit_time = std::chrono::seconds{2};
    /// Reads and commits at the same time. Reached: `kOverloaded`.
    std::uint64_t in_flight_max = 1000;
    /// Of a commit's events, which must fit into an item with the largest record. Reached:
    /// `kBodyTooLarge`.
    std::size_t events_bytes_max = std::size_t{192} * 1024;
    /// Of one list, in memory. Reached: `kStorageFailed`.
    std::size_t list_bytes_max = std::size_t{256} * 1024 * 1024;
};

/// How long what is begun may take.
class TimeBudget {
public:
    TimeBudget(const Clock& clock, std::chrono::milliseconds most) : clock_(clock), most_(most) {}

    /// Of what is begun now. Thread: any.
    [[nodiscard]] SteadyTime deadline() const { return clock_.steady_now() + most_; }
    [[nodiscard]] std::chrono::milliseconds time_left(SteadyTime deadline) const {
        return std::chrono::ceil<std::chrono::milliseconds>(deadline - clock_.steady_now());
    }
    [[nodiscard]] bool is_over(SteadyTime deadline) const {
        return deadline <= clock_.steady_now();
    }

private:
    const Clock& clock_;
    const std::chrono::milliseconds most_;
};

}  // namespace howl::storage::outbox
