// SPDX-License-Identifier: Apache-2.0
#include "compat/cloud/cloud_commands_compat.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include <boost/beast/core/string.hpp>

#include "compat/cloud/announcement.hpp"
#include "products/json.hpp"
#include "products/reading.hpp"
#include "telemetry/metrics.hpp"

namespace howl::compat::cloud {

using products::parse_object;
using products::start_point_of;
using products::string_in;
using products::cloud::done_name_of;

namespace http = codec::http;
using http::Method;
using http::Response;
using runtime::Task;
using transport::Exchange;
using transport::Reply;

namespace {

constexpr std::string_view kEndpoint = "cloud-commands";

Response json_reply(std::uint16_t status, std::string body) {
    auto response = Response::json(status, std::move(body));
    response.set("Content-Type", "application/json; charset=utf-8");
    return response;
}

Response refusal(const Error& error) {
    telemetry::count(error.code);
    return json_reply(501, R"({"success":false})");
}

Response unknown_command() {
    return refusal({Errc::kBadRequest, "cloud command", {}});
}

/// What a body asks for; empty members where it doesn't send.
struct Wanted {
    std::string command;
    std::string id;
};

bool is_json(const http::Request& request) {
    const auto type = request.header("Content-Type");
    auto essence = type.substr(0, type.find(';'));
    essence = essence.substr(0, essence.find_last_not_of(' ') + 1);
    return boost::beast::iequals(essence, "application/json");
}

/// A body that does not call itself JSON is none to the original, whatever is in it.
Result<Wanted> wanted_by(const http::Request& request) {
    if (!is_json(request) || request.body.empty()) {
        return Wanted{};
    }
    HOWL_TRY(object, parse_object(request.body));
    return Wanted{std::string{string_in(object, "command").value_or("")},
                  std::string{string_in(object, "id").value_or("")}};
}

std::optional<OperationKind> kind_of(std::string_view command) {
    for (const auto kind : {OperationKind::kStart, OperationKind::kStop}) {
        if (command == done_name_of(kind)) {
            return kind;
        }
    }
    return std::nullopt;
}

/// Says how the stream begins.
class Greeting final : public session::Handler {
public:
    explicit Greeting(std::string bytes) : bytes_(std::move(bytes)) {}
    void on_open(session::Session& stream) override { stream.send(bytes_); }

private:
    std::string bytes_;
};

Result<Reply> ping() {
    return json_reply(200, R"({"status":"ok"})");
}

}  // namespace

/// The replies of the original's framework, Koa.
class CloudCommandsCompat::ResponsePolicies final : public transport::ResponsePolicy {
public:
    explicit ResponsePolicies(std::vector<std::string> allowed) : rule_(std::move(allowed)) {}

    [[nodiscard]] const transport::OriginRule& origins() const override { return rule_; }

    [[nodiscard]] Response render(const Error& error) const override {
        switch (error.code) {
            case Errc::kNotFound:
            case Errc::kMethodNotAllowed:
                return Response::text(404, "Not Found");
            case Errc::kInvalidJson:
            case Errc::kBadRequest:
                return Response::text(400, "Bad Request");
            default:  // What the original never refused.
                return Response::text(error.entry().http_status, std::string{error.entry().text});
        }
    }

    [[nodiscard]] Response preflight(const http::Request& request,
                                     std::string_view /*allowed*/) const override {
        auto response = Response::no_content();
        response.set("Access-Control-Allow-Methods", "GET,HEAD,PUT,POST,DELETE,PATCH");
        if (const auto headers = request.header("Access-Control-Request-Headers");
            !headers.empty()) {
            response.set("Access-Control-Allow-Headers", headers);
        }
        return response;
    }

