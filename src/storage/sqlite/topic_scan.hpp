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

/// Finds places among the kept events of one topic. Offsets have no holes and everything else rises
/// with them, so a place is found in a few look-ups of the index instead of by an index of its own.
/// An event that is missing, though nothing removed it, counts as the next one that is there;
/// behind the last one, the topic's row tells. Thread: the connection's.
class TopicScan {
public:
    [[nodiscard]] static Result<TopicScan> create(Connection& connection);

    struct Place {
        Offset offset;
        Sequence sequence;
    };
    /// The first event at `offset` or behind it; empty: there is none.
    [[nodiscard]] Result<std::optional<Place>> first_from(std::int64_t topic_id,
                                                          Offset offset) const;
    /// At least the sequence of the event at `offset`, and below that of the next.
    [[nodiscard]] Result<Sequence> sequence_through(const TopicRow& row, Offset offset) const;
    /// From when on the event at `offset` ages.
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
