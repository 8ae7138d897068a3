// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/mutex.hpp"
#include "base/result.hpp"
#include "broker/kafka/settings.hpp"
#include "broker/record.hpp"
#include "broker/record_writer.hpp"
#include "runtime/shard.hpp"
#include "runtime/task.hpp"

namespace howl::broker::kafka {

/// Writes records to Kafka, each confirmed by all in-sync replicas.
///
/// A write that was not confirmed within `KafkaSettings::write_time` may have arrived nevertheless.
///
/// Thread: any; it has one of its own, which receives the confirmations.
/// Limits: `kRecordsMax` records and `kKilobytesMax` on their way. Reached: `kOverloaded`.
class Producer final : public RecordWriter {
public:
    static constexpr int kRecordsMax = 20'000;       ///< A second of the fastest source.
    static constexpr int kKilobytesMax = 32 * 1024;  ///< What the reading side may hold as well.

    using Done = std::move_only_function<void(Result<void>)>;

    /// Works without a reachable broker. Errors: `kInvalidConfig`.
    [[nodiscard]] static Result<std::unique_ptr<Producer>> create(const KafkaSettings& settings);
    ~Producer() override;
    Producer(const Producer&) = delete;
    Producer& operator=(const Producer&) = delete;

    /// `done` is called when the record is confirmed or given up, on any thread, also before this
    /// returns. Errors: `kBrokerUnavailable`; `kBodyTooLarge`, the brokers will never take it;
    /// `kOverloaded`; `kDraining` after `stop`.
    void send(OutRecord record, Done done);
    [[nodiscard]] runtime::Task<Result<void>> send_all(runtime::Shard& shard,
                                                       std::vector<OutRecord> records) override;

    /// Waits for what is on its way, `KafkaSettings::write_time` at most, and gives up the rest.
    /// Idempotent.
    void stop();

private:
    class Client;

    explicit Producer(std::unique_ptr<Client> client);
    void run();

    // Constant after construction.
    const std::unique_ptr<Client> client_;
    // Shared. Every `send` holds the gate shared, so that none begins after `stop`.
    SharedMutex gate_;
    bool closed_ HOWL_GUARDED_BY(gate_) = false;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace howl::broker::kafka
