// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "base/result.hpp"
#include "broker/flow.hpp"
#include "broker/kafka/consumer.hpp"
#include "broker/kafka/producer.hpp"
#include "broker/kafka/settings.hpp"
#include "hub/hub.hpp"
#include "hub/store.hpp"
#include "runtime/shard_group.hpp"

namespace howl::broker::kafka {

/// All of Kafka in a server: what each source becomes, the order of start and stop.
///
/// ```
///   KafkaService 1---1 Producer, 1---1 Consumer 1---* RecordFlow
/// ```
///
/// Thread: the server's, which is not a shard's.
class KafkaService {
public:
    struct Dependencies {
        runtime::ShardGroup& shards;
        std::vector<hub::Hub*> hubs;  ///< By shard.
        hub::Store& store;            ///< The embedded one, for the checkpoints.
        MakeFlow make_flow;           ///< Of the flows that are not Kafka's own.
    };

    /// Needs no broker that answers. Errors: `kInvalidConfig`.
    [[nodiscard]] static Result<std::unique_ptr<KafkaService>> create(
        const KafkaSettings& settings, const Dependencies& dependencies);
    /// What `create` would refuse of one source. Errors: `kInvalidConfig`.
    [[nodiscard]] static Result<void> check_source(const Source& source);
    ~KafkaService();
    KafkaService(const KafkaService&) = delete;
    KafkaService& operator=(const KafkaService&) = delete;

    /// Begins to read. Requires: what the flows work for is ready, shards and log run.
    void start() { consumer_->start(); }
    /// Ends what is in work; it goes on after the next start. Idempotent.
    /// Requires: shards and log still run.
    void stop();

private:
    KafkaService() = default;

    [[nodiscard]] Result<std::unique_ptr<RecordFlow>> make_flow(const Source& source,
                                                                const KafkaSettings& settings,
                                                                const MakeFlow& make) const;

    std::unique_ptr<Producer> producer_;
    std::vector<std::unique_ptr<RecordFlow>> flows_;
    std::unique_ptr<Consumer> consumer_;
};

}  // namespace howl::broker::kafka
