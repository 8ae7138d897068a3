// SPDX-License-Identifier: Apache-2.0
#include "products/inbox/inbox.hpp"
#include "products/inbox/inbox_api.hpp"
#include "products/product.hpp"

namespace howl::products::inbox {

namespace {

using namespace std::chrono_literals;

class RunningInbox final : public RunningProduct {
public:
    explicit RunningInbox(const Services& services) : services_(services) {}

    void add_api_routes(transport::Router& router) override {
        inbox::add_api_routes(router, services_.response_policy, services_.subscribers);
    }

private:
    const Services services_;
};

class InboxProduct final : public Product {
public:
    [[nodiscard]] std::vector<SettingsSection> settings() const override {
        return {{"inbox",
                 "Messages to one user: /v1, /v2, /v3",
                 {number("greeting_interval", &InboxSettings::greeting_interval, 10ms, 24h,
                         "How often /v1 says hi!"),
                  number("v1_keep_alive", &InboxSettings::v1_keep_alive, 10ms, 24h,
                         "Silence on /v1 before a comment."),
                  number("keep_alive", &InboxSettings::keep_alive, 10ms, 24h,
                         "Silence on /v2 and /v3 before a comment."),
                  setting("allowed_origins", &InboxSettings::allowed_origins,
                          "Web pages that may use these doors beside those of "
                          "server.allowed_origins; '*' lets everyone, as the original did.")}}};
    }
    [[nodiscard]] Topics topics(const ProductSettings& /*settings*/) const override {
        return {.ranks = {{"howl:inbox/*", hub::TopicRank::kUser}}};
    }
    [[nodiscard]] Result<std::unique_ptr<RunningProduct>> build(
        const Services& services) const override {
        return std::make_unique<RunningInbox>(services);
    }
};

}  // namespace

const Product& product() {
    static const InboxProduct kProduct;
    return kProduct;
}

}  // namespace howl::products::inbox
