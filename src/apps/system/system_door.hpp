// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <string_view>

#include "apps/system/stats.hpp"
#include "transport/http/router.hpp"

namespace howl::apps::system {

/// Whether the node wants traffic. Shared; written by the server's start and stop.
enum class Readiness : std::uint8_t { kStarting, kReady, kDraining, kStoreFailed };

/// What operators and newcomers ask first.
///
/// ```
///   GET /          a page that lists the doors with a curl line for each
///   GET /healthz   200 while the process answers
///   GET /readyz    200 while it wants traffic, else 503
///   GET /metrics   Prometheus text
/// ```
/// `readiness` and `manners` outlive the router.
void add_routes(transport::Router& router, const transport::DoorManners& manners,
                const std::atomic<Readiness>& readiness);

/// ```
///   GET /api/openapi.json   what the API is, for programs (OpenAPI 3.1)
///   GET /api/stats          the node in a few numbers, once
/// ```
/// The references outlive the router.
void add_api_routes(transport::Router& router, const transport::DoorManners& manners,
                    const Stats& stats);

/// The files `home.html`, `home.css` and `openapi.json` as they were when the program was built.
[[nodiscard]] std::string_view home_page();
[[nodiscard]] std::string_view home_style();
[[nodiscard]] std::string_view openapi_document();

}  // namespace howl::apps::system
