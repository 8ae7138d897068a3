// SPDX-License-Identifier: Apache-2.0
#include "server/running_products.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/assert.hpp"
#include "hub/topic_name.hpp"
#include "registry/products.hpp"

namespace howl::server {

using products::EndpointKind;
using products::EndpointPlace;
using products::Product;

namespace {

bool offers(const Product& product, std::string_view endpoint) {
    const auto kinds = product.endpoints();
    return std::ranges::find(kinds, endpoint, &EndpointKind::name) != kinds.end();
}

}  // namespace

hub::TopicPolicies topic_policies_of(const Config& config) {
    std::vector<hub::TopicPolicies::Rule> rules;
    std::vector<hub::TopicPolicies::Rank> ranks;
    for (const auto* product : registry::products()) {
        auto topics = product->topics(config.products);
        std::ranges::move(topics.rules, std::back_inserter(rules));
        std::ranges::move(topics.ranks, std::back_inserter(ranks));
    }
    const auto own = std::string{hub::kReservedPrefix} + "*";
    rules.push_back({own, {}});
    ranks.push_back({own, hub::TopicRank::kInternal});
    rules.insert(rules.end(), config.topics.begin(), config.topics.end());
    return hub::TopicPolicies{std::move(rules), std::move(ranks)};
}

Result<std::unique_ptr<RunningProducts>> RunningProducts::build(
    const products::Services& services) {
    std::unique_ptr<RunningProducts> built{new RunningProducts};
    for (const auto* product : registry::products()) {
        HOWL_TRY(running, product->build(services));
        built->entries_.push_back({product, std::move(running)});
    }
    return built;
}

RunningProducts::~RunningProducts() {
    while (!entries_.empty()) {
        entries_.pop_back();
    }
}

void RunningProducts::add_api_routes(transport::Router& router) {
    for (const auto& entry : entries_) {
        entry.running->add_api_routes(router);
    }
}

void RunningProducts::add_portal_routes(transport::Router& router) {
    for (const auto& entry : entries_) {
        entry.running->add_portal_routes(router);
    }
}

void RunningProducts::add_common_routes(transport::Router& router) {
    for (const auto& entry : entries_) {
        entry.running->add_common_routes(router);
    }
}

void RunningProducts::open_endpoint(transport::Router& router, const EndpointPlace& place) {
    const auto owner = std::ranges::find_if(
        entries_, [&](const Entry& entry) { return offers(*entry.product, place.name); });
    HOWL_ASSERT(owner != entries_.end());
    owner->running->open_endpoint(router, place);
}

std::unique_ptr<broker::RecordFlow> RunningProducts::make_flow(std::string_view flow,
                                                               const broker::SourceLink& source) {
    for (const auto& entry : entries_) {
        if (auto made = entry.running->make_flow(flow, source)) {
            return made;
        }
    }
    return nullptr;
}

Result<void> RunningProducts::start() {
    for (const auto& entry : entries_) {
        HOWL_TRY_VOID(entry.running->start());
    }
    return {};
}

void RunningProducts::begin_drain() {
    for (const auto& entry : entries_) {
        entry.running->begin_drain();
    }
}

void RunningProducts::stop() {
    for (const auto& entry : entries_) {
        entry.running->stop();
    }
}

}  // namespace howl::server
