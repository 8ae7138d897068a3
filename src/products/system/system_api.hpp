// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "products/node_state.hpp"
#include "products/system/stats.hpp"
#include "transport/http/router.hpp"

namespace howl::products::system {

/// What operators and newcomers ask first.
///
/// ```
///   GET /          a page that lists the endpoints with a curl line for each
///   GET /healthz   200 while the process answers
///   GET /readyz    200 while it wants traffic and takes writes, else 503 and why
///   GET /metrics   Prometheus text
/// ```
/// `response_policy` outlives the router.
void add_routes(transport::Router& router, const transport::ResponsePolicy& response_policy,
                NodeState node);

/// ```
///   GET /api/openapi.json   what the API is, for programs (OpenAPI 3.1)
///   GET /api/stats          the node in a few numbers, once
/// ```
/// The references outlive the router.
void add_api_routes(transport::Router& router, const transport::ResponsePolicy& response_policy,
                    const Stats& stats);

/// The files `home.html`, `home.css` and `openapi.json` as they were when the program was built.
[[nodiscard]] std::string_view home_page();
[[nodiscard]] std::string_view home_style();
[[nodiscard]] std::string_view openapi_document();

}  // namespace howl::products::system
