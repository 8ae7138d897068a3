// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server/config.hpp"
#include "server/running_products.hpp"
#include "transport/http/host_rule.hpp"
#include "transport/http/router.hpp"

namespace howl::server {

/// The pages that count as this server's own: those that are listed, and those under the names by
/// which it may be reached.
[[nodiscard]] std::vector<std::string> own_origins(const Config& config);

/// Opens the endpoints that the configuration names.
///
/// The routes refer to the products and to the policy, which outlive the router.
class Endpoints {
public:
    Endpoints(const Config& config, const transport::ResponsePolicy& response_policy,
              RunningProducts& products)
        : config_(config), response_policy_(response_policy), products_(products) {}

    /// The routes of one listener, for requests to `hosts`.
    [[nodiscard]] std::unique_ptr<transport::Router> make_router(const ListenerConfig& listener,
                                                                 transport::HostRule hosts);

private:
    void add_endpoint(transport::Router& router, const EndpointConfig& endpoint);

    const Config& config_;
    const transport::ResponsePolicy& response_policy_;
    RunningProducts& products_;
};

}  // namespace howl::server
