// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/idempotency_table.hpp"

#include <algorithm>
#include <span>

#include "base/limits.hpp"
#include "hub/topic_ledger.hpp"
#include "storage/sqlite/rows.hpp"

namespace howl::storage::sqlite {
namespace {

/// Expired keys forgotten when a new one finds no room.
constexpr std::size_t kForgottenForRoom = 256;

}  // namespace

Result<IdempotencyTable> IdempotencyTable::load(Connection& connection, hub::KeyQuota quota) {
    HOWL_TRY(find, connection.prepare("SELECT sequence, topic_offset, time_ms, kept_ms, fingerprint"
                                      " FROM idempotency_keys WHERE topic_id = ? AND key = ?"));
    HOWL_TRY(put, connection.prepare("INSERT INTO idempotency_keys (sequence, topic_id, key,"
                                     " topic_offset, time_ms, kept_ms, fingerprint, publisher)"
                                     " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
    HOWL_TRY(oldest, connection.prepare("SELECT sequence, kept_ms FROM idempotency_keys"
                                        " ORDER BY sequence LIMIT 1"));
    HOWL_TRY(erase, connection.prepare("DELETE FROM idempotency_keys WHERE sequence = ?"
                                       " RETURNING publisher"));
    HOWL_TRY(erase_topic, connection.prepare("DELETE FROM idempotency_keys WHERE topic_id = ?"
                                             " RETURNING publisher"));
    HOWL_TRY(counts, connection.prepare("SELECT publisher, count(*) FROM idempotency_keys"
                                        " GROUP BY publisher"));
    Query query{counts};
    for (;;) {
        HOWL_TRY(step, query.step());
        if (step == Query::Step::kDone) {
            break;
        }
        quota.add(PublisherId{std::string{query.bytes(0)}}, query.number(1));
    }
    return IdempotencyTable{{std::move(find), std::move(put), std::move(oldest), std::move(erase),
                             std::move(erase_topic)},
                            std::move(quota)};
}

Result<std::optional<IdempotencyTable::Entry>> IdempotencyTable::find(std::int64_t topic_id,
                                                                      std::string_view key,
                                                                      WallTime now) {
    Entry entry;
    WallTime kept;
    {
        Query query{statements_.find};
        query.integer(1, topic_id).text(2, key);
        HOWL_TRY(step, query.step());
        if (step == Query::Step::kDone) {
            return std::nullopt;
        }
        entry = {.offset = Offset{query.number(1)},
                 .sequence = Sequence{query.number(0)},
                 .time = from_ms(query.integer(2))};
        kept = from_ms(query.integer(3));
        const auto fingerprint = query.bytes(4);
        if (fingerprint.size() != entry.fingerprint.size()) {
            return fail(Errc::kStorageFailed, "find idempotency key", "the row is damaged");
        }
        std::ranges::transform(fingerprint, entry.fingerprint.begin(),
                               [](char byte) { return static_cast<std::uint8_t>(byte); });
    }
    if (kept <= hub::expiry_cutoff(now, limits::kIdempotencyWindow)) {
        HOWL_TRY_VOID(erase(entry.sequence));
        return std::nullopt;
    }
    return entry;
}

Result<void> IdempotencyTable::put(std::int64_t topic_id, const hub::NewEvent& event,
                                   hub::TopicRank rank, const Entry& entry, WallTime now) {
    if (!quota_.check(event.publisher, rank)) {
        // Expired keys may still be in the table.
        HOWL_TRY_VOID(forget_expired(now, kForgottenForRoom));
        HOWL_TRY_VOID(quota_.check(event.publisher, rank));
    }
    Query query{statements_.put};
    query.integer(1, entry.sequence.value())
        .integer(2, topic_id)
        .text(3, event.idempotency_key)
        .integer(4, entry.offset.value())
        .integer(5, to_ms(entry.time))
        .integer(6, to_ms(now))
        .blob(7, std::span<const std::uint8_t>{entry.fingerprint})
        .text(8, event.publisher.value());
    HOWL_TRY_VOID(query.run());
    count(event.publisher, true);
    return {};
}

Result<std::size_t> IdempotencyTable::forget_expired(WallTime now, std::size_t count) {
    const auto cutoff = hub::expiry_cutoff(now, limits::kIdempotencyWindow);
    for (std::size_t forgotten = 0; forgotten < count; ++forgotten) {
        HOWL_TRY(was_expired, forget_oldest(cutoff));
        if (!was_expired) {
            return forgotten;
        }
    }
    return count;
}

Result<bool> IdempotencyTable::forget_oldest(WallTime cutoff) {
    Sequence sequence;
    {
        Query query{statements_.oldest};
        HOWL_TRY(step, query.step());
        if (step == Query::Step::kDone || from_ms(query.integer(1)) > cutoff) {
            return false;
        }
        sequence = Sequence{query.number(0)};
    }
    HOWL_TRY_VOID(erase(sequence));
    return true;
}

Result<void> IdempotencyTable::forget_topic(std::int64_t topic_id) {
    Query query{statements_.erase_topic};
    query.integer(1, topic_id);
    for (;;) {
        HOWL_TRY(step, query.step());
        if (step == Query::Step::kDone) {
            return {};
        }
        count(PublisherId{std::string{query.bytes(0)}}, false);
    }
}

Result<void> IdempotencyTable::erase(Sequence sequence) {
    Query query{statements_.erase};
    query.integer(1, sequence.value());
    HOWL_TRY(step, query.step());
    if (step == Query::Step::kRow) {
        PublisherId publisher{std::string{query.bytes(0)}};
        HOWL_TRY_VOID(query.run());
        count(std::move(publisher), false);
    }
    return {};
}

void IdempotencyTable::count(PublisherId publisher, bool is_addition) {
    if (is_addition) {
        quota_.add(publisher);
    } else {
        quota_.remove(publisher);
    }
    changes_.push_back({std::move(publisher), is_addition});
}

void IdempotencyTable::return_to(std::size_t mark) {
    for (; changes_.size() > mark; changes_.pop_back()) {
        const auto& [publisher, is_addition] = changes_.back();
        if (is_addition) {
            quota_.remove(publisher);
        } else {
            quota_.add(publisher);
        }
    }
}

}  // namespace howl::storage::sqlite
