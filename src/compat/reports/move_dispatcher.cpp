// SPDX-License-Identifier: Apache-2.0
#include "compat/reports/move_dispatcher.hpp"

#include <utility>

namespace howl::compat::reports {

runtime::Task<Result<MoveDispatcher::Progress>> DirectMoveDispatcher::send(
    hub::Hub& hub, ReportsApp::MoveRequest request) {
    HOWL_CO_TRY_VOID(co_await app_.move(hub, std::move(request)));
    co_return Progress::kApplied;
}

}  // namespace howl::compat::reports
