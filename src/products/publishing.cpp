// SPDX-License-Identifier: Apache-2.0
#include "products/publishing.hpp"

#include <utility>
#include <vector>

#include "transport/network.hpp"

namespace howl::products {

runtime::Task<Result<hub::Receipt>> publish(hub::Hub& hub, access::Principal who,
                                            hub::NewEvent event) {
    auto start = [&hub, &who, &event](auto done) {
        std::vector<hub::NewEvent> events;
        events.push_back(std::move(event));
        hub.gate().publish(who, std::move(events), std::move(done));
    };
    HOWL_CO_TRY(receipts, co_await runtime::completion_of<Result<hub::Receipts>>(std::move(start)));
    co_return std::move(receipts.front());
}

runtime::Task<Result<hub::Receipts>> publish(hub::Hub& hub, access::Principal who,
                                             hub::NewEvent event,
                                             std::vector<hub::TopicName> also) {
    auto start = [&hub, &who, &event, &also](auto done) {
        hub.gate().publish(who, std::move(event), also, std::move(done));
    };
    co_return co_await runtime::completion_of<Result<hub::Receipts>>(std::move(start));
}

boost::json::object receipt_json(hub::Hub& hub, const hub::Receipt& receipt) {
    const auto& event = *receipt.event;
    return {{"topic", event.topic.text()},
            {"epoch", hub.epochs()[event.lane].value()},
            {"offset", event.offset.value()}};
}

std::uint16_t status_of(const hub::Receipt& receipt) {
    return receipt.freshness == hub::Freshness::kNew ? 201 : 200;
}

Result<std::string> idempotency_key_of(const codec::http::Request& request) {
    std::string key{request.header("Idempotency-Key")};
    if (key.empty() && request.has_header("Idempotency-Key")) {
        return fail(Errc::kInvalidIdempotencyKey, "publish");
    }
    HOWL_TRY_VOID(hub::check_idempotency_key(key));
    return key;
}

PublisherId publisher_at(std::string_view address) {
    return PublisherId{transport::network_of(address)};
}

}  // namespace howl::products
