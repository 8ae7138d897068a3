// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apps/reports/reports_app.hpp"
#include "broker/kafka/flow.hpp"

namespace howl::server {

class KafkaCourier;

/// Moves of reports that come through Kafka (docs/protocols, v4): `{"id","status"}`. The key
/// decides nothing.
///
/// A move that the state machine refuses is counted, and told to the PUT that asked for it. A
/// record that names its user moves only that user's reports.
class KafkaReportsFlow final : public broker::kafka::RecordFlow {
public:
    KafkaReportsFlow(apps::reports::ReportsApp& app, KafkaCourier& courier)
        : app_(app), courier_(courier) {}

    /// Errors: the report store's, where they may pass.
    [[nodiscard]] runtime::Task<Result<broker::kafka::Effect>> take(
        hub::Hub& hub, const broker::kafka::Record& record, const std::string& stream) override;

private:
    apps::reports::ReportsApp& app_;
    KafkaCourier& courier_;
};

}  // namespace howl::server
