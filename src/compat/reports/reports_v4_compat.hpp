// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "compat/axum_response_policy.hpp"
#include "compat/reports/move_dispatcher.hpp"
#include "products/reports/reports_app.hpp"
#include "transport/http/router.hpp"

namespace howl::compat::reports {

/// The endpoint `/v4` (docs/protocols, v4).
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
class ReportsV4Compat {
public:
    /// `app` and `dispatcher` outlive the router. Pages of `allowed_origins` may use it; `{"*"}`
    /// lets everyone, as the original did.
    ReportsV4Compat(ReportsApp& app, MoveDispatcher& dispatcher,
                    std::vector<std::string> allowed_origins);

    /// The endpoint outlives the router.
    void add_routes(transport::Router& router) const;

private:
    ReportsApp& app_;
    MoveDispatcher& dispatcher_;
    const AxumResponsePolicy response_policy_;
    const transport::SseStyle style_;
};

}  // namespace howl::compat::reports
