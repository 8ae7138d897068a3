// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "base/ids.hpp"
#include "hub/topic_name.hpp"
#include "runtime/task.hpp"

namespace howl::hub {

/// How many readers a topic has (port).
///
/// Readers come and go by the thousand, so nobody keeps that number: it is asked for where it is
/// needed.
///
/// Source: docs/adr/0031.
/// Thread: any shard.
class SubscriberCounts {
public:
    virtual ~SubscriberCounts() = default;

    /// Readers of `topic`, those that still replay included; of whom can't be asked, none.
    /// Completes on `from`, the caller's shard.
    [[nodiscard]] virtual runtime::Task<std::size_t> count(ShardId from, TopicName topic) const = 0;
};

}  // namespace howl::hub
