// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>

#include "base/error.hpp"
#include "base/mutex.hpp"
#include "storage/sqlite/topic_recovery.hpp"

namespace howl::storage::sqlite {

/// Logs damaged rows, each once, however often it is read.
///
/// Limits: 1000 rows are distinguished and logged; further ones are counted as often as they are
/// read.
/// Thread: any.
class DamageReport {
public:
    /// A row that is left out. `error` names it in its detail.
    void add(const Error& error);
    /// A row that is recovered or given up.
    void add(const DamagedRow& row);
    [[nodiscard]] std::uint64_t count() const;

private:
    static constexpr std::size_t kDistinctRowsMax = 1000;

    /// Counts it; true where it is to be logged.
    [[nodiscard]] bool is_new(std::string name);

    // Shared.
    mutable Mutex mutex_;
    std::unordered_set<std::string> seen_ HOWL_GUARDED_BY(mutex_);
    std::uint64_t count_ HOWL_GUARDED_BY(mutex_) = 0;
};

}  // namespace howl::storage::sqlite
