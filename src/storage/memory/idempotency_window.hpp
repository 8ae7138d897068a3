// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "hub/content_fingerprint.hpp"

namespace howl::storage::memory {

/// The idempotency keys of the last `limits::kIdempotencyWindow`, and what each of them stored.
///
/// Limits: `keys_max`; beyond it the oldest are forgotten first.
/// Thread: guarded by its owner.
class IdempotencyWindow {
public:
    struct Entry {
        hub::ContentFingerprint fingerprint;
        Offset offset;
        Sequence sequence;
        WallTime time;
    };

    explicit IdempotencyWindow(std::size_t keys_max) : keys_max_(keys_max) {}

    /// The scope of a key is its topic.
    [[nodiscard]] static std::string scoped_key(const hub::NewEvent& event);

    /// Null: unknown, or forgotten by now.
    [[nodiscard]] const Entry* find(const std::string& scoped_key) const;
    /// Requires: `find` returns null for it.
    void remember(std::string scoped_key, const Entry& entry, WallTime now);
    /// Forgets the keys from before the window.
    void expire(WallTime now);

private:
    struct Remembered {
        WallTime since;
        std::string scoped_key;
    };

    void forget_oldest();

    // Constant after construction.
    const std::size_t keys_max_;
    // Guarded by the owner.
    std::unordered_map<std::string, Entry> entries_;
    std::deque<Remembered> by_age_;
};

}  // namespace howl::storage::memory
