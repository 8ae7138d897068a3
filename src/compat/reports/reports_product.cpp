// SPDX-License-Identifier: Apache-2.0
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "compat/reports/kafka_move_dispatcher.hpp"
#include "compat/reports/kafka_reports_flow.hpp"
#include "compat/reports/reports_v4_compat.hpp"
#include "products/product.hpp"

namespace howl::compat::reports {

namespace {

using products::EndpointKind;
using products::Services;

class RunningReportsCompat final : public products::RunningProduct {
public:
    explicit RunningReportsCompat(const Services& services)
        : app_(services.parts.get<ReportsApp>()), direct_(app_) {}

    void open_endpoint(transport::Router& router, products::EndpointPlace place) override {
        const auto& more = app_.settings().allowed_origins;
        place.origins.insert(place.origins.end(), more.begin(), more.end());
        open_
            .emplace_back(
                std::make_unique<ReportsV4Compat>(app_, dispatcher(), std::move(place.origins)))
            ->add_routes(router);
    }
    /// The moves of `/v4` go through the first source of reports, if there is one.
    [[nodiscard]] std::unique_ptr<broker::RecordFlow> make_flow(
        std::string_view flow, const broker::SourceLink& source) override {
        if (flow != "reports") {
            return nullptr;
        }
        if (!through_kafka_) {
            SystemRandom random;
            through_kafka_ =
                std::make_unique<KafkaMoveDispatcher>(source, random_epoch_text(random));
        }
        return std::make_unique<KafkaReportsFlow>(app_, *through_kafka_);
    }

private:
    [[nodiscard]] MoveDispatcher& dispatcher() {
        return through_kafka_ ? static_cast<MoveDispatcher&>(*through_kafka_) : direct_;
    }

    ReportsApp& app_;
    DirectMoveDispatcher direct_;
    std::unique_ptr<KafkaMoveDispatcher> through_kafka_;
    std::vector<std::unique_ptr<const ReportsV4Compat>> open_;
};

class ReportsCompatProduct final : public products::Product {
public:
    [[nodiscard]] std::vector<EndpointKind> endpoints() const override {
        constexpr std::uint16_t kOriginalPort = 3000;
        return {{.name = "reports",
                 .origins = EndpointKind::Origins::kOwnToo,
                 .original_port = kOriginalPort}};
    }
    [[nodiscard]] std::vector<products::FlowKind> flows() const override {
        return {{"reports", "v4_messages", "{\"id\",\"status\"} to the reports."}};
    }
    [[nodiscard]] Result<std::unique_ptr<products::RunningProduct>> build(
        const Services& services) const override {
        return std::make_unique<RunningReportsCompat>(services);
    }
};

}  // namespace

const products::Product& product() {
    static const ReportsCompatProduct kProduct;
    return kProduct;
}

}  // namespace howl::compat::reports
