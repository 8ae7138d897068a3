// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "base/result.hpp"
#include "broker/kafka/consumer.hpp"
#include "broker/kafka/producer.hpp"
#include "broker/kafka/settings.hpp"
#include "products/reports/move_dispatcher.hpp"
#include "products/reports/reports_app.hpp"
#include "server/kafka_move_dispatcher.hpp"

namespace howl::server {

/// All of Kafka in a server: what each source becomes, the way of a `/v4` PUT, the order of start
/// and stop.
///
/// ```
///   KafkaService 1---1 Producer, 1---1 Consumer 1---* RecordFlow, 0..1 KafkaMoveDispatcher
/// ```
///
/// Thread: the server's, which is not a shard's; `dispatcher` any.
class KafkaService {
public:
    struct Dependencies {
        runtime::ShardGroup& shards;
        std::vector<hub::Hub*> hubs;  ///< By shard.
        hub::Store& store;            ///< The embedded one, for the checkpoints.
        products::reports::ReportsApp& reports;
    };

    /// Needs no broker that answers. Errors: `kInvalidConfig`.
    [[nodiscard]] static Result<std::unique_ptr<KafkaService>> create(
        const broker::kafka::KafkaSettings& settings, Dependencies dependencies);
    /// What `create` would refuse of one source. Errors: `kInvalidConfig`.
    [[nodiscard]] static Result<void> check_source(const broker::kafka::Source& source);
    ~KafkaService();
    KafkaService(const KafkaService&) = delete;
    KafkaService& operator=(const KafkaService&) = delete;

    /// Null where no source is the reports'.
    [[nodiscard]] products::reports::MoveDispatcher* dispatcher() noexcept {
        return dispatcher_.get();
    }

    /// Begins to read. Requires: the apps are loaded, shards and log run.
    void start() { consumer_->start(); }
    /// Ends what is in work; it goes on after the next start. Idempotent.
    /// Requires: shards and log still run.
    void stop();

private:
    KafkaService() = default;

    [[nodiscard]] Result<std::unique_ptr<broker::kafka::RecordFlow>> make_flow(
        const broker::kafka::Source& source, products::reports::ReportsApp& reports);

    std::unique_ptr<broker::kafka::Producer> producer_;
    std::unique_ptr<KafkaMoveDispatcher> dispatcher_;
    std::vector<std::unique_ptr<broker::kafka::RecordFlow>> flows_;
    std::unique_ptr<broker::kafka::Consumer> consumer_;
};

}  // namespace howl::server
