// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "hub/topic_name.hpp"
#include "products/axum_response_policy.hpp"
#include "transport/http/router.hpp"

namespace howl::products::inbox {

struct InboxSettings {
    /// `/v1` says `hi!` this often.
    std::chrono::milliseconds greeting_interval = std::chrono::seconds{15};
    /// Silence on `/v1` before a keep-alive comment.
    std::chrono::milliseconds v1_keep_alive = std::chrono::seconds{3};
    /// Silence on `/v2` and `/v3` before a keep-alive comment.
    std::chrono::milliseconds keep_alive = std::chrono::seconds{30};
    /// Pages of these origins may use the endpoints wherever they stand; the original let everyone.
    std::vector<std::string> allowed_origins;
};

/// Carries the messages to one user of `version`, which is `v2` or `v3`; durable. A user may have
/// any name, also none. Errors: `kInvalidTopic` for a name that is too long.
[[nodiscard]] Result<hub::TopicName> topic_of(std::string_view version, std::string_view username);

/// The type of a message that came from Kafka; others have none. The endpoints `/v2` and `/v3`
/// don't show it.
inline constexpr std::string_view kFromKafka = "kafka";

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

}  // namespace howl::products::inbox
