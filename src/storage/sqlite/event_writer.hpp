// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
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
#include "storage/sqlite/topic_table.hpp"

namespace howl::storage::sqlite {

struct EventWriterLimits {
    /// Reached: `kTooManyTopics`.
    std::size_t topics_max = limits::kTopicsMax;
    /// Reached: `kRateLimited`.
    std::size_t idempotency_keys_max = limits::kIdempotencyKeysMax;
    std::size_t idempotency_keys_per_publisher_max = limits::kIdempotencyKeysPerPublisherMax;
};

/// Writes events inside the transactions of a `GroupCommitter`: gives out sequences and offsets,
/// remembers idempotency keys, applies retention, and reports commits to the listener.
///
/// The numbers of all topics are in memory (`TopicTable`); the tables follow at the end of each
/// group, and a failed unit or a failed group leaves no hole. A store's unit calls `append` beside
/// its own writes and `report` when it completes; so its events are part of the one order.
///
/// Thread: the writer's; construction before it starts.
class EventWriter final : public TransactionMirror {
public:
    /// Requires: `topics` are repaired. Errors: those of `Query::step`.
    [[nodiscard]] static Result<std::unique_ptr<EventWriter>> load(Connection& connection,
                                                                   TopicTable topics,
                                                                   const Clock& clock,
                                                                   Counters& counters,
                                                                   EventWriterLimits limits);

    [[nodiscard]] const hub::AgeClock& age_clock() const noexcept { return age_clock_; }
    /// Requires: before the first group.
    [[nodiscard]] const TopicTable& topics() const noexcept { return topics_; }
    /// Requires: before the first group.
    void set_listener(hub::CommitListener& listener) { listener_ = &listener; }

    /// Everything up to here is committed, and all that was reported is up to here. Thread: any.
    [[nodiscard]] Sequence committed_through() const noexcept {
        return Sequence{committed_through_.load(std::memory_order_acquire)};
    }

    // In WorkUnit::apply.

    /// Errors: those of `EventLog::append`; then the unit must fail with the same error.
    [[nodiscard]] Result<hub::Receipts> append(std::vector<hub::AppendBatch::Item> items,
                                               hub::AppendBatch::Grouping grouping);
    struct Purged {
        Sequence through;  ///< The newest sequence that is gone; 0 for an unknown topic.
        bool is_forgotten = false;
    };
    [[nodiscard]] Result<Purged> purge(const hub::TopicName& name, hub::PurgeScope scope);
    struct Swept {
        std::vector<hub::TopicName> forgotten;
        bool is_done = true;
    };
    /// Deletes expired events of topics without publishers, and forgets empty topics without
    /// readers, a bounded part at a time.
    [[nodiscard]] Result<Swept> sweep();

    // In WorkUnit::complete.

    /// Goes to the listener together with the others of the group.
    void report(hub::CommittedBatch batch) { reports_.push_back(std::move(batch)); }
    /// Gives the listener what has been reported so far.
    void flush_reports();
    /// Gives the listener the forgotten topics, after what has been reported.
    void report_forgotten(std::span<const hub::TopicName> topics);

    void begin_group() override;
    void begin_unit() override;
    void undo_unit() override;
    [[nodiscard]] Result<void> finish_group() override;
    void undo_group() override;
    void group_completed() override;

private:
    using Topic = TopicTable::Topic;
    /// A point to return to.
    struct Mark {
        TopicTable::Mark topics;
        Sequence last_sequence;
        std::size_t keys = 0;
        std::uint64_t new_events = 0;
    };
    enum class Deletion : std::uint8_t { kWhenWorthIt, kNow };

    struct Statements {
        Statement put_event;
        Statement delete_events;
    };

    EventWriter(const Clock& clock, Counters& counters, EventWriterLimits limits,
                Statements statements, TopicScan scan, IdempotencyTable keys, TopicTable topics);

    [[nodiscard]] Result<hub::Receipt> append_one(hub::AppendBatch::Item item,
                                                  hub::PlaceInGroup place);
    /// How many of them no earlier append has stored.
    [[nodiscard]] Result<std::uint16_t> count_new(const std::vector<hub::AppendBatch::Item>& items);
    [[nodiscard]] Result<TopicTable::Entry*> topic_for_append(const hub::TopicName& name,
                                                              hub::TopicRank rank);
    [[nodiscard]] bool is_expired(const Topic& topic) const;
    [[nodiscard]] bool may_forget(const TopicTable::Entry& topic, WallTime last_use) const;
    void plan_sweep();
    [[nodiscard]] Result<void> forget(TopicTable::Entry& topic);
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
    TopicTable topics_;
    std::deque<hub::TopicName> to_sweep_;
    Sequence last_sequence_;
    std::uint64_t new_events_ = 0;  ///< Of this group.
    WallTime wall_now_;             ///< Of this group.
    WallTime age_now_;              ///< Of this group.
    Mark group_begin_;
    Mark unit_begin_;
    std::vector<hub::CommittedBatch> reports_;
    // Shared.
    std::atomic<std::uint64_t> committed_through_;
};

}  // namespace howl::storage::sqlite
