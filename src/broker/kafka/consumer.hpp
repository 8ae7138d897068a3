// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "broker/flow.hpp"
#include "broker/kafka/producer.hpp"
#include "broker/kafka/settings.hpp"
#include "hub/hub.hpp"
#include "hub/store.hpp"
#include "runtime/shard_group.hpp"

namespace howl::broker::kafka {

/// A source and its dead letters have names that Kafka takes, and none is there twice.
/// Errors: `kInvalidConfig`.
[[nodiscard]] Result<void> check_source(const Source& source, std::span<const Source> all);

/// Reads the sources and has every record stored once (ADR 0014).
///
/// ```
///   brokers --> the consumer's thread --> PartitionWorker, on a shard --> RecordFlow, Store
///                  polls, bounds, commits offsets <-- ProgressBoard
/// ```
///
/// Brokers that are down are tried again for ever; nothing else waits for them.
///
/// Thread: the server's; it has one of its own.
/// Limits: `KafkaSettings::records_in_work_max` and `kBytesInWorkMax`, divided evenly among the
/// assigned partitions. Reached: reading of that partition pauses.
class Consumer {
public:
    static constexpr std::size_t kBytesInWorkMax = std::size_t{32} * 1024 * 1024;
    /// Of a topic's name: it is in the checkpoint's key, with the cluster, and in every moved
    /// report.
    static constexpr std::size_t kTopicBytesMax = 200;
    /// How long a rebalance waits for the records in work of partitions that are revoked; the other
    /// consumers of the group wait meanwhile.
    static constexpr std::chrono::seconds kRevokeTime{5};

    /// A source and the flow that reads its records.
    struct Route {
        Source source;
        RecordFlow& flow;
    };
    /// What it uses; all of it must outlive the shards' last task.
    struct Dependencies {
        runtime::ShardGroup& shards;
        std::vector<hub::Hub*> hubs;  ///< By shard; partitions spread over them.
        hub::Store& store;            ///< The embedded one, where events are too.
        Producer& producer;           ///< For dead letters.
    };

    /// Works without a reachable broker. Errors: `kInvalidConfig`.
    [[nodiscard]] static Result<std::unique_ptr<Consumer>> create(const KafkaSettings& settings,
                                                                  std::vector<Route> routes,
                                                                  Dependencies dependencies);
    ~Consumer();
    Consumer(const Consumer&) = delete;
    Consumer& operator=(const Consumer&) = delete;

    /// Begins to read. Requires: shards and log run.
    void start();
    /// Waits for the records in work, commits the offsets and leaves the group. Idempotent.
    /// Requires: shards and log still run.
    void stop();

    /// Whether the takeover of every source is stored. A record that is written before that may
    /// count as older than the takeover, and not be read. Thread: any.
    [[nodiscard]] bool has_begun() const noexcept;

private:
    class Client;

    explicit Consumer(std::unique_ptr<Client> client);

    const std::unique_ptr<Client> client_;
};

}  // namespace howl::broker::kafka
