// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/mutex.hpp"

namespace howl::broker::kafka {

/// What a partition's worker tells the consumer's thread.
struct Progress {
    std::uint64_t worker = 0;  ///< Which one; no two in a process have the same number.
    std::uint64_t next = 0;    ///< Its checkpoint, if `records` is not 0.
    std::size_t records = 0;   ///< Done since the last time, and no longer in work.
    std::size_t bytes = 0;
    bool ended = false;  ///< It takes no more, and has nothing under way.
};

/// The way from the workers, on their shards, to the consumer's thread.
/// Thread: any.
/// Limits: one entry for each range in work, so as many as there are workers, about.
class ProgressBoard {
public:
    void report(Progress progress) {
        {
            const MutexLock lock{mutex_};
            news_.push_back(progress);
        }
        told_.notify_one();
    }
    /// Takes what is there, after waiting for something, for `at_most`.
    [[nodiscard]] std::vector<Progress> take(std::chrono::milliseconds at_most = {}) {
        const auto deadline = std::chrono::steady_clock::now() + at_most;
        const MutexLock lock{mutex_};
        while (news_.empty() && told_.wait_until(mutex_, deadline)) {
        }
        return std::exchange(news_, {});
    }

private:
    Mutex mutex_;
    Condition told_;
    std::vector<Progress> news_ HOWL_GUARDED_BY(mutex_);
};

}  // namespace howl::broker::kafka
