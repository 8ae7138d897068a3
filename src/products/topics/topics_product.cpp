// SPDX-License-Identifier: Apache-2.0
#include "products/product.hpp"
#include "products/topics/event_encoders.hpp"
#include "products/topics/topic_list.hpp"
#include "products/topics/topics_api.hpp"

namespace howl::products::topics {

namespace {

class RunningTopics final : public RunningProduct {
public:
    explicit RunningTopics(const Services& services)
        : services_(services),
          page_style_{.heartbeat_comment = "hb",
                      .heartbeat = services.page_heartbeat,
                      .heartbeat_event = &page_heartbeat,
                      .drain_event = &page_drain} {}

    void add_api_routes(transport::Router& router) override {
        const auto listing = services_.topic_names == Services::TopicNames::kListed
                                 ? TopicListing::kOn
                                 : TopicListing::kOff;
        add_routes(router, services_.response_policy, {services_.event_style, page_style_},
                   services_.presence, listing);
        add_list_route(router, services_.response_policy, listing);
    }

private:
    const Services services_;
    const transport::SseStyle page_style_;
};

class TopicsProduct final : public Product {
public:
    [[nodiscard]] Result<std::unique_ptr<RunningProduct>> build(
        const Services& services) const override {
        return std::make_unique<RunningTopics>(services);
    }
};

}  // namespace

const Product& product() {
    static const TopicsProduct kProduct;
    return kProduct;
}

}  // namespace howl::products::topics
