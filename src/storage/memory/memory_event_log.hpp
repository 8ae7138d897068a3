// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "hub/event_log.hpp"
#include "hub/topic_ledger.hpp"
#include "storage/memory/idempotency_window.hpp"

namespace howl::storage::memory {

struct MemoryEventLogOptions {
    /// What the events say they are: a node without a data directory keeps its durable lane here.
    hub::Lane lane = hub::Lane::kVolatile;
    /// Reached: `kTooManyTopics`.
    std::size_t topics_max = limits::kTopicsMax;
    /// Reached: the oldest keys are forgotten.
    std::size_t idempotency_keys_max = limits::kIdempotencyKeysMax;
    /// Bytes of events, about. Reached: the oldest events of the whole lane go.
    std::size_t bytes_max = std::size_t{256} * 1024 * 1024;
    /// Events waiting while a listener is slow, an empty batch as one. Reached: `kOverloaded`.
    std::size_t queue_events_max = limits::kAppendQueueEventsMax;
};

/// The event log that lives as long as the process: the volatile lane of every node, the whole log
/// of a node without a data directory, and the log of most tests.
///
/// It has no thread. Whoever appends while nobody is reporting stores and reports everything that
/// waits, his own batch and those that others add meanwhile; so with one publisher `append` returns
/// after its outcome, and with several the listener still hears one group at a time, in order. No
/// lock is held while the listener or a `done` runs: both may call the log.
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
    void purge(hub::TopicName topic, PurgeDone done) override;

    /// False before `start` and after `stop`.
    [[nodiscard]] bool is_running() const;

private:
    enum class Phase : std::uint8_t { kNotStarted, kRunning, kStopped };

    struct Kept {
        hub::EventRef event;
        WallTime since;
    };
    struct Topic {
        hub::TopicLedger ledger;
        std::deque<Kept> kept;  ///< Offsets from `ledger.evicted_offset` + 1 on.
    };
    /// Where an event stands that was stored; it may be gone since.
    struct Place {
        Topic* topic;
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
        PurgeDone done;
    };
    using Work = std::variant<Append, Purge>;

    void enqueue(Work work, std::unique_lock<std::mutex>& lock);
    void run_queue(std::unique_lock<std::mutex>& lock);
    void report(std::vector<hub::CommittedBatch>& group, std::unique_lock<std::mutex>& lock);

    [[nodiscard]] Result<hub::Receipts> store(Append& append);
    [[nodiscard]] Result<void> check(const std::vector<hub::AppendBatch::Item>& items) const;
    [[nodiscard]] hub::Receipt store_one(hub::AppendBatch::Item item, WallTime now);
    [[nodiscard]] hub::EventRef make_event(hub::NewEvent event, Offset offset, Sequence sequence,
                                           WallTime time) const;
    [[nodiscard]] Topic& topic_for_append(const hub::TopicName& name);
    [[nodiscard]] Sequence purge_now(const hub::TopicName& name);

    void apply_retention(Topic& topic, WallTime now);
    void evict_oldest(Topic& topic);
    void evict_over_budget();
    void forget_dead_places();
    void sweep_some_topics(WallTime now);
    [[nodiscard]] hub::LogSlice slice(const std::vector<hub::TopicName>& names, Sequence after,
                                      std::size_t limit);

    // Constant after construction.
    const Clock& clock_;
    const Epoch epoch_;
    const MemoryEventLogOptions options_;
    const hub::AgeClock age_clock_;
    // Shared, guarded by mutex_.
    mutable std::mutex mutex_;
    std::condition_variable idle_;
    Phase phase_ = Phase::kNotStarted;
    hub::CommitListener* listener_ = nullptr;
    bool reporting_ = false;
    std::deque<Work> queue_;
    std::size_t queued_events_ = 0;
    std::unordered_map<hub::TopicName, Topic> topics_;
    std::vector<Topic*> topics_by_birth_;
    std::size_t next_to_sweep_ = 0;
    std::deque<Place> places_;  ///< Every kept event by sequence, and some that are gone.
    std::size_t kept_events_ = 0;
    std::size_t kept_bytes_ = 0;
    Sequence last_sequence_;
    IdempotencyWindow keys_;
};

}  // namespace howl::storage::memory
