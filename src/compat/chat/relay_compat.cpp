// SPDX-License-Identifier: Apache-2.0
#include "compat/chat/relay_compat.hpp"

#include <optional>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "compat/chat/relay_socket.hpp"
#include "compat/foreign_socket.hpp"
#include "products/json.hpp"

namespace howl::compat::chat {

using products::string_in;
using products::chat::ChatSettings;
using products::chat::json_of;

namespace http = codec::http;
namespace json = boost::json;
using http::Method;
using http::Response;
using runtime::Task;
using transport::Exchange;
using transport::Reply;

namespace {

Response refusal(std::uint16_t status, std::string_view message) {
    return express_json(status,
                        json::serialize(json::object{{"status", "error"}, {"message", message}}));
}

/// The original has one text for every name that it does not take, and for none.
Response name_refusal(std::uint16_t status) {
    return refusal(status, "This name is already taken!");
}

Response refusal_of(const Error& error) {
    switch (error.code) {
        case Errc::kNameTaken:
        case Errc::kNameConfusable:
        case Errc::kNameReserved:
            return name_refusal(409);
        default:
            return refusal(error.entry().http_status, error.entry().text);
    }
}

/// Nothing: there is no name, or a blank one.
std::optional<std::string> name_in(const json::value& body) {
    const auto* const object = body.if_object();
    const auto name = object == nullptr ? std::nullopt : string_in(*object, "name");
    if (!name || name->find_first_not_of(" \t\r\n") == std::string_view::npos) {
        return std::nullopt;
    }
    return std::string{*name};
}

Task<Result<Reply>> add_user(Exchange& exchange, RelayCoordinator& coordinator, ChatApp& chat) {
    HOWL_CO_TRY(body, express_body(exchange.request));
    auto name = name_in(body);
    if (!name) {
        co_return name_refusal(400);
    }
    const auto shard = exchange.shard().id();
    const auto user = co_await chat.reserve(shard, relay_room(), std::move(*name));
    if (!user) {
        co_return refusal_of(user.error());
    }
    co_await coordinator.register_user(shard, *user, std::string{exchange.peer});
    co_return express_json(
        200, json::serialize(json::object{{"status", "ok"}, {"user", json_of(*user)}}));
}

Result<Reply> open_socket(const Exchange& exchange, RelayCoordinator& coordinator,
                          const ChatSettings& settings) {
    if (!exchange.request.lists("Upgrade", "websocket")) {
        return fail(Errc::kNotFound, "relay");  // As the original, which has no page here.
    }
    return open_on_any_path(
        exchange.request,
        std::make_unique<RelaySocket>(coordinator, exchange.sessions, settings.messages_per_second,
                                      std::string{exchange.peer}));
}

}  // namespace

void RelayCompat::add_routes(transport::Router& router, const std::string& prefix) const {
    const auto open = [this](Exchange& exchange) {
        return transport::ready(open_socket(exchange, coordinator_, chat_.settings()));
    };
    const auto add = [this](Exchange& exchange) { return add_user(exchange, coordinator_, chat_); };
    router.add_endpoint(prefix, response_policy_);
    router.add(Method::kPost, prefix + "new-user", response_policy_, add);
    router.add(Method::kGet, prefix, response_policy_, open);
    router.add(Method::kGet, prefix + "*", response_policy_, open);
    if (prefix.size() > 1) {
        router.add(Method::kGet, prefix.substr(0, prefix.size() - 1), response_policy_, open);
    }
}

}  // namespace howl::compat::chat
