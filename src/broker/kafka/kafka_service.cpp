// SPDX-License-Identifier: Apache-2.0
#include "broker/kafka/kafka_service.hpp"

#include <utility>

#include "broker/kafka/topic_flow.hpp"
#include "hub/topic_name.hpp"

namespace howl::broker::kafka {

namespace {

Result<TopicFlow> topic_flow_of(const Source& source) {
    return TopicFlow::create({source.target, source.type, std::string{hub::kReservedPrefix}});
}

}  // namespace

Result<std::unique_ptr<KafkaService>> KafkaService::create(const KafkaSettings& settings,
                                                           const Dependencies& dependencies) {
    std::unique_ptr<KafkaService> service{new KafkaService};
    HOWL_TRY(producer, Producer::create(settings));
    service->producer_ = std::move(producer);
    std::vector<Consumer::Route> routes;
    for (const auto& source : settings.sources) {
        HOWL_TRY(flow, service->make_flow(source, settings, dependencies.make_flow));
        routes.push_back({source, *service->flows_.emplace_back(std::move(flow))});
    }
    HOWL_TRY(consumer, Consumer::create(settings, std::move(routes),
                                        {dependencies.shards, dependencies.hubs, dependencies.store,
                                         *service->producer_}));
    service->consumer_ = std::move(consumer);
    return service;
}

KafkaService::~KafkaService() {
    stop();
}

Result<std::unique_ptr<RecordFlow>> KafkaService::make_flow(const Source& source,
                                                            const KafkaSettings& settings,
                                                            const MakeFlow& make) const {
    if (source.flow == kTopicFlow) {
        HOWL_TRY(flow, topic_flow_of(source));
        return std::make_unique<TopicFlow>(std::move(flow));
    }
    auto flow = make(source.flow, {source.topic, *producer_,
                                   [&consumer = consumer_] { return consumer->has_begun(); },
                                   settings.reply_time});
    if (!flow) {
        return fail(Errc::kInvalidConfig, "kafka source", source.flow);
    }
    return flow;
}

Result<void> KafkaService::check_source(const Source& source) {
    if (source.flow == kTopicFlow) {
        HOWL_TRY(flow, topic_flow_of(source));
    }
    return {};
}

void KafkaService::stop() {
    if (consumer_) {
        consumer_->stop();
    }
    if (producer_) {
        producer_->stop();
    }
}

}  // namespace howl::broker::kafka
