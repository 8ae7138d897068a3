// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "apps/axum_manners.hpp"
#include "apps/reports/move_courier.hpp"
#include "apps/reports/reports_app.hpp"
#include "transport/http/router.hpp"

namespace howl::apps::reports {

/// The door `/v4` (docs/protocols, v4).
///
/// ```
///   GET  /v4/sse?user_id=U          what becomes of U's reports
///   POST /v4/new/report?user_id=U   201
///   GET  /v4/reports?user_id=U      all of U's, in no order that is promised
///   PUT  /v4/report?user_id=U       202; {"id":"<report>","status":"queued"}
/// ```
/// Beyond the original: a reply comes when the work is done; every tab of a user is served, and
/// hears of new reports as `report_created`; events carry `id:` lines for resume; only its user
/// moves a report. What old clients don't look at tells a PUT's fate: the header `Howl-Move`.
class ReportsV4Door {
public:
    /// `app` and `courier` outlive the router. Pages of `allowed_origins` may use it; `{"*"}` lets
    /// everyone, as the original did.
    ReportsV4Door(ReportsApp& app, MoveCourier& courier, std::vector<std::string> allowed_origins);

    /// The door outlives the router.
    void add_routes(transport::Router& router) const;

private:
    ReportsApp& app_;
    MoveCourier& courier_;
    const AxumManners manners_;
    const transport::SseStyle style_;
};

}  // namespace howl::apps::reports
