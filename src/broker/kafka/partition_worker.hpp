// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "broker/flow.hpp"
#include "broker/kafka/checkpoint.hpp"
#include "broker/kafka/log_budget.hpp"
#include "broker/kafka/retry_delay.hpp"
#include "broker/record.hpp"
#include "hub/hub.hpp"
#include "runtime/async_event.hpp"
#include "runtime/shard.hpp"
#include "runtime/task.hpp"

namespace howl::broker::kafka {

/// Stores the records of one assigned partition, in order, for as long as the assignment lasts.
///
/// One coroutine on one shard takes a range of records, asks its flow for the effect of each, and
/// stores the events together with the checkpoint after them. What fails is tried again, with
/// growing pauses and for ever: the records behind it wait, those of other partitions don't.
///
/// An event of a volatile topic can't be in that commit; it is published after it. A crash between
/// the two loses it, as a crash a moment later would have.
///
/// Thread: made anywhere; everything else on its shard, where it also has to end.
/// Limits: none of its own; the consumer bounds what it hands in.
class PartitionWorker {
public:
    /// Of one commit: bounds what is repeated after a failure, and how long others wait.
    static constexpr std::size_t kRecordsPerCommitMax = 1'000;
    static constexpr std::size_t kBytesPerCommitMax = std::size_t{4} * 1024 * 1024;

    /// The partition that a worker stores; its name is for the log and for dead letters.
    struct Partition {
        std::string topic;
        std::int32_t number = 0;
        /// Where to begin without a checkpoint; none: at the first record that comes.
        std::optional<std::uint64_t> begin{};
    };
    /// The result of a stored range.
    struct Done {
        std::uint64_t next = 0;  ///< The checkpoint.
        std::size_t records = 0;
        std::size_t bytes = 0;
    };
    /// The outputs of a worker; called on its shard.
    struct Sinks {
        /// Sends records that can't be read to the dead-letter topic. Used where there is one.
        std::function<runtime::Task<Result<void>>(runtime::Shard&, std::vector<OutRecord>)> send;
        std::string dead_letters;  ///< Their topic; empty: they are skipped.
        std::function<void(Done)> on_done;
        std::function<void()> on_end;
    };

    PartitionWorker(hub::Hub& hub, RecordFlow& flow, Partition partition,
                    CheckpointStore checkpoint, Sinks sinks);

    /// Begins to store. The worker lives until it has ended.
    static void start(const std::shared_ptr<PartitionWorker>& worker);
    void add(std::vector<Record> records);
    /// Takes no more records, drops those that are not begun, and ends when the range in work is
    /// stored or has failed. Idempotent.
    void close();

private:
    /// Poison and events of one range.
    struct BatchResult {
        std::vector<hub::NewEvent> durable;
        std::vector<std::uint64_t> durable_offsets;  ///< Of the record of each event.
        std::vector<hub::NewEvent> volatile_events;
        std::vector<OutRecord> dead;
    };

    static runtime::Task<void> run(std::shared_ptr<PartitionWorker> self);
    /// False: closed.
    [[nodiscard]] runtime::Task<bool> next_range();
    /// Each of these is false where the worker was closed before it was done.
    [[nodiscard]] runtime::Task<bool> store_range();
    [[nodiscard]] runtime::Task<bool> ensure_checkpoint();
    [[nodiscard]] runtime::Task<bool> begin_at(std::uint64_t offset);
    /// Stores where the partition begins, so that the next start does not decide it again.
    [[nodiscard]] runtime::Task<bool> store_begin();
    [[nodiscard]] runtime::Task<bool> gather(BatchResult& batch_result);
    [[nodiscard]] runtime::Task<bool> send_dead_letters(std::vector<OutRecord> dead);
    [[nodiscard]] runtime::Task<bool> send_one_by_one(std::vector<OutRecord> dead, Error why);
    [[nodiscard]] runtime::Task<bool> commit(BatchResult& batch_result);
    [[nodiscard]] runtime::Task<bool> publish(std::vector<hub::NewEvent> events);
    /// Waits before the next try; logs the first of consecutive failures. False: closed.
    [[nodiscard]] runtime::Task<bool> wait_to_retry(Error why);
    void report_done();

    void sort(const Record& record, Effect effect, BatchResult& batch_result);
    void note_poison(const Record& record, const Error& why, BatchResult& batch_result);
    [[nodiscard]] OutRecord dead_letter_of(const Record& record, const Error& why) const;

    // Constant after construction.
    hub::Hub& hub_;
    RecordFlow& flow_;
    const Partition partition_;
    const Sinks sinks_;
    // Shard-local state.
    [[no_unique_address]] runtime::ShardCheck here_;
    CheckpointStore checkpoint_;
    SystemRandom random_;
    RetryDelay delay_{random_};
    std::deque<Record> waiting_;
    std::vector<Record> range_;
    LogBudget poison_budget_;
    bool failing_ = false;
    bool closed_ = false;
    runtime::AsyncEvent arrived_;  ///< Until records come.
    runtime::AsyncEvent pause_;    ///< Before the next try.
};

}  // namespace howl::broker::kafka
