// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "hub/hub.hpp"
#include "products/reports/reports_app.hpp"
#include "runtime/task.hpp"

namespace howl::compat::reports {

using products::reports::ReportsApp;

/// The way of a `/v4` PUT to the state machine (port): straight, or through a broker, as in the
/// original demo, where other consumers see it too.
/// Thread: any shard; `hub` is the caller's.
class MoveDispatcher {
public:
    enum class Progress : std::uint8_t {
        kApplied,
        kUnderway,  ///< The broker has it; the state machine has not answered in time.
    };
    virtual ~MoveDispatcher() = default;
    /// Errors: those of `ReportsApp::move`; `kBrokerUnavailable`.
    [[nodiscard]] virtual runtime::Task<Result<Progress>> send(hub::Hub& hub,
                                                               ReportsApp::MoveRequest request) = 0;
};

/// Straight to the app.
class DirectMoveDispatcher final : public MoveDispatcher {
public:
    explicit DirectMoveDispatcher(ReportsApp& app) : app_(app) {}
    [[nodiscard]] runtime::Task<Result<Progress>> send(hub::Hub& hub,
                                                       ReportsApp::MoveRequest request) override;

private:
    ReportsApp& app_;
};

}  // namespace howl::compat::reports
