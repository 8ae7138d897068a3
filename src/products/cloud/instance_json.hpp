// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/result.hpp"
#include "products/cloud/instance.hpp"

namespace howl::products::cloud {

/// What the API shows of an instance: see `api_text`.
[[nodiscard]] boost::json::object shown_object(const Instance& instance);
/// An instance from what is shown or stored. Errors: `kInvalidJson`.
[[nodiscard]] Result<Instance> instance_from(const boost::json::object& object);
/// `create`, `start`, `stop`, `remove`. Errors: `kInvalidJson`.
[[nodiscard]] Result<OperationKind> operation_kind_from(const boost::json::object& object);
/// `durationMs`, not negative. Errors: `kInvalidJson`.
[[nodiscard]] Result<std::chrono::milliseconds> duration_from(const boost::json::object& object);
/// Errors: `kInvalidJson` where the member is missing or no string.
[[nodiscard]] Result<std::string> required_string(const boost::json::object& object,
                                                  std::string_view member);

}  // namespace howl::products::cloud
