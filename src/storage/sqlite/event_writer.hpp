// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "hub/content_fingerprint.hpp"
#include "hub/event_log.hpp"
#include "hub/topic_ledger.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/group_committer.hpp"
#include "storage/sqlite/idempotency_table.hpp"
#include "storage/sqlite/rows.hpp"
#include "storage/sqlite/topic_scan.hpp"

namespace howl::storage::sqlite {

struct EventWriterLimits {
    /// Reached: `kTooManyTopics`.
    std::size_t topics_max = limits::kTopicsMax;
    /// Reached: the oldest keys are forgotten.
    std::size_t idempotency_keys_max = limits::kIdempotencyKeysMax;
};

/// Writes events inside the transactions of a `GroupCommitter`: gives out sequences and offsets,
/// remembers idempotency keys, applies retention, and tells the listener what was committed.
///
/// The numbers of all topics live in memory; the tables follow at the end of each group. Every
/// change keeps what it replaced until the group is committed, so that a failed unit or a failed
/// group leaves no hole. A store's unit calls `append` beside its own writes and `report` when it
/// settles; its events then take their place in the one order.
///
/// Thread: the writer's; construction before it starts.
class EventWriter final : public TransactionMirror {
public:
    /// Errors: `kStorageFailed` when a topic's row is damaged: its next offset would be a guess.
    [[nodiscard]] static Result<std::unique_ptr<EventWriter>> load(Connection& connection,
                                                                   const Clock& clock,
                                                                   Counters& counters,
                                                                   EventWriterLimits limits);

    [[nodiscard]] const hub::AgeClock& age_clock() const noexcept { return age_clock_; }
    /// Requires: before the first group.
    void set_listener(hub::CommitListener& listener) { listener_ = &listener; }

    // In WorkUnit::apply.

    /// Errors: those of `EventLog::append`; then the unit must fail with the same error.
    [[nodiscard]] Result<hub::Receipts> append(std::vector<hub::AppendBatch::Item> items);
    /// The newest sequence that is gone; 0 for an unknown topic.
    [[nodiscard]] Result<Sequence> purge(const hub::TopicName& name);
    enum class Sweep : std::uint8_t { kDone, kMore };
    /// Deletes what expired in topics that nobody publishes to, a bounded part at a time.
    [[nodiscard]] Result<Sweep> sweep();

    // In WorkUnit::settle.

    /// Goes to the listener together with the others of the group.
    void report(hub::CommittedBatch batch) { reports_.push_back(std::move(batch)); }
    /// Tells the listener now what has been reported so far.
    void flush_reports();

    void begin_group() override;
    void begin_unit() override;
    void undo_unit() override;
    [[nodiscard]] Result<void> finish_group() override;
    void undo_group() override;
    void group_settled() override;

private:
    struct Topic {
        TopicRow row;
        Offset deleted_offset;  ///< Rows up to here are not in the table any more.
    };
    using Topics = std::unordered_map<hub::TopicName, Topic>;
    /// A topic as it was; empty: it was not there.
    struct Undo {
        Topics::value_type* topic;
        std::optional<Topic> before;
    };
    /// What else to return to.
    struct Mark {
        std::size_t undo_size = 0;
        Sequence last_sequence;
        std::int64_t last_topic_id = 0;
        std::size_t key_count = 0;
        std::uint64_t new_events = 0;
    };
    enum class Deletion : std::uint8_t { kWhenWorthIt, kNow };

    struct Statements {
        Statement put_topic;
        Statement put_event;
        Statement delete_events;
    };

    EventWriter(const Clock& clock, Counters& counters, EventWriterLimits limits,
                Statements statements, TopicScan scan, IdempotencyTable keys, Topics topics);

    [[nodiscard]] Result<hub::Receipt> append_one(hub::AppendBatch::Item item);
    [[nodiscard]] Result<Topics::value_type*> topic_for_append(const hub::TopicName& name);
    void remember(Topics::value_type& topic);
    [[nodiscard]] Result<void> apply_retention(Topic& topic, Deletion deletion);
    [[nodiscard]] Result<void> delete_evicted(Topic& topic);
    [[nodiscard]] Mark mark() const;
    void return_to(const Mark& mark);

    // Constant after construction.
    const Clock& clock_;
    Counters& counters_;
    const EventWriterLimits limits_;
    const Statements statements_;
    const TopicScan scan_;
    const hub::AgeClock age_clock_;
    hub::CommitListener* listener_ = nullptr;
    // The writer's.
    IdempotencyTable keys_;
    Topics topics_;
    Sequence last_sequence_;
    std::int64_t last_topic_id_ = 0;
    std::uint64_t new_events_ = 0;  ///< Of this group.
    WallTime wall_now_;             ///< Of this group.
    WallTime age_now_;              ///< Of this group.
    std::vector<Undo> undo_;
    Mark group_begin_;
    Mark unit_begin_;
    std::vector<hub::CommittedBatch> reports_;
};

}  // namespace howl::storage::sqlite
