// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "products/product.hpp"

namespace howl::server {

/// The endpoints that every product may add to.
inline constexpr std::string_view kPortalEndpoint = "portal";
inline constexpr std::string_view kApiEndpoint = "api";

/// What may stand in `doors = [...]`: those two, then the products' own.
[[nodiscard]] const std::vector<products::EndpointKind>& endpoint_kinds();
/// Null: there is no such endpoint.
[[nodiscard]] const products::EndpointKind* find_endpoint(std::string_view name);
[[nodiscard]] std::vector<std::string_view> endpoint_names();

}  // namespace howl::server
