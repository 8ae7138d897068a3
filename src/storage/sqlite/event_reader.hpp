// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/ids.hpp"
#include "hub/event_log.hpp"
#include "hub/topic_ledger.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/read_snapshot.hpp"
#include "storage/sqlite/rows.hpp"
#include "storage/sqlite/stats.hpp"
#include "storage/sqlite/topic_scan.hpp"
#include "storage/sqlite/topic_table.hpp"

namespace howl::storage::sqlite {

/// Reads committed events, over a connection that cannot write.
///
/// Each answer is one snapshot of the file. Events that retention has dropped are not shown, even
/// where their rows have not been deleted yet. Every row's checksum is compared. A row with a wrong
/// checksum, a missing one, or one on a page that SQLite finds malformed is left out, counted and
/// logged once, and the answer reports it: a gap of its topic, a missing offset of the page. One
/// bad sector loses the events on it and no others.
///
/// Thread: one at a time.
class EventReader {
public:
    [[nodiscard]] static Result<std::unique_ptr<EventReader>> create(Connection connection,
                                                                     const hub::AgeClock& clock,
                                                                     Counters& counters);

    /// For preparing statements. Requires: before the reading thread starts.
    [[nodiscard]] Connection& connection() { return connection_; }

    // The reads of `hub::EventLog`. Errors: `kReadFailed`; `kDamaged` where a topic's row is.

    /// Ends at a damaged row or page, so that one bad sector doesn't keep a server from starting.
    /// Events older than a missing one of their topic are left out: a reader that resumes there
    /// must get the gap, from `read`.
    [[nodiscard]] Result<std::vector<hub::EventRef>> newest(const TopicTable& topics,
                                                            std::size_t bytes_max);
    [[nodiscard]] Result<hub::LogSlice> read(std::vector<hub::TopicName> names, Sequence after,
                                             std::size_t limit);
    [[nodiscard]] Result<hub::HistoryPage> history(const hub::TopicName& name, Offset after,
                                                   std::size_t limit);

private:
    struct Statements {
        ReadSnapshot::Statements snapshot;
        Statement topic;
        Statement forgotten;
        Statement event;
        Statement events_backwards;
    };
    class Merge;
    class Backwards;

    EventReader(Connection connection, const hub::AgeClock& clock, Counters& counters,
                Statements statements, TopicScan scan)
        : clock_(clock),
          counters_(counters),
          connection_(std::move(connection)),
          statements_(std::move(statements)),
          scan_(std::move(scan)) {}

    /// The row of `name`; for an unknown topic one whose events are all gone.
    [[nodiscard]] Result<TopicRow> find_topic(const hub::TopicName& name);
    [[nodiscard]] Result<TopicRow> find_forgotten(const hub::TopicName& name);
    /// Applies the age limit of this moment to `row`.
    [[nodiscard]] Result<void> expire(TopicRow& row) const;
    [[nodiscard]] Result<hub::EventRef> event_at(const hub::TopicName& name, std::int64_t topic_id,
                                                 Offset offset);
    /// Errors: `kDamaged`.
    [[nodiscard]] Error missing(const hub::TopicName& name, Offset offset) const;
    template <class T>
    [[nodiscard]] Result<T> count_damage(Result<T> row) const;

    // Constant after construction.
    const hub::AgeClock& clock_;
    Counters& counters_;
    Connection connection_;
    const Statements statements_;
    const TopicScan scan_;
};

}  // namespace howl::storage::sqlite
