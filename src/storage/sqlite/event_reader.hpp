// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/ids.hpp"
#include "hub/event_log.hpp"
#include "hub/topic_ledger.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/rows.hpp"
#include "storage/sqlite/stats.hpp"
#include "storage/sqlite/topic_scan.hpp"

namespace howl::storage::sqlite {

/// Answers questions about committed events, over a connection that cannot write.
///
/// Each answer is one snapshot of the file. Events that retention has dropped are not shown, also
/// where their rows have not been deleted yet. Every row's checksum is compared; a row that does
/// not fit fails the answer and is counted, because a reader that got the rest would miss an event
/// without knowing.
///
/// Thread: one at a time.
class EventReader {
public:
    [[nodiscard]] static Result<std::unique_ptr<EventReader>> create(Connection connection,
                                                                     const hub::AgeClock& clock,
                                                                     Counters& counters);

    /// For preparing statements. Requires: before the reading thread starts.
    [[nodiscard]] Connection& connection() { return connection_; }

    /// The questions of `hub::EventLog`. Errors: `kStorageFailed`.
    [[nodiscard]] Result<std::vector<hub::TopicState>> topics();
    /// Ends at a damaged row, so that one bad sector doesn't keep a server from starting.
    [[nodiscard]] Result<std::vector<hub::EventRef>> newest(std::size_t bytes_max);
    [[nodiscard]] Result<hub::LogSlice> read(std::vector<hub::TopicName> names, Sequence after,
                                             std::size_t limit);
    [[nodiscard]] Result<hub::HistoryPage> history(const hub::TopicName& name, Offset after,
                                                   std::size_t limit);

private:
    struct Statements {
        Statement begin;
        Statement end;
        Statement all_topics;
        Statement topic;
        Statement event;
        Statement events_backwards;
    };
    class Snapshot;
    class Merge;

    EventReader(Connection connection, const hub::AgeClock& clock, Counters& counters,
                Statements statements, TopicScan scan)
        : clock_(clock),
          counters_(counters),
          connection_(std::move(connection)),
          statements_(std::move(statements)),
          scan_(std::move(scan)) {}

    [[nodiscard]] Result<std::vector<NamedTopicRow>> all_topics();
    [[nodiscard]] Result<std::optional<TopicRow>> find_topic(const hub::TopicName& name);
    /// Moves `row` on to what is gone by age at this moment.
    [[nodiscard]] Result<void> expire(TopicRow& row) const;
    [[nodiscard]] Result<hub::EventRef> event_at(const hub::TopicName& name, std::int64_t topic_id,
                                                 Offset offset);
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
