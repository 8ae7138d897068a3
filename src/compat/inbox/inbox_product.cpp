// SPDX-License-Identifier: Apache-2.0
#include <utility>
#include <vector>

#include "compat/inbox/inbox_compat.hpp"
#include "compat/inbox/kafka_inbox_flow.hpp"
#include "products/product.hpp"

namespace howl::compat::inbox {

namespace {

using products::EndpointKind;
using products::Services;

class RunningInboxCompat final : public products::RunningProduct {
public:
    explicit RunningInboxCompat(const Services& services)
        : settings_(services.settings.of<InboxSettings>()) {}

    void open_endpoint(transport::Router& router, products::EndpointPlace place) override {
        const auto& more = settings_.allowed_origins;
        place.origins.insert(place.origins.end(), more.begin(), more.end());
        open_.emplace_back(std::make_unique<InboxCompat>(settings_, std::move(place.origins)))
            ->add_routes(router);
    }
    [[nodiscard]] std::unique_ptr<broker::RecordFlow> make_flow(
        std::string_view flow, const broker::SourceLink& /*source*/) override {
        return flow == "inbox" ? std::make_unique<KafkaInboxFlow>() : nullptr;
    }

private:
    const InboxSettings& settings_;
    std::vector<std::unique_ptr<const InboxCompat>> open_;
};

class InboxCompatProduct final : public products::Product {
public:
    [[nodiscard]] std::vector<EndpointKind> endpoints() const override {
        constexpr std::uint16_t kOriginalPort = 3000;
        return {{.name = "inbox",
                 .origins = EndpointKind::Origins::kOwnToo,
                 .original_port = kOriginalPort}};
    }
    [[nodiscard]] std::vector<products::FlowKind> flows() const override {
        return {{"inbox", "v3_messages", "\"username:message\" to the inbox /v3 of that user."}};
    }
    [[nodiscard]] Result<std::unique_ptr<products::RunningProduct>> build(
        const Services& services) const override {
        return std::make_unique<RunningInboxCompat>(services);
    }
};

}  // namespace

const products::Product& product() {
    static const InboxCompatProduct kProduct;
    return kProduct;
}

}  // namespace howl::compat::inbox
