// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/idempotency_table.hpp"

#include <algorithm>
#include <span>

#include "base/limits.hpp"
#include "hub/topic_ledger.hpp"
#include "storage/sqlite/rows.hpp"

namespace howl::storage::sqlite {

Result<IdempotencyTable> IdempotencyTable::create(Connection& connection, std::size_t keys_max) {
    HOWL_TRY(find, connection.prepare("SELECT sequence, topic_offset, time_ms, kept_ms, fingerprint"
                                      " FROM idempotency_keys WHERE topic_id = ? AND key = ?"));
    HOWL_TRY(put, connection.prepare("INSERT INTO idempotency_keys (sequence, topic_id, key,"
                                     " topic_offset, time_ms, kept_ms, fingerprint)"
                                     " VALUES (?, ?, ?, ?, ?, ?, ?)"));
    HOWL_TRY(oldest, connection.prepare("SELECT sequence, kept_ms FROM idempotency_keys"
                                        " ORDER BY sequence LIMIT 1"));
    HOWL_TRY(erase, connection.prepare("DELETE FROM idempotency_keys WHERE sequence = ?"));
    HOWL_TRY(count, connection.query_integer("SELECT count(*) FROM idempotency_keys"));
    return IdempotencyTable{{std::move(find), std::move(put), std::move(oldest), std::move(erase)},
                            keys_max,
                            static_cast<std::size_t>(count)};
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

Result<void> IdempotencyTable::put(std::int64_t topic_id, std::string_view key, const Entry& entry,
                                   WallTime now) {
    if (keys_max_ == 0) {
        return {};
    }
    while (count_ >= keys_max_) {
        HOWL_TRY(forgotten, forget_oldest(WallTime::max()));
        if (!forgotten) {
            break;
        }
    }
    Query query{statements_.put};
    query.integer(1, entry.sequence.value())
        .integer(2, topic_id)
        .text(3, key)
        .integer(4, entry.offset.value())
        .integer(5, to_ms(entry.time))
        .integer(6, to_ms(now))
        .blob(7, std::span<const std::uint8_t>{entry.fingerprint});
    HOWL_TRY_VOID(query.run());
    ++count_;
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

Result<void> IdempotencyTable::erase(Sequence sequence) {
    Query query{statements_.erase};
    query.integer(1, sequence.value());
    HOWL_TRY_VOID(query.run());
    --count_;
    return {};
}

}  // namespace howl::storage::sqlite
