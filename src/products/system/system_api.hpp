// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "products/system/stats.hpp"
#include "transport/http/router.hpp"

namespace howl::products::system {

/// Whether the node wants traffic. Shared; written by the server's start and stop.
enum class Readiness : std::uint8_t { kStarting, kReady, kDraining, kStoreFailed };
/// Why the store refuses writes; empty: it does not. Thread: any.
using StoreTrouble = std::function<std::optional<Error>()>;

/// What `/readyz` looks at. `readiness` outlives the router.
struct Probe {
    const std::atomic<Readiness>& readiness;
    StoreTrouble trouble;
};

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
                Probe probe);

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
