// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "hub/hub.hpp"
#include "hub/subscriber_counts.hpp"
#include "hub/topic_name.hpp"
#include "runtime/shard_group.hpp"
#include "runtime/task.hpp"

namespace howl::hub {

/// How many readers a topic has in this process: each hub is asked in its own turn, which costs the
/// fan-out nothing.
///
/// Thread: any shard.
class LocalSubscriberCounts final : public SubscriberCounts {
public:
    /// `hubs`: all there are.
    LocalSubscriberCounts(runtime::ShardGroup& shards, std::vector<Hub*> hubs)
        : shards_(shards), hubs_(std::move(hubs)) {}

    [[nodiscard]] runtime::Task<std::size_t> count(ShardId from, TopicName topic) const override;

private:
    runtime::ShardGroup& shards_;
    const std::vector<Hub*> hubs_;
};

}  // namespace howl::hub
