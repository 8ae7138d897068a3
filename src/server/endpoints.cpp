// SPDX-License-Identifier: Apache-2.0
#include "server/endpoints.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/assert.hpp"
#include "server/endpoint_kinds.hpp"

namespace howl::server {

namespace {

products::EndpointPlace place_of(const EndpointConfig& endpoint, std::vector<std::string> origins) {
    const auto* kind = find_endpoint(endpoint.name);
    HOWL_ASSERT(kind != nullptr);
    origins.insert(origins.end(), endpoint.allowed_origins.begin(), endpoint.allowed_origins.end());
    return {kind->name, endpoint.prefix.empty() ? std::string{kind->usual_prefix} : endpoint.prefix,
            std::move(origins)};
}

}  // namespace

/// `*` among the names says that any name may be tried, not that it is ours.
std::vector<std::string> own_origins(const Config& config) {
    auto origins = config.allowed_origins;
    std::ranges::copy_if(config.hosts, std::back_inserter(origins),
                         [](const std::string& name) { return name != "*"; });
    return origins;
}

std::unique_ptr<transport::Router> Endpoints::make_router(const ListenerConfig& listener,
                                                          transport::HostRule hosts) {
    auto router = std::make_unique<transport::Router>(std::move(hosts));
    router->add_endpoint("/", response_policy_);
    for (const auto& endpoint : listener.endpoints) {
        add_endpoint(*router, endpoint);
    }
    products_.add_common_routes(*router);
    return router;
}

void Endpoints::add_endpoint(transport::Router& router, const EndpointConfig& endpoint) {
    if (endpoint.name == kPortalEndpoint) {
        products_.add_portal_routes(router);
    } else if (endpoint.name == kApiEndpoint) {
        products_.add_api_routes(router);
    } else {
        products_.open_endpoint(router, place_of(endpoint, own_origins(config_)));
    }
}

}  // namespace howl::server
