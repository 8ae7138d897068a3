// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "broker/flow.hpp"
#include "products/reports/reports_app.hpp"

namespace howl::compat::reports {

using products::reports::ReportsApp;

class KafkaMoveDispatcher;

/// Moves of reports that come through Kafka (docs/protocols, v4): `{"id","status"}`. The key
/// decides nothing.
///
/// A move that the state machine refuses is counted, and told to the PUT that asked for it. A
/// record that names its user moves only that user's reports.
class KafkaReportsFlow final : public broker::RecordFlow {
public:
    KafkaReportsFlow(ReportsApp& app, KafkaMoveDispatcher& dispatcher)
        : app_(app), dispatcher_(dispatcher) {}

    /// Errors: the report store's, where they may pass.
    [[nodiscard]] runtime::Task<Result<broker::Effect>> take(hub::Hub& hub,
                                                             const broker::Record& record,
                                                             const std::string& stream) override;

private:
    ReportsApp& app_;
    KafkaMoveDispatcher& dispatcher_;
};

}  // namespace howl::compat::reports
