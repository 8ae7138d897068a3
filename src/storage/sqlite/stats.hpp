// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/result.hpp"
#include "storage/sqlite/damage_report.hpp"

namespace howl::storage::sqlite {

/// What the log has done since it was opened.
struct Stats {
    std::uint64_t commits = 0;                ///< Group commits, each one sync of the disk.
    std::uint64_t events = 0;                 ///< Events that they stored.
    std::chrono::nanoseconds commit_time{0};  ///< Sum over the commits, from COMMIT to durable.
    std::uint64_t queued_events = 0;          ///< Waiting for the disk now.
    std::uint64_t corrupt_rows = 0;           ///< Found and not served; each counts once.
};

/// The counters behind `Stats`.
/// Thread: any.
struct Counters {
    std::atomic<std::uint64_t> commits = 0;
    std::atomic<std::uint64_t> events = 0;
    std::atomic<std::int64_t> commit_ns = 0;
    DamageReport damage;
};

/// Returns `row`, and counts it if it was damaged.
template <class T>
[[nodiscard]] Result<T> count_damage(Counters& counters, Result<T> row) {
    if (!row && row.error().code == Errc::kDamaged) {
        counters.damage.add(row.error());
    }
    return row;
}

}  // namespace howl::storage::sqlite
