// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "products/reports/reports_app.hpp"
#include "transport/http/router.hpp"

namespace howl::products::reports {

/// The canonical endpoint of the reports; each request names the user, `?user_id=U`.
///
/// ```
///   GET   /api/reports          the user's, oldest first; Howl-Cursor: where the events go on
///   POST  /api/reports          create                           201, 200 for a repeated one
///   GET   /api/reports/{id}     one
///   PATCH /api/reports/{id}     move: {"status":"queued"}        200
///   GET   /api/reports/events   what becomes of them, as SSE
/// ```
/// Wire formats: `docs/API.md`. The references outlive the router.
void add_routes(transport::Router& router, const transport::ResponsePolicy& response_policy,
                const transport::SseStyle& style, ReportsApp& app);

}  // namespace howl::products::reports
