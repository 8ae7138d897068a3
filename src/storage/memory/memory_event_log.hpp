// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "base/mutex.hpp"
#include "hub/event_log.hpp"
#include "hub/topic_ledger.hpp"
#include "storage/memory/idempotency_window.hpp"

namespace howl::storage::memory {

struct MemoryEventLogOptions {
    /// Written into the events: a node without a data directory keeps its durable lane here.
    hub::Lane lane = hub::Lane::kVolatile;
    /// Reached: `kTooManyTopics`.
    std::size_t topics_max = limits::kTopicsMax;
    /// Reached: `kRateLimited`.
    std::size_t idempotency_keys_max = limits::kIdempotencyKeysMax;
    std::size_t idempotency_keys_per_publisher_max = limits::kIdempotencyKeysPerPublisherMax;
    /// Bytes of events, about. Reached: the oldest events of the whole lane go.
    std::size_t bytes_max = std::size_t{256} * 1024 * 1024;
    /// Events waiting while a listener is slow, an empty batch as one. Reached: `kOverloaded`.
    std::size_t queue_events_max = limits::kAppendQueueEventsMax;
};

/// The event log that lives as long as the process: the volatile lane of every node, the whole log
/// of a node without a data directory, and the log of most tests.
///
/// It has no thread. A thread that appends while no other reports stores and reports everything
/// that waits, its own batch and those that others add meanwhile; so with one publisher `append`
/// returns after its outcome, and with several the listener still gets one group at a time, in
/// order. No lock is held while the listener or a `done` runs: both may call the log.
///
/// Thread: any.
/// Errors: `kDraining` for a batch before `start` or after `stop`; that and `kOverloaded` go
/// straight to `AppendBatch::done`, since nothing of theirs enters the log's order.
class MemoryEventLog final : public hub::EventLog {
public:
    MemoryEventLog(const Clock& clock, Epoch epoch, MemoryEventLogOptions options = {});
    ~MemoryEventLog() override;
    MemoryEventLog(const MemoryEventLog&) = delete;
    MemoryEventLog& operator=(const MemoryEventLog&) = delete;

    [[nodiscard]] Epoch epoch() const override { return epoch_; }
    [[nodiscard]] Result<std::vector<hub::TopicState>> topics() override;
    [[nodiscard]] hub::ForgottenTopics forgotten() const override;
    [[nodiscard]] Result<std::vector<hub::EventRef>> newest(std::size_t bytes_max) override;
    void start(hub::CommitListener& listener) override;
    /// Requires: not called by the listener.
    void stop() override;
    void append(hub::AppendBatch batch) override;
    /// A change elsewhere that is made together with a batch, or not at all.
    using Companion = std::move_only_function<Result<void>()>;
    /// Appends `batch` and makes the change of `companion`, both or neither. It runs at the batch's
    /// turn, when nothing else can refuse the events any more; its error becomes the outcome of the
    /// batch. It runs under the log's lock and must not call the log.
    void append_with(hub::AppendBatch batch, Companion companion);
    void read(std::vector<hub::TopicName> topics, Sequence after, std::size_t limit,
              ReadDone done) override;
    void history(hub::TopicName topic, Offset after, std::size_t limit, HistoryDone done) override;
    void purge(hub::TopicName topic, hub::PurgeScope scope, PurgeDone done) override;

    /// Calls `look` with the newest sequence. It runs under the log's lock, so nothing is appended
    /// meanwhile, and must not call the log.
    void look_at_head(std::move_only_function<void(Sequence)> look) const;
    /// False before `start` and after `stop`.
    [[nodiscard]] bool is_running() const;

private:
    enum class Phase : std::uint8_t { kNotStarted, kRunning, kStopped };

    struct Kept {
        hub::EventRef event;
        WallTime since;
    };
    struct Topic {
        std::uint64_t id = 0;  ///< Never given to two.
        hub::TopicLedger ledger;
        std::deque<Kept> kept;  ///< Offsets from `ledger.evicted_offset` + 1 on.
        WallTime last_kept = WallTime::min();
        WallTime last_keyed = WallTime::min();  ///< Of the last event with a key.
        std::size_t sweep_index = 0;
    };
    using Topics = std::unordered_map<hub::TopicName, std::shared_ptr<Topic>>;
    /// A stored event, which may be evicted since, and its topic forgotten.
    struct StoredEvent {
        std::shared_ptr<Topic> topic;
        Offset offset;
    };
    struct Append {
        hub::AppendBatch batch;
        Companion companion;  ///< Empty: none.
        /// What it counts for in the queue's limit: at least 1, as a companion may be all it has.
        [[nodiscard]] std::size_t weight() const {
            return std::max<std::size_t>(1, batch.items.size());
        }
    };
    struct Purge {
        hub::TopicName topic;
        hub::PurgeScope scope;
        PurgeDone done;
    };
    using Work = std::variant<Append, Purge>;

