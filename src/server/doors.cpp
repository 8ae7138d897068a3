// SPDX-License-Identifier: Apache-2.0
#include "server/doors.hpp"

#include <utility>

#include <fmt/format.h>

#include "apps/cloud/cloud_door.hpp"
#include "apps/echo/echo_door.hpp"
#include "apps/reports/reports_door.hpp"
#include "apps/topics/topics_door.hpp"

namespace howl::server {

Doors::Doors(const Config& config, StatefulApps& apps, apps::reports::MoveCourier& courier,
             const std::atomic<apps::system::Readiness>& readiness)
    : config_(config),
      apps_(apps),
      readiness_(readiness),
      manners_(transport::OriginRule{config.allowed_origins}),
      event_style_{.heartbeat_comment = "hb", .heartbeat = config.transport.sse_heartbeat},
      inbox_(config.inbox),
      reports_v4_(apps.reports(), courier),
      wisdom_(config.wisdom) {}

Result<void> Doors::load_portal() {
    if (!config_.portal_folder.empty()) {
        HOWL_TRY(files, transport::StaticFiles::load(config_.portal_folder));
        portal_ = std::move(files);
    }
    return {};
}

std::unique_ptr<transport::Router> Doors::make_router(const ListenerConfig& listener) {
    auto router = std::make_unique<transport::Router>();
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
        }
        apps::system::add_routes(router, manners_, readiness_);
    } else if (door.name == "api") {
        add_api(router);
    } else if (door.name == "inbox") {
        inbox_.add_routes(router);
    } else if (door.name == "wisdom") {
        wisdom_.add_routes(router, manners_, door.prefix.empty() ? "/wisdom/" : door.prefix);
    } else if (door.name == "reports") {
        reports_v4_.add_routes(router);
    } else {
        add_compat_door(router, door);
    }
}

void Doors::add_api(transport::Router& router) {
    apps::topics::add_routes(router, manners_, event_style_, presence_);
    apps::cloud::add_routes(router, manners_, event_style_, apps_.cloud());
    apps_.chat_door().add_routes(router, manners_);
    apps::reports::add_routes(router, manners_, event_style_, apps_.reports());
    apps::system::add_api_routes(router, manners_);
}

void Doors::add_compat_door(transport::Router& router, const DoorConfig& door) {
    const auto prefix = door.prefix.empty() ? fmt::format("/compat/{}/", door.name) : door.prefix;
    auto origins = origins_of(door);
    if (door.name == "cloud-commands") {
        cloud_commands_
            .emplace_back(
                std::make_unique<apps::cloud::CloudCommandsDoor>(apps_.cloud(), std::move(origins)))
            ->add_routes(router, prefix);
    } else if (door.name == "cloud-toggle") {
        cloud_toggles_
            .emplace_back(
                std::make_unique<apps::cloud::CloudToggleDoor>(apps_.cloud(), std::move(origins)))
            ->add_routes(router, prefix);
    } else {
        relays_
            .emplace_back(std::make_unique<apps::chat::RelayDoor>(apps_.relay_desk(), apps_.chat(),
                                                                  std::move(origins)))
            ->add_routes(router, prefix);
    }
}

std::vector<std::string> Doors::origins_of(const DoorConfig& door) const {
    auto origins = config_.allowed_origins;
    origins.insert(origins.end(), door.allowed_origins.begin(), door.allowed_origins.end());
    return origins;
}

}  // namespace howl::server
