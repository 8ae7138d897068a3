// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace howl::broker::kafka {

/// What a partition's worker tells the consumer's thread.
struct Progress {
    std::uint64_t worker = 0;  ///< Which one; no two in a process have the same number.
    std::uint64_t next = 0;    ///< Its place, if `records` is not 0.
    std::size_t records = 0;   ///< Done since the last time, and no longer in work.
    std::size_t bytes = 0;
    bool ended = false;  ///< It takes no more, and has nothing under way.
};

/// The way from the workers, on their shards, to the consumer's thread.
/// Thread: any.
/// Limits: one entry for each stretch in work, so as many as there are workers, about.
class ProgressBoard {
public:
    void tell(Progress progress) {
        {
            const std::scoped_lock lock{mutex_};
            news_.push_back(progress);
        }
        told_.notify_one();
    }
    /// Takes what is there, after waiting for something, for `at_most`.
    [[nodiscard]] std::vector<Progress> take(std::chrono::milliseconds at_most = {}) {
        std::unique_lock lock{mutex_};
        told_.wait_for(lock, at_most, [this] { return !news_.empty(); });
        return std::exchange(news_, {});
    }

private:
    std::mutex mutex_;
    std::condition_variable told_;
    std::vector<Progress> news_;  ///< Guarded by mutex_.
};

}  // namespace howl::broker::kafka