    void enqueue(Work work) HOWL_REQUIRES(mutex_);
    // These release the lock while they call the listener.
    void run_queue() HOWL_REQUIRES(mutex_);
    void report(std::vector<hub::CommittedBatch>& group) HOWL_REQUIRES(mutex_);
    /// Reports the forgotten topics, after the batches in `group`.
    void report_forgotten(std::vector<hub::CommittedBatch>& group) HOWL_REQUIRES(mutex_);

    [[nodiscard]] Result<hub::Receipts> store(Append& append) HOWL_REQUIRES(mutex_);
    [[nodiscard]] Result<void> check(const std::vector<hub::AppendBatch::Item>& items) const
        HOWL_REQUIRES(mutex_);
    [[nodiscard]] hub::Receipt store_one(hub::AppendBatch::Item item, WallTime now,
                                         hub::PlaceInGroup place) HOWL_REQUIRES(mutex_);
    /// Of the batch's first event that is not a repeated one.
    [[nodiscard]] hub::PlaceInGroup first_place(const hub::AppendBatch& batch) const
        HOWL_REQUIRES(mutex_);
    [[nodiscard]] bool is_repeated(const hub::NewEvent& event) const HOWL_REQUIRES(mutex_);
    [[nodiscard]] hub::EventRef make_event(hub::NewEvent event, Offset offset, Sequence sequence,
                                           WallTime time, hub::PlaceInGroup place) const;
    [[nodiscard]] std::shared_ptr<Topic>& topic_for_append(const hub::TopicName& name)
        HOWL_REQUIRES(mutex_);
    [[nodiscard]] bool makes_topics(const std::vector<hub::AppendBatch::Item>& items) const
        HOWL_REQUIRES(mutex_);
    [[nodiscard]] Sequence purge_now(const hub::TopicName& name, hub::PurgeScope scope)
        HOWL_REQUIRES(mutex_);
    void forget(Topics::value_type& topic) HOWL_REQUIRES(mutex_);

    void apply_retention(Topic& topic, WallTime now) HOWL_REQUIRES(mutex_);
    void evict_oldest(Topic& topic) HOWL_REQUIRES(mutex_);
    void evict_over_budget() HOWL_REQUIRES(mutex_);
    void drop_stale_entries() HOWL_REQUIRES(mutex_);
    void sweep_topics(std::size_t count) HOWL_REQUIRES(mutex_);
    [[nodiscard]] hub::LogSlice slice(const std::vector<hub::TopicName>& names, Sequence after,
                                      std::size_t limit) HOWL_REQUIRES(mutex_);

    // Constant after construction.
    const Clock& clock_;
    const Epoch epoch_;
    const MemoryEventLogOptions options_;
    const hub::AgeClock age_clock_;
    // Shared.
    mutable Mutex mutex_;
    Condition idle_;
    Phase phase_ HOWL_GUARDED_BY(mutex_) = Phase::kNotStarted;
    hub::CommitListener* listener_ HOWL_GUARDED_BY(mutex_) = nullptr;
    bool reporting_ HOWL_GUARDED_BY(mutex_) = false;
    std::deque<Work> queue_ HOWL_GUARDED_BY(mutex_);
    std::size_t queued_events_ HOWL_GUARDED_BY(mutex_) = 0;
    Topics topics_ HOWL_GUARDED_BY(mutex_);
    std::uint64_t last_topic_id_ HOWL_GUARDED_BY(mutex_) = 0;
    hub::ForgottenTopics forgotten_ HOWL_GUARDED_BY(mutex_);
    std::vector<hub::TopicName> unreported_forgotten_ HOWL_GUARDED_BY(mutex_);
    std::vector<Topics::value_type*> sweep_ HOWL_GUARDED_BY(mutex_);  ///< Every topic once.
    std::size_t next_to_sweep_ HOWL_GUARDED_BY(mutex_) = 0;
    std::deque<StoredEvent> by_sequence_
        HOWL_GUARDED_BY(mutex_);  ///< Every kept event by sequence, and some evicted ones.
    std::size_t kept_events_ HOWL_GUARDED_BY(mutex_) = 0;
    std::size_t kept_bytes_ HOWL_GUARDED_BY(mutex_) = 0;
    Sequence last_sequence_ HOWL_GUARDED_BY(mutex_);
    IdempotencyWindow keys_ HOWL_GUARDED_BY(mutex_);
};

}  // namespace howl::storage::memory
