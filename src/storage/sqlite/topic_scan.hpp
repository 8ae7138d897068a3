// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/rows.hpp"

namespace howl::storage::sqlite {

/// Finds places among the kept events of one topic. Offsets have no holes and everything else rises
/// with them, so a place is found in a few look-ups of the index instead of by an index of its own.
/// Thread: the connection's.
class TopicScan {
public:
    [[nodiscard]] static Result<TopicScan> create(Connection& connection);

    /// Errors: `kStorageFailed` when the event is not there, though nothing removed it.
    [[nodiscard]] Result<Sequence> sequence_at(std::int64_t topic_id, Offset offset) const;
    [[nodiscard]] Result<WallTime> kept_at(std::int64_t topic_id, Offset offset) const;

    /// The last offset of `row` whose event has a sequence of at most `sequence`;
    /// `from` if none above it has. Requires: events above `from` are in the table.
    [[nodiscard]] Result<Offset> last_until(const TopicRow& row, Offset from,
                                            Sequence sequence) const;
    /// The same for the age time.
    [[nodiscard]] Result<Offset> last_until(const TopicRow& row, Offset from, WallTime kept) const;

private:
    TopicScan(Statement sequence_at, Statement kept_at)
        : sequence_at_(std::move(sequence_at)), kept_at_(std::move(kept_at)) {}

    Statement sequence_at_;
    Statement kept_at_;
};

}  // namespace howl::storage::sqlite
