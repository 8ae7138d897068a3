// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <unordered_map>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "hub/event_log.hpp"

namespace howl::hub {

/// Counts the idempotency keys that a lane remembers, and says whether one more may be taken in.
///
/// A key is a promise for `limits::kIdempotencyWindow`. Making room for a new one by forgetting the
/// oldest would let anybody break the promises made to others, so a new key is refused instead:
/// when its publisher has as many as one may have, or when all together are as many as may be.
///
/// Thread: guarded by its owner.
class KeyQuota {
public:
    KeyQuota(std::size_t keys_max, std::size_t per_publisher_max)
        : keys_max_(keys_max), per_publisher_max_(per_publisher_max) {}

    /// Whether a key may be remembered for an event of `publisher` in a topic of `rank`, beside
    /// `waiting` others of the same batch. An event without a publisher is Howl's own: it has no
    /// quota of a publisher, but counts among all together.
    /// Errors: `kRateLimited`, with the reason.
    [[nodiscard]] Result<void> check(const PublisherId& publisher, TopicRank rank,
                                     std::size_t waiting = 0) const;
    void add(const PublisherId& publisher, std::size_t keys = 1);
    /// Requires: it was added.
    void remove(const PublisherId& publisher);

private:
    // Constant after construction.
    std::size_t keys_max_;
    std::size_t per_publisher_max_;
    // Guarded by the owner.
    std::size_t count_ = 0;
    std::unordered_map<PublisherId, std::size_t> by_publisher_;
};

}  // namespace howl::hub
