// SPDX-License-Identifier: Apache-2.0
#include "base/random.hpp"
#include "products/cloud/cloud_api.hpp"
#include "products/cloud/cloud_app.hpp"
#include "products/cloud/notice.hpp"
#include "products/cloud/simulated_provider.hpp"
#include "products/on_shard.hpp"
#include "products/product.hpp"

namespace howl::products::cloud {

namespace {

using namespace std::chrono_literals;

/// The app lives on the first shard.
class RunningCloud final : public RunningProduct {
public:
    explicit RunningCloud(const Services& services)
        : services_(services),
          home_(*services.hubs.front()),
          provider_(home_.shard(), random_, settings().simulated_failures_percent),
          app_(services.shards, home_, services.store(settings().store), provider_, random_,
               settings()) {
        services.parts.offer(app_);
    }

    void add_api_routes(transport::Router& router) override {
        add_routes(router, services_.response_policy, services_.event_style, app_);
    }
    Result<void> start() override {
        return complete_on(services_.shards, home_, [this] { return app_.load(); });
    }
    void stop() override {
        run_on(services_.shards, home_.shard_id(), [this] { app_.stop(); });
    }

private:
    [[nodiscard]] const CloudSettings& settings() const {
        return services_.settings.of<CloudSettings>();
    }

    const Services services_;
    hub::Hub& home_;
    SystemRandom random_;
    SimulatedProvider provider_;
    CloudApp app_;
};

Result<void> check(const hub::Record& record) {
    HOWL_TRY_VOID(Instance::parse(record.data));
    return {};
}

StoreChoice store_of(const ProductSettings& settings) {
    return settings.of<CloudSettings>().store;
}

class CloudProduct final : public Product {
public:
    [[nodiscard]] std::vector<SettingsSection> settings() const override {
        return {{"cloud",
                 "Cloud dashboard: /api/cloud and its doors in /compat",
                 {number("operation_time", &CloudSettings::operation_time, 1ms, 24h,
                         "Work of an operation: create, start, stop, remove."),
                  number("instances", &CloudSettings::instances_max, 0, 1'000'000,
                         "Instances there may be; then 409."),
                  number("simulated_failures", &CloudSettings::simulated_failures_percent, 0, 100,
                         "Of 100 operations this many fail, to see what that looks like."),
                  setting("store", &CloudSettings::store,
                          "Where instances are kept: 'embedded' (in data_dir) or 'dynamodb'.")}},
                {"cloud.toggle",
                 "The door cloud-toggle",
                 {number("operation_time", &CloudSettings::toggle_operation_time, 1ms, 24h,
                         "Work of a create through this door; its other operations take none.")}}};
    }
    [[nodiscard]] Topics topics(const ProductSettings& /*settings*/) const override {
        constexpr std::uint64_t kEventsKept = 10'000;
        const hub::Retention kept{kEventsKept, 24h * 30};
        return {.rules = {{std::string{kTopic}, {hub::Lane::kDurable, kept}}}};
    }
    [[nodiscard]] std::vector<RecordKind> records() const override {
        return {{.kind = kRecordKind, .check = &check, .store = &store_of}};
    }
    [[nodiscard]] Result<std::unique_ptr<RunningProduct>> build(
        const Services& services) const override {
        return std::make_unique<RunningCloud>(services);
    }
};

}  // namespace

const Product& product() {
    static const CloudProduct kProduct;
    return kProduct;
}

}  // namespace howl::products::cloud
