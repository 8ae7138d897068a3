// SPDX-License-Identifier: Apache-2.0
#include "apps/reports/move_courier.hpp"

#include <utility>

namespace howl::apps::reports {

runtime::Task<Result<MoveCourier::Fate>> DirectCourier::send(hub::Hub& hub,
                                                             ReportsApp::MoveRequest request) {
    const auto outcome = co_await app_.move(hub, std::move(request));
    if (!outcome) {
        co_return std::unexpected(outcome.error());
    }
    co_return Fate::kApplied;
}

}  // namespace howl::apps::reports
