// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "hub/hub.hpp"
#include "hub/topic_name.hpp"
#include "runtime/shard_group.hpp"
#include "runtime/task.hpp"

namespace howl::hub {

/// How many readers a topic has on the whole node.
///
/// No shard keeps that number, since readers come and go by the thousand: who wants to know asks
/// each hub in its own turn, which costs the fan-out nothing.
///
/// Thread: any shard.
class SubscriberCounter {
public:
    /// `hubs`: all there are.
    SubscriberCounter(runtime::ShardGroup& shards, std::vector<Hub*> hubs)
        : shards_(shards), hubs_(std::move(hubs)) {}

    /// Readers of `topic`, those that still replay included. `from` is the caller's shard.
    [[nodiscard]] runtime::Task<std::size_t> count(ShardId from, TopicName topic) const;

private:
    runtime::ShardGroup& shards_;
    const std::vector<Hub*> hubs_;
};

}  // namespace howl::hub
