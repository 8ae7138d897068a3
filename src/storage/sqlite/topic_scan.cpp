// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/topic_scan.hpp"

#include <string>
#include <utility>

namespace howl::storage::sqlite {
namespace {

/// The last offset in (from, last] for which `holds`, by binary search; `from` if for none.
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
    const auto prepare_first = [&connection](const std::string& columns) {
        return connection.prepare("SELECT " + columns +
                                  " FROM events WHERE topic_id = ? AND topic_offset >= ?"
                                  " ORDER BY topic_offset LIMIT 1");
    };
    HOWL_TRY(first_from, prepare_first("topic_offset, sequence"));
    HOWL_TRY(kept_from, prepare_first("kept_ms"));
    return TopicScan{std::move(first_from), std::move(kept_from)};
}

Result<std::optional<TopicScan::Location>> TopicScan::first_from(std::int64_t topic_id,
                                                                 Offset offset) const {
    Query query{first_from_};
    query.integer(1, topic_id).integer(2, offset.value());
    HOWL_TRY(step, query.step());
    if (step == Query::Step::kDone) {
        return std::nullopt;
    }
    return Location{Offset{query.number(0)}, Sequence{query.number(1)}};
}

Result<Sequence> TopicScan::sequence_through(const TopicRow& row, Offset offset) const {
    HOWL_TRY(found, first_from(row.id, offset));
    if (!found) {
        return row.ledger.last_sequence;
    }
    return found->offset == offset ? found->sequence : Sequence{found->sequence.value() - 1};
}

Result<WallTime> TopicScan::kept_at(const TopicRow& row, Offset offset) const {
    Query query{kept_from_};
    query.integer(1, row.id).integer(2, offset.value());
    HOWL_TRY(step, query.step());
    return step == Query::Step::kRow ? from_ms(query.integer(0)) : row.last_kept;
}

Result<Offset> TopicScan::last_until(const TopicRow& row, Offset from, Sequence sequence) const {
    return partition_point(from, row.ledger.last_offset, [&](Offset offset) -> Result<bool> {
        HOWL_TRY(found, first_from(row.id, offset));
        return (found ? found->sequence : row.ledger.last_sequence) <= sequence;
    });
}

Result<Offset> TopicScan::last_until(const TopicRow& row, Offset from, WallTime kept) const {
    return partition_point(from, row.ledger.last_offset, [&](Offset offset) -> Result<bool> {
        HOWL_TRY(found, kept_at(row, offset));
        return found <= kept;
    });
}

}  // namespace howl::storage::sqlite
