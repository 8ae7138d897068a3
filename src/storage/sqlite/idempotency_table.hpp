// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "hub/content_fingerprint.hpp"
#include "storage/sqlite/connection.hpp"

namespace howl::storage::sqlite {

/// The idempotency keys of the last `limits::kIdempotencyWindow`, committed with their events.
///
/// Limits: `keys_max`; beyond it the oldest are forgotten first.
/// Thread: the writer's.
class IdempotencyTable {
public:
    struct Entry {
        hub::ContentFingerprint fingerprint{};
        Offset offset;
        Sequence sequence;
        WallTime time;
    };

    [[nodiscard]] static Result<IdempotencyTable> create(Connection& connection,
                                                         std::size_t keys_max);

    /// Empty: unknown, or too old; then the key may be used again.
    [[nodiscard]] Result<std::optional<Entry>> find(std::int64_t topic_id, std::string_view key,
                                                    WallTime now);
    /// Requires: `find` came back empty.
    [[nodiscard]] Result<void> put(std::int64_t topic_id, std::string_view key, const Entry& entry,
                                   WallTime now);
    /// Forgets keys from before the window, at most `count`; returns how many.
    [[nodiscard]] Result<std::size_t> forget_expired(WallTime now, std::size_t count);

    /// To be restored by a caller who rolls back.
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    void restore_count(std::size_t count) noexcept { count_ = count; }

private:
    struct Statements {
        Statement find;
        Statement put;
        Statement oldest;
        Statement erase;
    };
    IdempotencyTable(Statements statements, std::size_t keys_max, std::size_t count)
        : statements_(std::move(statements)), keys_max_(keys_max), count_(count) {}

    [[nodiscard]] Result<void> erase(Sequence sequence);
    /// Forgets the oldest if it is from `cutoff` or before; false: it is not, or there is none.
    [[nodiscard]] Result<bool> forget_oldest(WallTime cutoff);

    Statements statements_;
    std::size_t keys_max_;
    std::size_t count_;
};

}  // namespace howl::storage::sqlite
