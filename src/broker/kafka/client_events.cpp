// SPDX-License-Identifier: Apache-2.0
#include "broker/kafka/client_events.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

namespace howl::broker::kafka {

namespace json = boost::json;

void ClientEvents::event_cb(RdKafka::Event& event) {
    switch (event.type()) {
        case RdKafka::Event::EVENT_ERROR:
            on_error(event.err(), event.str());
            break;
        case RdKafka::Event::EVENT_STATS:
            on_statistics(event.str());
            break;
        case RdKafka::Event::EVENT_LOG:
            telemetry::log(telemetry::LogLevel::kDebug, "librdkafka",
                           {{"client", role_}, {"facility", event.fac()}, {"text", event.str()}});
            break;
        case RdKafka::Event::EVENT_THROTTLE:
            break;  // Throttling: librdkafka handles it.
    }
}

void ClientEvents::on_error(RdKafka::ErrorCode code, std::string_view what) {
    telemetry::count(telemetry::Counter::kKafkaFailures);
    if (code == RdKafka::ERR__ALL_BROKERS_DOWN) {
        log_outage(what);
        return;
    }
    if (code == RdKafka::ERR__TRANSPORT || code == RdKafka::ERR__RESOLVE) {
        last_failure_ = what;  // One broker of several, or the first message of an outage.
        return;
    }
    if (const auto left_out = budget_.try_take(clock_.steady_now())) {
        telemetry::log_warning("kafka: the client reports an error",
                               {{"client", role_}, {"error", what}, {"left_out", *left_out}});
    }
}

void ClientEvents::log_outage(std::string_view what) {
    if (!std::exchange(down_, true)) {
        telemetry::log_warning("kafka: no broker can be reached; trying again for ever",
                               {{"client", role_}, {"error", what}, {"last", last_failure_}});
    }
}

void ClientEvents::on_statistics(std::string_view text) {
    if (down_ && shows_broker_up(text)) {
        down_ = false;
        telemetry::log_info("kafka: a broker can be reached again", {{"client", role_}});
    }
}

bool shows_broker_up(std::string_view statistics) {
    boost::system::error_code problem;
    const auto value = json::parse(statistics, problem);
    const auto* brokers = problem ? nullptr : value.find_pointer("/brokers", problem);
    if (brokers == nullptr || !brokers->is_object()) {
        return false;
    }
    return std::ranges::any_of(brokers->get_object(), [](const auto& broker) {
        const auto* fields = broker.value().if_object();
        const auto* state = fields == nullptr ? nullptr : fields->if_contains("state");
        return state != nullptr && state->is_string() && state->get_string() == "UP";
    });
}

}  // namespace howl::broker::kafka
