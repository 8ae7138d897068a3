// SPDX-License-Identifier: Apache-2.0
#include "products/product.hpp"
#include "products/reports/report.hpp"
#include "products/reports/reports_api.hpp"
#include "products/reports/reports_app.hpp"

namespace howl::products::reports {

namespace {

using namespace std::chrono_literals;

class RunningReports final : public RunningProduct {
public:
    explicit RunningReports(const Services& services)
        : services_(services), app_(services.store(settings().store), settings()) {
        services.parts.offer(app_);
    }

    void add_api_routes(transport::Router& router) override {
        add_routes(router, services_.response_policy, services_.event_style, app_);
    }

private:
    [[nodiscard]] const ReportsSettings& settings() const {
        return services_.settings.of<ReportsSettings>();
    }

    const Services services_;
    ReportsApp app_;
};

Result<void> check(const hub::Record& record) {
    HOWL_TRY_VOID(stored_from(record));
    return {};
}

StoreChoice store_of(const ProductSettings& settings) {
    return settings.of<ReportsSettings>().store;
}

/// As the original demo's set-up makes it, with the status where its programs look for it.
ForeignTable table() {
    return {.name = "report_status",
            .key_attribute = "report_id",
            .owner_attribute = "user_id",
            .owner_index = "UserIdIndex",
            .shown_members = {"status"}};
}

class ReportsProduct final : public Product {
public:
    [[nodiscard]] std::vector<SettingsSection> settings() const override {
        return {{"reports",
                 "Report status tracking: /api/reports and the door reports, /v4",
                 {number("per_user", &ReportsSettings::per_user_max, 0, 1'000'000,
                         "Reports of one user; then 409."),
                  number("keep_alive", &ReportsSettings::keep_alive, 10ms, 24h,
                         "Silence on /v4/sse before a comment."),
                  setting("allowed_origins", &ReportsSettings::allowed_origins,
                          "Web pages that may use /v4 beside those of server.allowed_origins; '*' "
                          "lets everyone, as the original did."),
                  setting("store", &ReportsSettings::store,
                          "Where reports are kept: 'embedded' (in data_dir) or 'dynamodb'.")}}};
    }
    [[nodiscard]] Topics topics(const ProductSettings& /*settings*/) const override {
        constexpr std::uint64_t kEventsKept = 1000;  // Of each user.
        const hub::Retention kept{kEventsKept, 24h * 7};
        return {.rules = {{"howl:reports/*", {hub::Lane::kDurable, kept}}},
                .ranks = {{"howl:reports/*", hub::TopicRank::kUser}}};
    }
    [[nodiscard]] std::vector<RecordKind> records() const override {
        return {{.kind = kRecordKind, .check = &check, .store = &store_of, .table = table()}};
    }
    [[nodiscard]] Result<std::unique_ptr<RunningProduct>> build(
        const Services& services) const override {
        return std::make_unique<RunningReports>(services);
    }
};

}  // namespace

const Product& product() {
    static const ReportsProduct kProduct;
    return kProduct;
}

}  // namespace howl::products::reports
