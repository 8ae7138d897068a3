// SPDX-License-Identifier: Apache-2.0
#include "server/endpoints.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "products/cloud/cloud_api.hpp"
#include "products/echo/echo_api.hpp"
#include "products/inbox/inbox_api.hpp"
#include "products/reports/reports_api.hpp"
#include "products/topics/event_encoders.hpp"
#include "products/topics/topic_list.hpp"
#include "products/topics/topics_api.hpp"
#include "server/config_check.hpp"

namespace howl::server {

namespace {

/// The pages that count as this server's own: those that are listed, and those under the names by
/// which it may be reached. `*` among the names says that any name may be tried, not that it is
/// ours.
std::vector<std::string> own_origins(const Config& config) {
    auto origins = config.allowed_origins;
    std::ranges::copy_if(config.hosts, std::back_inserter(origins),
                         [](const std::string& name) { return name != "*"; });
    return origins;
}

}  // namespace

Endpoints::Endpoints(const Config& config, const Dependencies& dependencies)
    : config_(config),
      dependencies_(dependencies),
      response_policy_(transport::OriginRule{own_origins(config)}),
      event_style_{.heartbeat_comment = "hb", .heartbeat = config.transport.sse_heartbeat},
      page_style_{.heartbeat_comment = "hb",
                  .heartbeat = config.transport.sse_page_heartbeat,
                  .heartbeat_event = &products::topics::page_heartbeat,
                  .drain_event = &products::topics::page_drain},
      wisdom_(config.wisdom) {}

Result<void> Endpoints::load_portal() {
    if (!config_.portal_folder.empty()) {
        HOWL_TRY_VOID(check_portal_folder(config_.portal_folder));
        HOWL_TRY(files, transport::StaticFiles::load(config_.portal_folder));
        portal_ = std::move(files);
    }
    return {};
}

std::unique_ptr<transport::Router> Endpoints::make_router(const ListenerConfig& listener,
                                                          transport::HostRule hosts) {
    auto router = std::make_unique<transport::Router>(std::move(hosts));
    router->add_endpoint("/", response_policy_);
    for (const auto& endpoint : listener.endpoints) {
        add_endpoint(*router, endpoint);
    }
    if (config_.echo_door) {
        products::echo::add_routes(*router, response_policy_);
    }
    return router;
}

void Endpoints::add_endpoint(transport::Router& router, const EndpointConfig& endpoint) {
    if (endpoint.name == "portal") {
        if (portal_) {
            portal_->add_routes(router,
                                response_policy_);  // Before the built-in page, so that it counts.
            portal_->add_page_routes(router, response_policy_);
        }
        products::system::add_routes(
            router, response_policy_,
            {.readiness = dependencies_.readiness, .trouble = dependencies_.store_trouble});
    } else if (endpoint.name == "api") {
        add_api(router);
    } else if (endpoint.name == "inbox") {
        inboxes_
            .emplace_back(std::make_unique<products::inbox::InboxCompat>(
                config_.inbox, origins_of(endpoint, config_.inbox.allowed_origins)))
            ->add_routes(router);
    } else if (endpoint.name == "wisdom") {
        wisdom_.add_routes(router, response_policy_,
                           endpoint.prefix.empty() ? "/wisdom/" : endpoint.prefix);
    } else if (endpoint.name == "reports") {
        reports_v4_
            .emplace_back(std::make_unique<products::reports::ReportsV4Compat>(
                dependencies_.apps.reports(), dependencies_.dispatcher,
                origins_of(endpoint, config_.reports.allowed_origins)))
            ->add_routes(router);
    } else {
        add_compat_endpoint(router, endpoint);
    }
}

void Endpoints::add_api(transport::Router& router) {
    const auto listing = config_.list_topics ? products::topics::TopicListing::kOn
                                             : products::topics::TopicListing::kOff;
    products::topics::add_routes(router, response_policy_, {event_style_, page_style_}, presence_,
                                 listing);
    products::topics::add_list_route(router, response_policy_, listing);
    products::inbox::add_api_routes(router, response_policy_, dependencies_.subscribers);
    products::cloud::add_routes(router, response_policy_, event_style_, dependencies_.apps.cloud());
    dependencies_.apps.chat_api().add_routes(router, response_policy_);
    products::reports::add_routes(router, response_policy_, event_style_,
                                  dependencies_.apps.reports());
    products::system::add_api_routes(router, response_policy_, dependencies_.stats);
}

void Endpoints::add_compat_endpoint(transport::Router& router, const EndpointConfig& endpoint) {
    const auto prefix =
        endpoint.prefix.empty() ? fmt::format("/compat/{}/", endpoint.name) : endpoint.prefix;
    auto origins = origins_of(endpoint);
    if (endpoint.name == "cloud-commands") {
        cloud_commands_
            .emplace_back(std::make_unique<products::cloud::CloudCommandsCompat>(
                dependencies_.apps.cloud(), std::move(origins)))
            ->add_routes(router, prefix);
    } else if (endpoint.name == "cloud-toggle") {
        cloud_toggles_
            .emplace_back(std::make_unique<products::cloud::CloudToggleCompat>(
                dependencies_.apps.cloud(), std::move(origins)))
            ->add_routes(router, prefix);
    } else {
        relays_
            .emplace_back(std::make_unique<products::chat::RelayCompat>(
                dependencies_.apps.relay_coordinator(), dependencies_.apps.chat(),
                std::move(origins)))
            ->add_routes(router, prefix);
    }
}

std::vector<std::string> Endpoints::origins_of(const EndpointConfig& endpoint,
                                               const std::vector<std::string>& more) const {
    auto origins = own_origins(config_);
    origins.insert(origins.end(), endpoint.allowed_origins.begin(), endpoint.allowed_origins.end());
    origins.insert(origins.end(), more.begin(), more.end());
    return origins;
}

}  // namespace howl::server
