// SPDX-License-Identifier: Apache-2.0
#include "runtime/shard_group.hpp"

#include <algorithm>
#include <latch>
#include <sched.h>
#include <utility>

namespace howl::runtime {

ShardGroup::ShardGroup(std::size_t count, const Clock& clock) {
    for (std::size_t i = 0; i < std::clamp<std::size_t>(count, 1, kShardsMax); ++i) {
        shards_.push_back(std::make_unique<Shard>(ShardId{static_cast<std::uint32_t>(i)}, clock));
    }
}

ShardGroup::~ShardGroup() {
    stop();
}

void ShardGroup::start() {
    for (auto& shard : shards_) {
        threads_.emplace_back([&shard = *shard] { shard.run(); });
    }
}

void ShardGroup::stop() {
    for (std::size_t i = 0; i < threads_.size(); ++i) {
        shards_[i]->stop();
    }
    for (auto& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

void ShardGroup::post(ShardId to, std::move_only_function<void()> work) {
    at(to).post(std::move(work));
}

void ShardGroup::run_on_all(const std::function<void(Shard&)>& work) {
    std::latch done{static_cast<std::ptrdiff_t>(shards_.size())};
    for (auto& shard : shards_) {
        shard->post([&work, &done, &shard = *shard] {
            work(shard);
            done.count_down();
        });
    }
    done.wait();
}

std::size_t ShardGroup::usable_cores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) {
        return 1;
    }
    return static_cast<std::size_t>(CPU_COUNT(&set));
}

}  // namespace howl::runtime
