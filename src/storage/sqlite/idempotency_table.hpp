// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "hub/content_fingerprint.hpp"
#include "hub/key_quota.hpp"
#include "storage/sqlite/connection.hpp"

namespace howl::storage::sqlite {

/// The idempotency keys of the last `limits::kIdempotencyWindow`, committed with their events.
///
/// Limits: `hub::KeyQuota`; beyond it a new key is refused.
/// Thread: the writer's.
class IdempotencyTable {
public:
    struct Entry {
        hub::ContentFingerprint fingerprint{};
        Offset offset;
        Sequence sequence;
        WallTime time;
    };

    [[nodiscard]] static Result<IdempotencyTable> load(Connection& connection, hub::KeyQuota quota);

    /// Empty: unknown, or too old; then the key may be used again.
    [[nodiscard]] Result<std::optional<Entry>> find(std::int64_t topic_id, std::string_view key,
                                                    WallTime now);
    /// Requires: `find` came back empty. Errors: those of `KeyQuota::check`.
    [[nodiscard]] Result<void> put(std::int64_t topic_id, const hub::NewEvent& event,
                                   hub::TopicRank rank, const Entry& entry, WallTime now);
    /// Forgets keys from before the window, at most `count`; returns how many.
    [[nodiscard]] Result<std::size_t> forget_expired(WallTime now, std::size_t count);

    /// Forgets all keys of a topic.
    [[nodiscard]] Result<void> forget_topic(std::int64_t topic_id);

    void begin_group() { changes_.clear(); }
    /// For `return_to`, by a caller who rolls back.
    [[nodiscard]] std::size_t mark() const noexcept { return changes_.size(); }
    void return_to(std::size_t mark);

private:
    struct Statements {
        Statement find;
        Statement put;
        Statement oldest;
        Statement erase;
        Statement erase_topic;
    };
    struct Change {
        PublisherId publisher;
        bool is_addition;
    };
    IdempotencyTable(Statements statements, hub::KeyQuota quota)
        : statements_(std::move(statements)), quota_(std::move(quota)) {}

    void count(PublisherId publisher, bool is_addition);
    [[nodiscard]] Result<void> erase(Sequence sequence);
    /// Forgets the oldest if it is from `cutoff` or before; false: it is not, or there is none.
    [[nodiscard]] Result<bool> forget_oldest(WallTime cutoff);

    Statements statements_;
    hub::KeyQuota quota_;
    std::vector<Change> changes_;  ///< Of this group.
};

}  // namespace howl::storage::sqlite
