// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "base/result.hpp"
#include "hub/hub.hpp"
#include "runtime/shard_group.hpp"
#include "runtime/task.hpp"

namespace howl::products {

/// Runs `work` on one shard and returns when it has.
/// Thread: not a shard's. Requires: shards run.
void run_on(runtime::ShardGroup& shards, ShardId shard, const std::function<void()>& work);

/// Runs the task that `work` makes on the shard of `hub` and returns what it has come to.
/// Thread: not a shard's. Requires: shards run.
[[nodiscard]] Result<void> complete_on(runtime::ShardGroup& shards, hub::Hub& hub,
                                       std::function<runtime::Task<Result<void>>()> work);

}  // namespace howl::products
