// SPDX-License-Identifier: Apache-2.0
#include "server/endpoint_kinds.hpp"

#include <algorithm>
#include <iterator>

#include "registry/products.hpp"

namespace howl::server {

using products::EndpointKind;

namespace {

std::vector<EndpointKind> all_kinds() {
    std::vector<EndpointKind> kinds{{.name = kPortalEndpoint}, {.name = kApiEndpoint}};
    std::ranges::move(registry::all_of(&products::Product::endpoints), std::back_inserter(kinds));
    return kinds;
}

}  // namespace

const std::vector<EndpointKind>& endpoint_kinds() {
    static const auto kKinds = all_kinds();
    return kKinds;
}

const EndpointKind* find_endpoint(std::string_view name) {
    const auto found = std::ranges::find(endpoint_kinds(), name, &EndpointKind::name);
    return found == endpoint_kinds().end() ? nullptr : &*found;
}

std::vector<std::string_view> endpoint_names() {
    std::vector<std::string_view> names;
    std::ranges::transform(endpoint_kinds(), std::back_inserter(names), &EndpointKind::name);
    return names;
}

}  // namespace howl::server
