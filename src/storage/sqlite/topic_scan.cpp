// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/topic_scan.hpp"

#include <string>
#include <utility>

namespace howl::storage::sqlite {
namespace {

Result<std::int64_t> integer_at(const Statement& statement, std::int64_t topic_id, Offset offset) {
    Query query{statement};
    query.integer(1, topic_id).integer(2, offset.value());
    HOWL_TRY(step, query.step());
    if (step == Query::Step::kDone) {
        return fail(Errc::kStorageFailed, "find event",
                    "event " + std::to_string(offset.value()) + " of topic " +
                        std::to_string(topic_id) + " is missing");
    }
    return query.integer(0);
}

/// The last offset in (from, last] for which `holds`, which is true for a first part of them.
template <class Predicate>
Result<Offset> partition_point(Offset from, Offset last, Predicate holds) {
    std::uint64_t low = from.value();
    std::uint64_t high = last.value();
    while (low < high) {
        const std::uint64_t middle = high - (high - low) / 2;
        HOWL_TRY(inside, holds(Offset{middle}));
        if (inside) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return Offset{low};
}

}  // namespace

Result<TopicScan> TopicScan::create(Connection& connection) {
    HOWL_TRY(sequence_at, connection.prepare("SELECT sequence FROM events"
                                             " WHERE topic_id = ? AND topic_offset = ?"));
    HOWL_TRY(kept_at, connection.prepare("SELECT kept_ms FROM events"
                                         " WHERE topic_id = ? AND topic_offset = ?"));
    return TopicScan{std::move(sequence_at), std::move(kept_at)};
}

Result<Sequence> TopicScan::sequence_at(std::int64_t topic_id, Offset offset) const {
    HOWL_TRY(sequence, integer_at(sequence_at_, topic_id, offset));
    return Sequence{static_cast<std::uint64_t>(sequence)};
}

Result<WallTime> TopicScan::kept_at(std::int64_t topic_id, Offset offset) const {
    HOWL_TRY(kept_ms, integer_at(kept_at_, topic_id, offset));
    return from_ms(kept_ms);
}

Result<Offset> TopicScan::last_until(const TopicRow& row, Offset from, Sequence sequence) const {
    return partition_point(from, row.ledger.last_offset, [&](Offset offset) -> Result<bool> {
        HOWL_TRY(found, sequence_at(row.id, offset));
        return found <= sequence;
    });
}

Result<Offset> TopicScan::last_until(const TopicRow& row, Offset from, WallTime kept) const {
    return partition_point(from, row.ledger.last_offset, [&](Offset offset) -> Result<bool> {
        HOWL_TRY(found, kept_at(row.id, offset));
        return found <= kept;
    });
}

}  // namespace howl::storage::sqlite
