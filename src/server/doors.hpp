// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/chat/relay_door.hpp"
#include "apps/cloud/cloud_commands_door.hpp"
#include "apps/cloud/cloud_toggle_door.hpp"
#include "apps/inbox/inbox_door.hpp"
#include "apps/reports/reports_v4_door.hpp"
#include "apps/system/system_door.hpp"
#include "apps/wisdom/wisdom_door.hpp"
#include "hub/presence.hpp"
#include "hub/reader_census.hpp"
#include "server/config.hpp"
#include "server/stateful_apps.hpp"
#include "transport/http/host_rule.hpp"
#include "transport/http/router.hpp"
#include "transport/http/static_files.hpp"

namespace howl::server {

/// The doors that the configuration opens, and what their routes refer to.
///
/// Built before the listeners serve, then constant: any thread.
class Doors {
public:
    /// What the doors lead to.
    struct Rooms {
        StatefulApps& apps;
        apps::reports::MoveCourier& courier;  ///< Takes the moves of `/v4` to the reports.
        const hub::ReaderCensus& census;
        const apps::system::Stats& stats;
        const std::atomic<apps::system::Readiness>& readiness;
        apps::system::StoreTrouble store_trouble;
    };

    Doors(const Config& config, const Rooms& rooms);
    Doors(const Doors&) = delete;
    Doors& operator=(const Doors&) = delete;

    /// Reads the portal's files, if there is a folder of them. Errors: `kInvalidConfig`.
    [[nodiscard]] Result<void> load_portal();
    /// The routes of one listener, for requests to `hosts`; they live as long as the doors.
    [[nodiscard]] std::unique_ptr<transport::Router> make_router(const ListenerConfig& listener,
                                                                 transport::HostRule hosts);

private:
    void add_door(transport::Router& router, const DoorConfig& door);
    void add_api(transport::Router& router);
    void add_compat_door(transport::Router& router, const DoorConfig& door);
    /// The pages that may use a door: those of the whole server, its own, and `more`.
    [[nodiscard]] std::vector<std::string> origins_of(
        const DoorConfig& door, const std::vector<std::string>& more = {}) const;

    // Constant after construction.
    const Config& config_;
    const Rooms rooms_;
    const transport::ApiManners manners_;
    const transport::SseStyle event_style_;
    const transport::SseStyle page_style_;
    const apps::wisdom::WisdomDoor wisdom_;
    hub::Presence presence_;  ///< Shared.
    std::optional<transport::StaticFiles> portal_;
    // One for each place in which such a door stands, since each has origins of its own.
    std::vector<std::unique_ptr<const apps::inbox::InboxDoor>> inboxes_;
    std::vector<std::unique_ptr<const apps::reports::ReportsV4Door>> reports_v4_;
    std::vector<std::unique_ptr<const apps::cloud::CloudCommandsDoor>> cloud_commands_;
    std::vector<std::unique_ptr<const apps::cloud::CloudToggleDoor>> cloud_toggles_;
    std::vector<std::unique_ptr<const apps::chat::RelayDoor>> relays_;
};

}  // namespace howl::server
