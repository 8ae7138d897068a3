// SPDX-License-Identifier: Apache-2.0
#include "hub/key_quota.hpp"

#include "base/assert.hpp"

namespace howl::hub {

Result<void> KeyQuota::check(const PublisherId& publisher, TopicRank rank,
                             std::size_t waiting) const {
    if (count_ + waiting >= share_of(rank, keys_max_)) {
        return fail(Errc::kRateLimited, "append",
                    "the server remembers as many idempotency keys as it may, each for 10 minutes; "
                    "publish later, or without a key");
    }
    const auto own = by_publisher_.find(publisher);
    const std::size_t count = own == by_publisher_.end() ? 0 : own->second;
    if (!publisher.value().empty() && count + waiting >= per_publisher_max_) {
        return fail(Errc::kRateLimited, "append",
                    "the server remembers as many idempotency keys of this address as it may, each "
                    "for 10 minutes; publish later, or without a key");
    }
    return {};
}

void KeyQuota::add(const PublisherId& publisher, std::size_t keys) {
    count_ += keys;
    by_publisher_[publisher] += keys;
}

void KeyQuota::remove(const PublisherId& publisher) {
    const auto own = by_publisher_.find(publisher);
    HOWL_ASSERT(own != by_publisher_.end() && count_ > 0);
    --count_;
    if (--own->second == 0) {
        by_publisher_.erase(own);
    }
}

}  // namespace howl::hub
