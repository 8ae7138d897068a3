// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <utility>

#include "products/on_shard.hpp"
#include "products/product.hpp"
#include "products/system/portal.hpp"
#include "products/system/stats.hpp"
#include "products/system/system_api.hpp"

namespace howl::products::system {

namespace {

using namespace std::chrono_literals;
using Portal = std::optional<transport::StaticFiles>;

/// The ticker lives on the first shard.
class RunningSystem final : public RunningProduct {
public:
    RunningSystem(const Services& services, Portal portal)
        : services_(services),
          portal_(std::move(portal)),
          home_(*services.hubs.front()),
          stats_(services.clock),
          ticker_(home_, stats_, services.settings.of<StatsSettings>()) {}

    void add_api_routes(transport::Router& router) override {
        system::add_api_routes(router, services_.response_policy, stats_);
    }
    void add_portal_routes(transport::Router& router) override {
        if (portal_) {  // Before the built-in page, so that it counts.
            portal_->add_routes(router, services_.response_policy);
            portal_->add_page_routes(router, services_.response_policy);
        }
        add_routes(router, services_.response_policy, services_.node);
    }
    Result<void> start() override {
        run_on(services_.shards, home_.shard_id(), [this] { ticker_.start(); });
        return {};
    }
    void begin_drain() override {
        run_on(services_.shards, home_.shard_id(), [this] { ticker_.stop(); });
    }

private:
    const Services services_;
    const Portal portal_;
    hub::Hub& home_;
    const Stats stats_;
    StatsTicker ticker_;
};

Result<Portal> portal_of(const ProductSettings& settings) {
    const auto& folder = settings.of<PortalSettings>().folder;
    if (folder.empty()) {
        return Portal{};
    }
    HOWL_TRY(files, load_portal(folder));
    return Portal{std::move(files)};
}

class SystemProduct final : public Product {
public:
    [[nodiscard]] std::vector<SettingsSection> settings() const override {
        return {{.name = "stats",
                 .documentation = "The topic howl:stats, and /api/stats",
                 .rows = {number("tick", &StatsSettings::tick, 10ms, 1h,
                                 "How often the numbers go out while anybody reads the topic.")},
                 .place = SettingsSection::Place::kLast},
                {.name = "portal",
                 .documentation = "The pages at /",
                 .rows = {setting("folder", &PortalSettings::folder,
                                  "A folder with the built portal (web/dist), read once at start; "
                                  "empty: the built-in home page.")},
                 .place = SettingsSection::Place::kLast}};
    }
    [[nodiscard]] std::vector<SettingFault> faults(const ProductSettings& settings) const override {
        const auto portal = portal_of(settings);
        return portal ? std::vector<SettingFault>{}
                      : std::vector<SettingFault>{{"portal.folder", portal.error()}};
    }
    [[nodiscard]] Topics topics(const ProductSettings& /*settings*/) const override {
        constexpr std::uint64_t kNumbersKept = 60;
        return {.rules = {{std::string{kStatsTopic},
                           {hub::Lane::kVolatile, {.count_max = kNumbersKept}}}}};
    }
    [[nodiscard]] Result<std::unique_ptr<RunningProduct>> build(
        const Services& services) const override {
        HOWL_TRY(portal, portal_of(services.settings));
        return std::make_unique<RunningSystem>(services, std::move(portal));
    }
};

}  // namespace

const Product& product() {
    static const SystemProduct kProduct;
    return kProduct;
}

}  // namespace howl::products::system
