// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <librdkafka/rdkafkacpp.h>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.hpp"
#include "broker/kafka/assignment.hpp"
#include "broker/kafka/checkpoint.hpp"
#include "broker/kafka/client_events.hpp"
#include "broker/kafka/consumer.hpp"

namespace howl::broker::kafka {

/// The consumer's thread and librdkafka's side of it.
///
/// One turn takes the workers' reports, polls, hands the records to the workers, pauses and resumes
/// partitions; once in a second it commits offsets and measures the lag. librdkafka calls the
/// callbacks from within the poll, on the same thread.
class Consumer::Client final : public RdKafka::RebalanceCb, public RdKafka::OffsetCommitCb {
public:
    Client(const KafkaSettings& settings, std::vector<Route> routes, Dependencies dependencies);
    ~Client() override;

    [[nodiscard]] Result<void> open(const KafkaSettings& settings);
    void start();
    void stop();
    [[nodiscard]] bool has_begun() const noexcept;

    void rebalance_cb(RdKafka::KafkaConsumer* consumer, RdKafka::ErrorCode code,
                      std::vector<RdKafka::TopicPartition*>& partitions) override;
    void offset_commit_cb(RdKafka::ErrorCode code,
                          std::vector<RdKafka::TopicPartition*>& offsets) override;

private:
    /// Timeout of one query of a broker by the polling thread, and the pause after one that failed.
    static constexpr std::chrono::milliseconds kAskTime{500};

    void run(const std::stop_token& stopped);

    // One turn.
    void poll();
    enum class Next : std::uint8_t {
        kMore,
        kPause,  ///< There are no more records for now, or a partition has enough.
    };
    [[nodiscard]] Next take(RdKafka::Message& message);
    [[nodiscard]] Next take_record(RdKafka::Message& message);
    void ask_for_topic(const std::string& name);
    [[nodiscard]] std::optional<std::uint64_t> end_of(const PartitionId& id,
                                                      std::uint64_t expected);
    void wait_for_workers();
    void pause_and_resume();
    void commit_offsets();
    void measure_lag();
    void show_lag(std::int64_t lag);

    // Rebalance.
    /// The partitions that are read, with the offsets where they begin; the others' checkpoints
    /// are damaged.
    [[nodiscard]] std::vector<RdKafka::TopicPartition*> assign(
        const std::vector<RdKafka::TopicPartition*>& partitions);
    /// The offset for librdkafka. Errors: `kDamaged`: an operator has to repair the partition's
    /// record in the store; `kDraining`: the server stops before broker and store have answered.
    [[nodiscard]] Result<std::int64_t> begin(const PartitionId& id, const std::string& cluster_id,
                                             WorkShare share);
    void revoke();
    void resume_paused();
    [[nodiscard]] std::optional<std::string> cluster();
    /// Errors: as `begin`.
    [[nodiscard]] Result<StoredCheckpoint> checkpoint_at(const hub::RecordKey& key);
    /// Where reading begins, for librdkafka and, where it is known as a number, for us.
    struct Start {
        std::int64_t offset = 0;
        std::optional<std::uint64_t> checkpoint;
    };
    [[nodiscard]] Assignment::Assigned assigned_of(const PartitionId& id, hub::RecordKey key,
                                                   StoredCheckpoint stored, Start start,
                                                   WorkShare share);
    [[nodiscard]] std::vector<Route>::const_iterator route_of(const PartitionId& id) const;

    // Where partitions without a checkpoint begin. Each returns nothing where the server stops
    // before it is answered.
    void load_takeovers();
    /// Stores, once for each source, the ends of its partitions. False: try again. A takeover that
    /// can't be read is left out: only a partition without a checkpoint needs it.
    [[nodiscard]] bool try_note_takeovers();
    /// Logs the first time only, since it is tried again for ever.
    void log_once(const Error& why);
    [[nodiscard]] Result<Takeover> note_takeover(const std::string& cluster_id,
                                                 const std::string& topic, std::int32_t partitions);
    /// One query; nothing where it is not answered.
    [[nodiscard]] std::optional<std::int64_t> ask_once_for_end(const PartitionId& id);
    /// Errors: as `begin`.
    [[nodiscard]] Result<Start> start_of(const PartitionId& id);
    [[nodiscard]] static Result<Start> start_at(std::optional<std::int64_t> offset);
    [[nodiscard]] std::optional<std::int64_t> committed_of(const PartitionId& id);
    [[nodiscard]] std::optional<std::int64_t> offset_at(const PartitionId& id, WallTime time);
    [[nodiscard]] std::optional<std::int64_t> ask_for_end(const PartitionId& id);
    /// Waits; `stop` ends it early.
    void wait(std::chrono::milliseconds time);

    // Constant after construction.
    const std::vector<Route> routes_;
    const Dependencies dependencies_;
    const std::uint64_t records_in_work_max_;
    /// Shared, since workers that outlast their assignment still report.
    const std::shared_ptr<ProgressBoard> board_ = std::make_shared<ProgressBoard>();
    // The consumer's thread.
    ClientEvents events_{"consumer"};
    Assignment assignment_;
    std::unique_ptr<RdKafka::KafkaConsumer> consumer_;
    std::stop_token stopped_;
    std::uint64_t last_worker_ = 0;
    std::int64_t lag_ = 0;
    bool some_paused_ = false;
    std::optional<std::map<std::string, Takeover>> takeovers_;  ///< By topic, once they are known.
    bool has_logged_why_ = false;                               ///< Why they can't be noted.
    // Shared. Any thread asks.
    std::atomic<bool> has_begun_{false};
    // Shared, for `wait` alone. Its condition is in `stopped_`.
    Mutex mutex_;
    Condition waiting_;
    std::jthread thread_;
};

}  // namespace howl::broker::kafka
