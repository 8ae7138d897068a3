// SPDX-License-Identifier: Apache-2.0
#include "products/system/stats.hpp"

#include <utility>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "products/reading.hpp"
#include "telemetry/metrics.hpp"

namespace howl::products::system {

using telemetry::Counter;
using telemetry::Gauge;

namespace {

const hub::TopicName& topic() {
    static const hub::TopicName kName = *hub::TopicName::parse(kStatsTopic);
    return kName;
}

}  // namespace

std::string Stats::text() const {
    const auto uptime =
        std::chrono::floor<std::chrono::seconds>(clock_.steady_now() - started_).count();
    const auto streams =
        telemetry::value(Gauge::kSseSessions) + telemetry::value(Gauge::kWebSocketSessions);
    return boost::json::serialize(boost::json::object{
        {"time", iso_time(clock_.wall_now())},
        {"uptimeSeconds", uptime},
        {"connections", telemetry::value(Gauge::kConnections)},
        {"streams", streams},
        {"topics", telemetry::value(Gauge::kTopics)},
        {"published", telemetry::value(Counter::kEventsPublished)},
        {"delivered", telemetry::value(Counter::kEventsDelivered)},
    });
}

StatsTicker::StatsTicker(hub::Hub& hub, const Stats& stats, StatsSettings settings)
    : hub_(hub), stats_(stats), settings_(settings), timer_(hub.shard().timers(), *this) {}

void StatsTicker::tick() {
    here_.check();
    if (hub_.is_watched(topic())) {
        std::vector<hub::NewEvent> events;
        events.push_back(
            {.topic = topic(), .content_type = "application/json", .data = stats_.text()});
        hub_.gate().publish(access::kHowl, std::move(events), [](const auto&) {
            // A volatile topic has no disk that could fail.
        });
    }
    timer_.arm(hub_.shard().now() + settings_.tick);
}

}  // namespace howl::products::system
