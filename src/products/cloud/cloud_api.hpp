// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "products/cloud/cloud_app.hpp"
#include "transport/http/router.hpp"

namespace howl::products::cloud {

/// The canonical endpoint of the cloud dashboard.
///
/// ```
///   GET    /api/cloud/instances        all, oldest first; Howl-Cursor: where the events go on
///   GET    /api/cloud/instances/{id}   one
///   POST   /api/cloud/instances        create                               202
///   PATCH  /api/cloud/instances/{id}   start or stop: {"state":"running"}   202
///   DELETE /api/cloud/instances/{id}   remove                               202
///   GET    /api/cloud/events           what becomes of it all, as SSE
/// ```
/// Wire formats: `docs/API.md`. The references outlive the router.
void add_routes(transport::Router& router, const transport::ResponsePolicy& response_policy,
                const transport::SseStyle& style, CloudApp& app);

}  // namespace howl::products::cloud
