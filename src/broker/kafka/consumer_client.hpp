// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <librdkafka/rdkafkacpp.h>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "broker/kafka/assignment.hpp"
#include "broker/kafka/client_events.hpp"
#include "broker/kafka/consumer.hpp"
#include "broker/kafka/place.hpp"

namespace howl::broker::kafka {

/// The consumer's thread and librdkafka's side of it.
///
/// One turn takes what the workers say, polls, hands what came to the workers, pauses and resumes
/// partitions; once in a second it commits offsets and measures the lag. librdkafka calls
/// the callbacks from within the poll, on the same thread.
class Consumer::Client final : public RdKafka::RebalanceCb, public RdKafka::OffsetCommitCb {
public:
    Client(const KafkaSettings& settings, std::vector<Route> routes, Surroundings surroundings);
    ~Client() override;

    [[nodiscard]] Result<void> open(const KafkaSettings& settings);
    void start();
    void stop();

    void rebalance_cb(RdKafka::KafkaConsumer* consumer, RdKafka::ErrorCode code,
                      std::vector<RdKafka::TopicPartition*>& partitions) override;
    void offset_commit_cb(RdKafka::ErrorCode code,
                          std::vector<RdKafka::TopicPartition*>& offsets) override;

private:
    /// One question to a broker or the store from the polling thread, and between two that failed.
    static constexpr std::chrono::milliseconds kAskTime{500};

    void run(const std::stop_token& stopped);

    // One turn.
    void poll();
    enum class Next : std::uint8_t {
        kMore,
        kPause,  ///< There is nothing more for now, or a partition has enough.
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

    // Partitions come and go.
    void assign(std::vector<RdKafka::TopicPartition*>& partitions);
    void revoke();
    void resume_paused();
    [[nodiscard]] std::optional<std::string> cluster();
    [[nodiscard]] std::optional<StoredPlace> place_at(const hub::RecordKey& key);
    [[nodiscard]] Assignment::Assigned assigned_of(const PartitionId& id, hub::RecordKey key,
                                                   StoredPlace stored, WorkShare share);
    /// Waits; cut short by `stop`.
    void wait(std::chrono::milliseconds time);

    // Constant after construction.
    const std::vector<Route> routes_;
    const Surroundings surroundings_;
    const std::uint64_t records_in_work_max_;
    /// Workers that outlast their assignment still tell.
    const std::shared_ptr<ProgressBoard> board_ = std::make_shared<ProgressBoard>();
    // The consumer's thread.
    ClientEvents events_{"consumer"};
    Assignment assignment_;
    std::unique_ptr<RdKafka::KafkaConsumer> consumer_;
    std::stop_token stopped_;
    std::uint64_t last_worker_ = 0;
    std::int64_t lag_ = 0;
    bool some_paused_ = false;
    // Shared, guarded by mutex_, for `wait` alone.
    std::mutex mutex_;
    std::condition_variable_any waiting_;
    std::jthread thread_;
};

}  // namespace howl::broker::kafka
