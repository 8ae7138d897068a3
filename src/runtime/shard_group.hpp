// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "runtime/shard.hpp"
#include "runtime/task.hpp"

namespace howl::runtime {

/// All shards of the process, each on a thread of its own.
/// Thread: `post` any; the rest belongs to the thread that made it.
class ShardGroup {
public:
    /// Limits: at most 64 shards, since sets of shards are bit masks.
    static constexpr std::size_t kShardsMax = 64;

    ShardGroup(std::size_t count, const Clock& clock);
    ~ShardGroup();
    ShardGroup(const ShardGroup&) = delete;
    ShardGroup& operator=(const ShardGroup&) = delete;

    void start();
    /// Ends every loop and joins the threads. Idempotent.
    /// Requires: no sessions and no tasks are left.
    void stop();

    void post(ShardId to, std::move_only_function<void()> work);
    /// Has `work` done on shard `to` and brings its answer back to `from`, the caller's shard.
    /// `work` is given a move-only `void(T)`, which it calls once, at any time, on `to`.
    template <class T, class Work>
    [[nodiscard]] Task<T> call(ShardId from, ShardId to, Work work);
    /// Runs `work` on every shard and returns when all have.
    /// Requires: not called from a shard.
    void run_on_all(const std::function<void(Shard&)>& work);

    [[nodiscard]] std::size_t size() const noexcept { return shards_.size(); }
    [[nodiscard]] Shard& at(ShardId id) { return *shards_[id.value()]; }

    /// The cores this process may use.
    [[nodiscard]] static std::size_t usable_cores();

private:
    std::vector<std::unique_ptr<Shard>> shards_;
    std::vector<std::thread> threads_;
};

template <class T, class Work>
Task<T> ShardGroup::call(ShardId from, ShardId to, Work work) {
    auto start = [this, from, to, work = std::move(work)](auto callback) mutable {
        auto answer = [this, from, callback = std::move(callback)](T value) mutable {
            post(from, [callback = std::move(callback), value = std::move(value)]() mutable {
                std::move(callback)(std::move(value));
            });
        };
        post(to, [work = std::move(work), answer = std::move(answer)]() mutable {
            work(std::move(answer));
        });
    };
    co_return co_await completion_of<T>(std::move(start));
}

}  // namespace howl::runtime
