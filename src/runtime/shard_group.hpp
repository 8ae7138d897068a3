// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "runtime/shard.hpp"

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

}  // namespace howl::runtime
