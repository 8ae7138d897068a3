// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "hub/topic_name.hpp"
#include "products/cloud/instance.hpp"

namespace howl::products::cloud {

/// Carries every change of every instance; durable. The type of an event is one of `received`,
/// `created`, `started`, `stopped`, `removed`, `failed`; its data is a `Notice`.
inline constexpr std::string_view kTopic = "howl:cloud";
[[nodiscard]] const hub::TopicName& topic();

/// What an event of the topic says: the operation, and the instance as it is after it. One that was
/// removed, or whose create failed, is shown as it was and is there no longer.
struct Notice {
    Operation operation;
    Instance instance;
    std::string error_code{};  ///< Of a `failed` event: the name of a row of `errors.def`.

    /// `{"opId","kind","durationMs","door","instance":{...}}`, and `"error"` where it failed.
    ///
    /// What the API does not show of the instance is left out, and so is `operation.started_at`
    /// once the operation is over. Errors: `kInvalidJson`.
    [[nodiscard]] static Result<Notice> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
};

/// `{"id","state","timestamp"}`, and `name` and `op` where there are any: what the API shows.
[[nodiscard]] std::string api_text(const Instance& instance);

}  // namespace howl::products::cloud
