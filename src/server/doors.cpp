// SPDX-License-Identifier: Apache-2.0
#include "server/doors.hpp"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "apps/cloud/cloud_door.hpp"
#include "apps/echo/echo_door.hpp"
#include "apps/inbox/inbox_api.hpp"
#include "apps/reports/reports_door.hpp"
#include "apps/topics/event_encoders.hpp"
#include "apps/topics/topics_door.hpp"

namespace howl::server {

namespace {

/// The portal's own routes. A list of them and no rule, so that a mistyped path of the API is 404.
constexpr std::array<std::string_view, 5> kPages{"/chat", "/cloud", "/reports", "/wisdom",
                                                 "/messages"};

}  // namespace

Doors::Doors(const Config& config, const Rooms& rooms)
    : config_(config),
      rooms_(rooms),
      manners_(transport::OriginRule{config.allowed_origins}),
      event_style_{.heartbeat_comment = "hb", .heartbeat = config.transport.sse_heartbeat},
      page_style_{.heartbeat_comment = "hb",
                  .heartbeat = config.transport.sse_page_heartbeat,
                  .heartbeat_event = &apps::topics::page_heartbeat,
                  .drain_event = &apps::topics::page_drain},
      inbox_(config.inbox),
      reports_v4_(rooms.apps.reports(), rooms.courier),
      wisdom_(config.wisdom) {}

Result<void> Doors::load_portal() {
    if (!config_.portal_folder.empty()) {
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
            portal_->add_page_routes(router, manners_, kPages);
        }
        apps::system::add_routes(router, manners_, rooms_.readiness);
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
    apps::topics::add_routes(router, manners_, {event_style_, page_style_}, presence_);
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

std::vector<std::string> Doors::origins_of(const DoorConfig& door) const {
    auto origins = config_.allowed_origins;
    origins.insert(origins.end(), door.allowed_origins.begin(), door.allowed_origins.end());
    return origins;
}

}  // namespace howl::server
