// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/rows.hpp"

namespace howl::storage::sqlite {

/// Finds kept events of one topic by sequence or age. Offsets have no holes and everything else
/// rises with them, so a binary search over the index of offsets replaces further indexes. An event
/// that is missing, though nothing removed it, counts as the next existing one; after the last one,
/// the topic's row decides. Thread: the connection's.
class TopicScan {
public:
    [[nodiscard]] static Result<TopicScan> create(Connection& connection);

    struct Location {
        Offset offset;
        Sequence sequence;
    };
    /// The first event at `offset` or after it; empty: there is none.
    [[nodiscard]] Result<std::optional<Location>> first_from(std::int64_t topic_id,
                                                             Offset offset) const;
    /// The sequence of the event at `offset`, or a greater one below that of the next event.
    [[nodiscard]] Result<Sequence> sequence_through(const TopicRow& row, Offset offset) const;
    /// The time from which the event at `offset` ages.
    [[nodiscard]] Result<WallTime> kept_at(const TopicRow& row, Offset offset) const;

    /// The last offset of `row` whose event has a sequence of at most `sequence`;
    /// `from` if none above it has.
    [[nodiscard]] Result<Offset> last_until(const TopicRow& row, Offset from,
                                            Sequence sequence) const;
    /// The same for the age time.
    [[nodiscard]] Result<Offset> last_until(const TopicRow& row, Offset from, WallTime kept) const;

private:
    TopicScan(Statement first_from, Statement kept_from)
        : first_from_(std::move(first_from)), kept_from_(std::move(kept_from)) {}

    Statement first_from_;
    Statement kept_from_;
};

}  // namespace howl::storage::sqlite
