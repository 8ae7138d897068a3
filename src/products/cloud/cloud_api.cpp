// SPDX-License-Identifier: Apache-2.0
#include "products/cloud/cloud_api.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "products/cloud/instance_json.hpp"
#include "products/json.hpp"
#include "products/publishing.hpp"
#include "products/reading.hpp"
#include "products/topics/event_encoders.hpp"

namespace howl::products::cloud {

namespace http = codec::http;
namespace json = boost::json;
using http::Method;
using http::Response;
using runtime::Task;
using transport::Exchange;
using transport::Reply;

namespace {

constexpr std::string_view kEndpoint = "api";

const topics::SseEncoder kEvents{topics::SseEncoder::Data::kRaw};

/// A `*` may stand for several segments, but no id has a slash.
Result<std::string> instance_id_of(const Exchange& exchange) {
    if (exchange.wildcard.contains('/')) {
        return fail(Errc::kNotFound, "cloud");
    }
    return exchange.wildcard;
}

/// C0, DEL and C1, in valid UTF-8.
bool has_control_characters(std::string_view text) {
    const auto is_c0 = [](char letter) {
        return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F;
    };
    const auto starts_c1 = [](char lead, char next) {
        return lead == '\xC2' && static_cast<unsigned char>(next) < 0xA0;
    };
    return std::ranges::any_of(text, is_c0) ||
           std::ranges::adjacent_find(text, starts_c1) != text.end();
}

Result<std::string> name_in(const json::object& object) {
    if (!object.contains("name")) {
        return std::string{};
    }
    const auto name = string_in(object, "name");
    if (!name || name->size() > kNameBytesMax || has_control_characters(*name)) {
        return fail(Errc::kBadRequest, "cloud command",
                    fmt::format("name is text of at most {} bytes without control characters",
                                kNameBytesMax));
    }
    return std::string{*name};
}

CloudApp::Command command_of(OperationKind kind, const CloudApp& app) {
    CloudApp::Command command;
    command.kind = kind;
    command.duration = app.settings().operation_time;
    command.endpoint = kEndpoint;
    return command;
}

Result<CloudApp::Command> create_command(const Exchange& exchange, const CloudApp& app) {
    auto command = command_of(OperationKind::kCreate, app);
    HOWL_TRY(key, idempotency_key_of(exchange.request));
    command.idempotency_key = std::move(key);
    if (!exchange.request.body.empty()) {
        HOWL_TRY(object, parse_object(exchange.request.body));
        HOWL_TRY(name, name_in(object));
        command.name = std::move(name);
    }
    return command;
}

Result<CloudApp::Command> change_command(const Exchange& exchange, const CloudApp& app) {
    HOWL_TRY(id, instance_id_of(exchange));
    HOWL_TRY(object, parse_object(exchange.request.body));
    const auto state = string_in(object, "state");
    if (state != name_of(InstanceState::kRunning) && state != name_of(InstanceState::kStopped)) {
        return fail(Errc::kBadRequest, "cloud command", "state is 'running' or 'stopped'");
    }
    auto command = command_of(
        state == name_of(InstanceState::kRunning) ? OperationKind::kStart : OperationKind::kStop,
        app);
    command.instance_id = std::move(id);
    return command;
}

Result<CloudApp::Command> remove_command(const Exchange& exchange, const CloudApp& app) {
    HOWL_TRY(id, instance_id_of(exchange));
    auto command = command_of(OperationKind::kRemove, app);
    command.instance_id = std::move(id);
    return command;
}

Task<Result<Reply>> execute(Exchange& exchange, CloudApp& app, Result<CloudApp::Command> command) {
    if (!command) {
        co_return std::unexpected(std::move(command).error());
    }
    const ShardId from = exchange.hub().shard_id();
    HOWL_CO_TRY(accepted, co_await app.run(from, std::move(*command), CloudApp::Until::kAccepted));
    co_return Response::json(
        202, json::serialize(json::object{
                 {"status", "ok"}, {"opId", accepted.operation_id}, {"id", accepted.instance_id}}));
}

Task<Result<Reply>> list(Exchange& exchange, CloudApp& app) {
    const auto snapshot = co_await app.snapshot(exchange.hub().shard_id());
    json::array instances;
    for (const auto& instance : snapshot.instances) {
        instances.push_back(shown_object(instance));
    }
    auto response = Response::json(200, json::serialize(instances));
    response.set("Howl-Cursor", snapshot.cursor.text());
    co_return response;
}

Task<Result<Reply>> show(Exchange& exchange, CloudApp& app) {
    HOWL_CO_TRY(id, instance_id_of(exchange));
    const auto snapshot = co_await app.snapshot(exchange.hub().shard_id());
    const auto found = std::ranges::find(snapshot.instances, id, &Instance::id);
    if (found == snapshot.instances.end()) {
        co_return fail(Errc::kNotFound, "cloud", "there is no such instance");
    }
    co_return Response::json(200, api_text(*found));
}

Result<Reply> follow(const Exchange& exchange, const transport::SseStyle& style) {
    HOWL_TRY(start, resume_point_of(exchange.request));
    transport::SseReply reply;
    reply.style = &style;
    reply.subscription = session::Subscription{{topic()}, std::move(start), &kEvents};
    return reply;
}

}  // namespace

void add_routes(transport::Router& router, const transport::ResponsePolicy& response_policy,
                const transport::SseStyle& style, CloudApp& app) {
    constexpr auto kAll = "/api/cloud/instances";
    constexpr auto kOne = "/api/cloud/instances/*";
    const auto list_all = [&app](Exchange& exchange) { return list(exchange, app); };
    const auto show_one = [&app](Exchange& exchange) { return show(exchange, app); };
    const auto create = [&app](Exchange& exchange) {
        return execute(exchange, app, create_command(exchange, app));
    };
    const auto change = [&app](Exchange& exchange) {
        return execute(exchange, app, change_command(exchange, app));
    };
    const auto remove = [&app](Exchange& exchange) {
        return execute(exchange, app, remove_command(exchange, app));
    };
    const auto read_events = [&style](Exchange& exchange) {
        return transport::ready(follow(exchange, style));
    };
    router.add(Method::kGet, kAll, response_policy, list_all);
    router.add(Method::kPost, kAll, response_policy, create);
    router.add(Method::kGet, kOne, response_policy, show_one);
    router.add(Method::kPatch, kOne, response_policy, change);
    router.add(Method::kDelete, kOne, response_policy, remove);
    router.add_stream("/api/cloud/events", response_policy, read_events);
}

}  // namespace howl::products::cloud
