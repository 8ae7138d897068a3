// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "broker/kafka/partition_feed.hpp"
#include "broker/kafka/partition_worker.hpp"
#include "broker/kafka/progress_board.hpp"
#include "runtime/shard_group.hpp"

namespace howl::broker::kafka {

struct PartitionId {
    std::string topic;
    std::int32_t number = 0;
    [[nodiscard]] auto operator<=>(const PartitionId&) const = default;
};

/// The partitions that are assigned to this process: the records read from each, and its worker.
///
/// ```
///   Assignment 1---* PartitionFeed (the consumer's thread) 1---1 PartitionWorker (a shard)
/// ```
///
/// Thread: the consumer's.
class Assignment {
public:
    struct Assigned {
        PartitionFeed feed;
        ShardId shard;
        std::uint64_t worker_number = 0;
        std::shared_ptr<PartitionWorker> worker;
        bool paused = false;
    };

    explicit Assignment(runtime::ShardGroup& shards) : shards_(shards) {}
    ~Assignment();
    Assignment(const Assignment&) = delete;
    Assignment& operator=(const Assignment&) = delete;

    /// Adds a partition and starts its worker.
    void add(const PartitionId& id, Assigned assigned);
    [[nodiscard]] Assigned* find(const PartitionId& id);
    [[nodiscard]] std::map<PartitionId, Assigned>& all() noexcept { return partitions_; }

    /// Gives the records that have been read to the workers.
    void hand_over();
    void note(const std::vector<Progress>& reports);
    /// Closes every worker and waits until each has ended, for `at_most`; a worker that takes
    /// longer ends by itself.
    void close_workers(ProgressBoard& board, std::chrono::milliseconds at_most);
    /// Forgets all partitions. Requires: their workers are closed.
    void clear();

private:
    runtime::ShardGroup& shards_;
    std::map<PartitionId, Assigned> partitions_;
    std::size_t working_ = 0;  ///< Workers that have not ended.
};

}  // namespace howl::broker::kafka
