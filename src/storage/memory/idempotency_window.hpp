// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "hub/content_fingerprint.hpp"
#include "hub/key_quota.hpp"

namespace howl::storage::memory {

/// The idempotency keys of the last `limits::kIdempotencyWindow`, and what each of them stored.
///
/// Limits: `hub::KeyQuota`; beyond it a new key is refused.
/// Thread: guarded by its owner.
class IdempotencyWindow {
public:
    struct Entry {
        hub::ContentFingerprint fingerprint;
        Offset offset;
        Sequence sequence;
        WallTime time;
    };

    explicit IdempotencyWindow(hub::KeyQuota quota) : quota_(std::move(quota)) {}

    /// The scope of a key is its topic, as long as that is not forgotten.
    [[nodiscard]] static std::string scoped_key(std::uint64_t topic_id, std::string_view key);

    /// Null: unknown, or forgotten by now.
    [[nodiscard]] const Entry* find(const std::string& scoped_key) const;
    [[nodiscard]] const hub::KeyQuota& quota() const noexcept { return quota_; }
    /// Requires: `find` returns null for it, and the quota has room.
    void remember(std::string scoped_key, const PublisherId& publisher, const Entry& entry,
                  WallTime now);
    /// Forgets the keys from before the window.
    void expire(WallTime now);

private:
    struct Remembered {
        WallTime since;
        std::string scoped_key;
        PublisherId publisher;
    };

    void forget_oldest();

    // Guarded by the owner.
    hub::KeyQuota quota_;
    std::unordered_map<std::string, Entry> entries_;
    std::deque<Remembered> by_age_;
};

}  // namespace howl::storage::memory
