// SPDX-License-Identifier: Apache-2.0
#include "server/kafka_service.hpp"

#include <algorithm>
#include <utility>

#include "base/random.hpp"
#include "broker/kafka/topic_flow.hpp"
#include "products/topics/topics_api.hpp"
#include "server/kafka_inbox_flow.hpp"
#include "server/kafka_reports_flow.hpp"
#include "telemetry/log.hpp"

namespace howl::server {

using broker::kafka::Consumer;
using broker::kafka::Flow;
using broker::kafka::KafkaSettings;
using broker::kafka::Producer;
using broker::kafka::RecordFlow;
using broker::kafka::Source;
using broker::kafka::TopicFlow;

namespace {

Result<TopicFlow> topic_flow_of(const Source& source) {
    return TopicFlow::create(
        {source.target, source.type, std::string{products::topics::kReservedPrefix}});
}

}  // namespace

Result<std::unique_ptr<KafkaService>> KafkaService::create(const KafkaSettings& settings,
                                                           Dependencies dependencies) {
    std::unique_ptr<KafkaService> service{new KafkaService};
    HOWL_TRY(producer, Producer::create(settings));
    service->producer_ = std::move(producer);
    if (const auto reports = std::ranges::find(settings.sources, Flow::kReports, &Source::flow);
        reports != settings.sources.end()) {
        SystemRandom random;
        service->dispatcher_ = std::make_unique<KafkaMoveDispatcher>(
            *service->producer_, reports->topic, random_epoch_text(random), settings.reply_time,
            [&consumer = service->consumer_] { return consumer->has_begun(); });
    }
    std::vector<Consumer::Route> routes;
    for (const auto& source : settings.sources) {
        HOWL_TRY(flow, service->make_flow(source, dependencies.reports));
        routes.push_back({source, *service->flows_.emplace_back(std::move(flow))});
    }
    HOWL_TRY(consumer, Consumer::create(settings, std::move(routes),
                                        {dependencies.shards, std::move(dependencies.hubs),
                                         dependencies.store, *service->producer_}));
    service->consumer_ = std::move(consumer);
    return service;
}

KafkaService::~KafkaService() {
    stop();
}

Result<std::unique_ptr<RecordFlow>> KafkaService::make_flow(
    const Source& source, products::reports::ReportsApp& reports) {
    switch (source.flow) {
        case Flow::kInbox:
            return std::make_unique<KafkaInboxFlow>();
        case Flow::kReports:
            return std::make_unique<KafkaReportsFlow>(reports, *dispatcher_);
        case Flow::kTopic:
            break;
    }
    HOWL_TRY(flow, topic_flow_of(source));
    return std::make_unique<TopicFlow>(std::move(flow));
}

Result<void> KafkaService::check_source(const Source& source) {
    if (source.flow == Flow::kTopic) {
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

}  // namespace howl::server
