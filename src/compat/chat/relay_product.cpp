// SPDX-License-Identifier: Apache-2.0
#include <utility>
#include <vector>

#include "compat/chat/relay_compat.hpp"
#include "compat/chat/relay_coordinator.hpp"
#include "products/product.hpp"

namespace howl::compat::chat {

namespace {

using products::EndpointKind;
using products::Services;

class RunningRelay final : public products::RunningProduct {
public:
    explicit RunningRelay(const Services& services)
        : chat_(services.parts.get<ChatApp>()),
          coordinator_(services.shards, chat_.home(), chat_) {}

    void open_endpoint(transport::Router& router, products::EndpointPlace place) override {
        open_
            .emplace_back(
                std::make_unique<RelayCompat>(coordinator_, chat_, std::move(place.origins)))
            ->add_routes(router, place.prefix);
    }

private:
    ChatApp& chat_;
    RelayCoordinator coordinator_;
    std::vector<std::unique_ptr<const RelayCompat>> open_;
};

class RelayProduct final : public products::Product {
public:
    [[nodiscard]] products::Topics topics(
        const products::ProductSettings& /*settings*/) const override {
        return {
            .rules = {{std::string{kRelayTopicPattern}, {hub::Lane::kVolatile, {.count_max = 1}}}}};
    }
    [[nodiscard]] std::vector<EndpointKind> endpoints() const override {
        constexpr std::uint16_t kOriginalPort = 3000;
        return {{.name = "chat-relay",
                 .usual_prefix = "/compat/chat-relay/",
                 .origins = EndpointKind::Origins::kOwnToo,
                 .sockets = EndpointKind::Sockets::kOnAnyPath,
                 .original_port = kOriginalPort}};
    }
    [[nodiscard]] Result<std::unique_ptr<products::RunningProduct>> build(
        const Services& services) const override {
        return std::make_unique<RunningRelay>(services);
    }
};

}  // namespace

const products::Product& product() {
    static const RelayProduct kProduct;
    return kProduct;
}

}  // namespace howl::compat::chat
