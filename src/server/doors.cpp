// SPDX-License-Identifier: Apache-2.0
#include "server/doors.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "apps/cloud/cloud_door.hpp"
#include "apps/echo/echo_door.hpp"
#include "apps/inbox/inbox_api.hpp"
#include "apps/reports/reports_door.hpp"
#include "apps/topics/event_encoders.hpp"
#include "apps/topics/topic_list.hpp"
#include "apps/topics/topics_door.hpp"
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

Doors::Doors(const Config& config, const Rooms& rooms)
    : config_(config),
      rooms_(rooms),
      manners_(transport::OriginRule{own_origins(config)}),
      event_style_{.heartbeat_comment = "hb", .heartbeat = config.transport.sse_heartbeat},
      page_style_{.heartbeat_comment = "hb",
                  .heartbeat = config.transport.sse_page_heartbeat,
                  .heartbeat_event = &apps::topics::page_heartbeat,
                  .drain_event = &apps::topics::page_drain},
      wisdom_(config.wisdom) {}

Result<void> Doors::load_portal() {
    if (!config_.portal_folder.empty()) {
        HOWL_TRY_VOID(check_portal_folder(config_.portal_folder));
        HOWL_TRY(files, transport::StaticFiles::load(config_.portal_folder));
        portal_ = std::move(files);
    }
    return {};
}

std::unique_ptr<transport::Router> Doors::make_router(const ListenerConfig& listener,
                                                      transport::HostRule hosts) {
    auto router = std::make_unique<transport::Router>(std::move(hosts));
    router->add_door("/", manners_);
    for (const auto& door : listener.doors) {
        add_door(*router, door);
    }
    if (config_.echo_door) {
        apps::echo::add_routes(*router, manners_);
    }
    return router;
}

void Doors::add_door(transport::Router& router, const DoorConfig& door) {
    if (door.name == "portal") {
        if (portal_) {
            portal_->add_routes(router, manners_);  // Before the built-in page, so that it counts.
            portal_->add_page_routes(router, manners_);
        }
        apps::system::add_routes(router, manners_,
                                 {.readiness = rooms_.readiness, .trouble = rooms_.store_trouble});
    } else if (door.name == "api") {
        add_api(router);
    } else if (door.name == "inbox") {
        inboxes_
            .emplace_back(std::make_unique<apps::inbox::InboxDoor>(
                config_.inbox, origins_of(door, config_.inbox.allowed_origins)))
            ->add_routes(router);
    } else if (door.name == "wisdom") {
        wisdom_.add_routes(router, manners_, door.prefix.empty() ? "/wisdom/" : door.prefix);
    } else if (door.name == "reports") {
        reports_v4_
            .emplace_back(std::make_unique<apps::reports::ReportsV4Door>(
                rooms_.apps.reports(), rooms_.courier,
                origins_of(door, config_.reports.allowed_origins)))
            ->add_routes(router);
    } else {
        add_compat_door(router, door);
    }
}

void Doors::add_api(transport::Router& router) {
    apps::topics::add_routes(router, manners_, {event_style_, page_style_}, presence_);
    apps::topics::add_list_route(
        router, manners_,
        config_.list_topics ? apps::topics::TopicListing::kOn : apps::topics::TopicListing::kOff);
    apps::inbox::add_api_routes(router, manners_, rooms_.census);
    apps::cloud::add_routes(router, manners_, event_style_, rooms_.apps.cloud());
    rooms_.apps.chat_door().add_routes(router, manners_);
    apps::reports::add_routes(router, manners_, event_style_, rooms_.apps.reports());
    apps::system::add_api_routes(router, manners_, rooms_.stats);
}

void Doors::add_compat_door(transport::Router& router, const DoorConfig& door) {
    const auto prefix = door.prefix.empty() ? fmt::format("/compat/{}/", door.name) : door.prefix;
    auto origins = origins_of(door);
    if (door.name == "cloud-commands") {
        cloud_commands_
            .emplace_back(std::make_unique<apps::cloud::CloudCommandsDoor>(rooms_.apps.cloud(),
                                                                           std::move(origins)))
            ->add_routes(router, prefix);
    } else if (door.name == "cloud-toggle") {
        cloud_toggles_
            .emplace_back(std::make_unique<apps::cloud::CloudToggleDoor>(rooms_.apps.cloud(),
                                                                         std::move(origins)))
            ->add_routes(router, prefix);
    } else {
        relays_
            .emplace_back(std::make_unique<apps::chat::RelayDoor>(
                rooms_.apps.relay_desk(), rooms_.apps.chat(), std::move(origins)))
            ->add_routes(router, prefix);
    }
}

std::vector<std::string> Doors::origins_of(const DoorConfig& door,
                                           const std::vector<std::string>& more) const {
    auto origins = own_origins(config_);
    origins.insert(origins.end(), door.allowed_origins.begin(), door.allowed_origins.end());
    origins.insert(origins.end(), more.begin(), more.end());
    return origins;
}

}  // namespace howl::server
