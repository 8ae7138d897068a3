// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hub/local_presence.hpp"
#include "hub/subscriber_counts.hpp"
#include "products/chat/relay_compat.hpp"
#include "products/cloud/cloud_commands_compat.hpp"
#include "products/cloud/cloud_toggle_compat.hpp"
#include "products/inbox/inbox_compat.hpp"
#include "products/reports/reports_v4_compat.hpp"
#include "products/system/system_api.hpp"
#include "products/wisdom/wisdom_compat.hpp"
#include "server/config.hpp"
#include "server/stateful_products.hpp"
#include "transport/http/host_rule.hpp"
#include "transport/http/router.hpp"
#include "transport/http/static_files.hpp"

namespace howl::server {

/// The endpoints that the configuration opens, and what their routes refer to.
///
/// Built before the listeners serve, then constant: any thread.
class Endpoints {
public:
    /// What the endpoints lead to.
    struct Dependencies {
        StatefulProducts& apps;
        products::reports::MoveDispatcher&
            dispatcher;  ///< Takes the moves of `/v4` to the reports.
        const hub::SubscriberCounts& subscribers;
        const products::system::Stats& stats;
        const std::atomic<products::system::Readiness>& readiness;
        products::system::StoreTrouble store_trouble;
    };

    Endpoints(const Config& config, const Dependencies& dependencies);
    Endpoints(const Endpoints&) = delete;
    Endpoints& operator=(const Endpoints&) = delete;

    /// Reads the portal's files, if there is a folder of them. Errors: `kInvalidConfig`.
    [[nodiscard]] Result<void> load_portal();
    /// The routes of one listener, for requests to `hosts`; they live as long as the endpoints.
    [[nodiscard]] std::unique_ptr<transport::Router> make_router(const ListenerConfig& listener,
                                                                 transport::HostRule hosts);

private:
    void add_endpoint(transport::Router& router, const EndpointConfig& endpoint);
    void add_api(transport::Router& router);
    void add_compat_endpoint(transport::Router& router, const EndpointConfig& endpoint);
    /// The pages that may use an endpoint: those of the whole server, its own, and `more`.
    [[nodiscard]] std::vector<std::string> origins_of(
        const EndpointConfig& endpoint, const std::vector<std::string>& more = {}) const;

    // Constant after construction.
    const Config& config_;
    const Dependencies dependencies_;
    const transport::ApiResponsePolicy response_policy_;
    const transport::SseStyle event_style_;
    const transport::SseStyle page_style_;
    const products::wisdom::WisdomCompat wisdom_;
    hub::LocalPresence presence_;  ///< Shared.
    std::optional<transport::StaticFiles> portal_;
    // One for each place in which such an endpoint stands, since each has origins of its own.
    std::vector<std::unique_ptr<const products::inbox::InboxCompat>> inboxes_;
    std::vector<std::unique_ptr<const products::reports::ReportsV4Compat>> reports_v4_;
    std::vector<std::unique_ptr<const products::cloud::CloudCommandsCompat>> cloud_commands_;
    std::vector<std::unique_ptr<const products::cloud::CloudToggleCompat>> cloud_toggles_;
    std::vector<std::unique_ptr<const products::chat::RelayCompat>> relays_;
};

}  // namespace howl::server
