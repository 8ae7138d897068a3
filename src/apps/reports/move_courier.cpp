// SPDX-License-Identifier: Apache-2.0
#include "apps/reports/move_courier.hpp"

#include <utility>

namespace howl::apps::reports {

runtime::Task<Result<MoveCourier::Progress>> DirectCourier::send(hub::Hub& hub,
                                                                 ReportsApp::MoveRequest request) {
    HOWL_CO_TRY_VOID(co_await app_.move(hub, std::move(request)));
    co_return Progress::kApplied;
}

}  // namespace howl::apps::reports
