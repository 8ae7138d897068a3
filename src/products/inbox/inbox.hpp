// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "hub/topic_name.hpp"

namespace howl::products::inbox {

/// Those of the endpoints of the original server, which `compat/inbox/` serves.
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

}  // namespace howl::products::inbox
