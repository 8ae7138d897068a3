// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <librdkafka/rdkafkacpp.h>
#include <string_view>

#include "base/clock.hpp"
#include "broker/kafka/log_budget.hpp"

namespace howl::broker::kafka {

/// Receives librdkafka's events: its log goes into ours, its errors are counted, and an outage is
/// logged once, as is its end.
///
/// Its log lines repeat with every try, so they get the level `debug`; what an operator has to know
/// we log ourselves.
/// Thread: the client's own threads for log lines; otherwise the one that polls.
class ClientEvents final : public RdKafka::EventCb {
public:
    /// `role` is program text, for the log.
    explicit ClientEvents(std::string_view role) : role_(role) {}

    void event_cb(RdKafka::Event& event) override;
    /// An error that came in place of a record.
    void on_error(RdKafka::ErrorCode code, std::string_view what);

private:
    void on_statistics(std::string_view text);
    void log_outage(std::string_view what);

    const std::string_view role_;
    const SystemClock clock_;
    LogBudget budget_;
    std::string last_failure_;  ///< Of a connection: the reason of an outage.
    bool down_ = false;
};

/// Whether librdkafka's statistics show a broker that is connected.
[[nodiscard]] bool shows_broker_up(std::string_view statistics);

}  // namespace howl::broker::kafka