    void finish(const http::Request& request, Response& response) const override {
        // The original's body parser, the only one to send 400, stands before its CORS.
        if (response.status() == 400) {
            return;
        }
        response.add("Vary", "Origin");
        const auto origin = request.header("Origin");
        if (!origin.empty() && rule_.allows(origin, request.header("Host"))) {
            response.set("Access-Control-Allow-Origin", origin);
        }
    }

private:
    const transport::OriginRule rule_;
};

CloudCommandsCompat::CloudCommandsCompat(CloudApp& app, std::vector<std::string> allowed_origins,
                                         std::chrono::milliseconds keep_alive)
    : app_(app),
      response_policy_(std::make_unique<ResponsePolicies>(std::move(allowed_origins))),
      style_{"keep-alive", keep_alive, codec::sse::Spacing::kNone},
      encoder_(app.clock()) {}

CloudCommandsCompat::~CloudCommandsCompat() = default;

CloudCommandsCompat::Answer CloudCommandsCompat::run(ShardId shard, OperationKind kind,
                                                     std::string instance_id) const {
    CloudApp::Command command{.kind = kind,
                              .instance_id = std::move(instance_id),
                              .duration = app_.settings().operation_time,
                              .endpoint = std::string{kEndpoint}};
    const auto accepted = co_await app_.run(shard, std::move(command), CloudApp::Until::kAccepted);
    if (!accepted) {
        co_return refusal(accepted.error());
    }
    co_return json_reply(200, R"({"success":true})");
}

CloudCommandsCompat::Answer CloudCommandsCompat::add(Exchange& exchange) const {
    const auto wanted = wanted_by(exchange.request);
    if (!wanted) {
        return transport::ready(std::unexpected(wanted.error()));
    }
    if (wanted->command != done_name_of(OperationKind::kCreate)) {
        return transport::ready(unknown_command());
    }
    return run(exchange.hub().shard_id(), OperationKind::kCreate, {});
}

CloudCommandsCompat::Answer CloudCommandsCompat::change_state(Exchange& exchange) const {
    const auto wanted = wanted_by(exchange.request);
    if (!wanted) {
        return transport::ready(std::unexpected(wanted.error()));
    }
    const auto kind = kind_of(wanted->command);
    if (!kind) {
        return transport::ready(unknown_command());
    }
    return run(exchange.hub().shard_id(), *kind, wanted->id);
}

CloudCommandsCompat::Answer CloudCommandsCompat::remove(Exchange& exchange) const {
    const std::string_view path = exchange.wildcard;  // `<id>/<command>`
    const auto slash = path.find('/');
    if (slash == std::string_view::npos || slash != path.rfind('/')) {
        return transport::ready(fail(Errc::kNotFound, "cloud command"));
    }
    if (path.substr(slash + 1) != done_name_of(OperationKind::kRemove)) {
        return transport::ready(unknown_command());
    }
    return run(exchange.hub().shard_id(), OperationKind::kRemove,
               std::string{path.substr(0, slash)});
}

CloudCommandsCompat::Answer CloudCommandsCompat::open_stream(Exchange& exchange) const {
    hub::Hub& hub = exchange.hub();
    auto start = start_point_of(exchange.request);
    auto greeting = ok_comment();
    if (!start) {
        // An id that is not ours, of the original or another server, is that of a page with cards
        // on it: a snapshot would draw them twice. So it goes on from now.
        start = hub.head();
        greeting += place_frame(std::get<hub::Cursor>(*start));
    } else if (std::holds_alternative<hub::FromNow>(*start)) {
        auto snapshot = co_await app_.snapshot(hub.shard_id());
        greeting += snapshot_frames(snapshot.instances) + place_frame(snapshot.cursor);
        start = std::move(snapshot.cursor);
    }
    transport::SseReply reply;
    reply.style = &style_;
    reply.head.set("Cache-Control", "no-cache, no-transform");
    reply.handler = std::make_unique<Greeting>(std::move(greeting));
    reply.subscription = session::Subscription{{topic_name()}, std::move(*start), &encoder_};
    co_return reply;
}

void CloudCommandsCompat::add_routes(transport::Router& router, const std::string& prefix) const {
    const auto answer_ping = [](Exchange& /*exchange*/) { return transport::ready(ping()); };
    const auto answer_add = [this](Exchange& exchange) { return add(exchange); };
    const auto answer_change = [this](Exchange& exchange) { return change_state(exchange); };
    const auto answer_remove = [this](Exchange& exchange) { return remove(exchange); };
    const auto answer_stream = [this](Exchange& exchange) { return open_stream(exchange); };
    router.add_endpoint(prefix, *response_policy_);
    router.add(Method::kGet, prefix + "ping", *response_policy_, answer_ping);
    router.add(Method::kPost, prefix + "instances/add", *response_policy_, answer_add);
    router.add(Method::kPost, prefix + "instances/stateChange", *response_policy_, answer_change);
    router.add(Method::kDelete, prefix + "instances/delete/*", *response_policy_, answer_remove);
    router.add_stream(prefix + "sse", *response_policy_, answer_stream);
}

}  // namespace howl::compat::cloud
