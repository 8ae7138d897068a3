// SPDX-License-Identifier: Apache-2.0
#include "products/inbox/inbox_api.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <boost/json/serialize.hpp>

#include "products/inbox/inbox.hpp"
#include "products/publishing.hpp"

namespace howl::products::inbox {

using codec::http::Method;
using codec::http::Response;
using runtime::Task;
using transport::Exchange;
using transport::Reply;

namespace {

Result<hub::NewEvent> message_of(const Exchange& exchange) {
    constexpr auto kSlashes = std::string_view{"/api/inbox//messages"};
    if (std::ranges::count(exchange.request.path, '/') != std::ranges::count(kSlashes, '/')) {
        return fail(Errc::kNotFound, "inbox");  // A slash of a user's name is sent as %2F, only so.
    }
    HOWL_TRY(topic, topic_of("v3", exchange.wildcard));
    HOWL_TRY(idempotency_key, idempotency_key_of(exchange.request));
    hub::NewEvent event{.topic = std::move(topic),
                        .data = exchange.request.body,
                        .idempotency_key = std::move(idempotency_key),
                        .publisher = publisher_at(exchange.peer)};
    HOWL_TRY_VOID(hub::check_new_event(event));
    return event;
}

Task<Result<Reply>> post_message(Exchange& exchange, const hub::SubscriberCounts& subscribers) {
    HOWL_CO_TRY(event, message_of(exchange));
    hub::Hub& hub = exchange.hub();
    HOWL_CO_TRY(receipt, co_await products::publish(hub, exchange.principal, std::move(event)));
    const auto sessions = co_await subscribers.count(hub.shard_id(), receipt.event->topic);
    auto told = receipt_json(hub, receipt);
    told["sessions"] = sessions;
    co_return Response::json(status_of(receipt), boost::json::serialize(told));
}

}  // namespace

void add_api_routes(transport::Router& router, const transport::ResponsePolicy& response_policy,
                    const hub::SubscriberCounts& subscribers) {
    const auto post = [&subscribers](Exchange& exchange) {
        return post_message(exchange, subscribers);
    };
    router.add(Method::kPost, "/api/inbox/*/messages", response_policy, post);
}

}  // namespace howl::products::inbox
