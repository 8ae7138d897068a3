// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "compat/axum_response_policy.hpp"
#include "products/inbox/inbox.hpp"
#include "transport/http/router.hpp"

namespace howl::compat::inbox {

using products::inbox::InboxSettings;

/// Messages to one user at a time: `/v1`, `/v2`, `/v3` (docs/protocols).
///
/// ```
///   GET  /v1/sse?username=U       `hi!` at once and every 15 s
///   GET  /v2/sse?username=U       U's messages
///   POST /v2/message?username=U   204; the body goes to U
///   (the same under /v3, with users of its own)
/// ```
/// Beyond the original: every tab of a user is served, and messages to an absent user are kept for
/// resume, because each user has a durable topic `howl:inbox/v2/U`. What old clients see of it are
/// `id:` lines, which they ignore.
class InboxCompat {
public:
    /// Pages of `allowed_origins` may use it; `{"*"}` lets everyone, as the original did.
    InboxCompat(const InboxSettings& settings, std::vector<std::string> allowed_origins);

    /// The endpoint outlives the router.
    void add_routes(transport::Router& router) const;

private:
    const std::chrono::milliseconds greeting_interval_;
    const AxumResponsePolicy response_policy_;
    const transport::SseStyle v1_style_;
    const transport::SseStyle style_;
};

}  // namespace howl::compat::inbox
