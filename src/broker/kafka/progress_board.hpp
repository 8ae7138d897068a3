// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/mutex.hpp"

namespace howl::broker::kafka {

/// What a partition's worker reports to the consumer's thread.
struct Progress {
    std::uint64_t worker = 0;  ///< Which one; no two in a process have the same number.
    std::uint64_t next = 0;    ///< Its checkpoint, if `records` is not 0.
    std::size_t records = 0;   ///< Done since the last time, and no longer in work.
    std::size_t bytes = 0;
    bool ended = false;  ///< It takes no more records, and has none in work.
};

/// The queue of reports from the workers, on their shards, to the consumer's thread.
/// Thread: any.
/// Limits: one entry for each range in work, so as many as there are workers, about.
class ProgressBoard {
public:
    void report(Progress progress) {
        {
            const MutexLock lock{mutex_};
            reports_.push_back(progress);
        }
        reported_.notify_one();
    }
    /// Takes all reports; waits for the first, for `at_most`.
    [[nodiscard]] std::vector<Progress> take(std::chrono::milliseconds at_most = {}) {
        const auto deadline = std::chrono::steady_clock::now() + at_most;
        const MutexLock lock{mutex_};
        while (reports_.empty() && reported_.wait_until(mutex_, deadline)) {
        }
        return std::exchange(reports_, {});
    }

private:
    Mutex mutex_;
    Condition reported_;
    std::vector<Progress> reports_ HOWL_GUARDED_BY(mutex_);
};

}  // namespace howl::broker::kafka
