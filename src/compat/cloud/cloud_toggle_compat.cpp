// SPDX-License-Identifier: Apache-2.0
#include "compat/cloud/cloud_toggle_compat.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <fmt/format.h>

#include "compat/cloud/announcement.hpp"
#include "compat/cloud/cloud_toggle_encoders.hpp"
#include "compat/foreign_socket.hpp"
#include "products/json.hpp"
#include "products/reading.hpp"
#include "runtime/shard.hpp"
#include "telemetry/metrics.hpp"

namespace howl::compat::cloud {

using products::parse_object;
using products::start_point_of;
using products::string_in;
using products::cloud::name_of;

namespace http = codec::http;
using http::Method;
using http::Response;
using runtime::Task;
using transport::Exchange;
using transport::Reply;

namespace {

constexpr std::string_view kEndpoint = "cloud-toggle";
constexpr std::string_view kDone = R"({"status":"OK"})";

const CloudToggleEncoder kEventEncoder;
const CloudStateEncoder kStateEncoder;

/// What an operator clicked on.
struct Click {
    std::string instance_id;
    std::optional<OperationKind> action;  ///< None: start or stop, whichever it is time for.
};

/// Nothing where the message is no click.
std::optional<Click> click_in(std::string_view message) {
    const auto object = parse_object(message);
    const auto id = object ? string_in(*object, "id") : std::nullopt;
    if (!id) {
        return std::nullopt;
    }
    Click click{std::string{*id}, std::nullopt};
    for (const auto kind : {OperationKind::kStart, OperationKind::kStop}) {
        if (string_in(*object, "action") == name_of(kind)) {
            click.action = kind;
        }
    }
    return click;
}

/// The endpoint's commands, but for create, take no time.
CloudApp::Command command_at_once(OperationKind kind, std::string instance_id) {
    return {
        .kind = kind, .instance_id = std::move(instance_id), .endpoint = std::string{kEndpoint}};
}

/// One WebSocket client: hears of every change, and its clicks are obeyed one after another.
class ToggleClient final : public session::Handler {
public:
    ToggleClient(CloudApp& app, session::SessionGroup& sessions) : app_(app), sessions_(sessions) {}

    void on_open(session::Session& stream) override {
        session_ = &stream;
        send(R"("connection")");
        session_->subscribe_or_close({{topic_name()}, hub::FromNow{}, &kStateEncoder});
    }

    void on_message(session::Session& stream, session::MessageKind /*kind*/,
                    std::string_view message) override {
        here_.check();
        auto click = click_in(message);
        if (!click) {
            return;
        }
        if (clicks_.size() == CloudToggleCompat::kClicksMax) {
            telemetry::count(Errc::kRateLimited);
            send("[]");
            return;
        }
        clicks_.push_back(std::move(*click));
        if (!std::exchange(working_, true)) {
            sessions_.shard().tasks().spawn("cloud toggle",
                                            work(boost::intrusive_ptr<session::Session>{&stream}));
        }
    }

    void on_close(session::Session& /*stream*/) override { session_ = nullptr; }

private:
    /// Goes on after the socket has closed: its last click counts too. `alive` is what this lives
    /// in.
    Task<void> work(boost::intrusive_ptr<session::Session> alive) {
        while (!clicks_.empty()) {
            const Click click = clicks_.front();
            const auto done = co_await execute(click);
            if (!done) {
                telemetry::count(done.error().code);
                send(co_await state_text(click.instance_id));
            }
            clicks_.pop_front();
        }
        working_ = false;
        static_cast<void>(alive);
    }

    Task<Result<CloudApp::Accepted>> execute(Click click) {
        auto done = co_await run(click.action.value_or(OperationKind::kStart), click.instance_id);
        const bool is_running = !done && done.error().code == Errc::kIllegalState && !click.action;
        if (is_running) {
            co_return co_await run(OperationKind::kStop, std::move(click.instance_id));
        }
        co_return done;
    }

    Task<Result<CloudApp::Accepted>> run(OperationKind kind, std::string instance_id) {
        return app_.run(sessions_.hub().shard_id(), command_at_once(kind, std::move(instance_id)),
                        CloudApp::Until::kFinished);
    }

    /// `[]` where there is no such instance.
    Task<std::string> state_text(std::string instance_id) {
        auto snapshot = co_await app_.snapshot(sessions_.hub().shard_id());
        std::erase_if(snapshot.instances,
                      [&](const Instance& instance) { return instance.id != instance_id; });
        co_return states_text(snapshot.instances);
    }

    void send(std::string_view text) {
        here_.check();
        if (session_ != nullptr) {
            session_->send(text);
        }
    }

    // Constant after construction.
    CloudApp& app_;
    session::SessionGroup& sessions_;
    // Shard-local state.
    [[no_unique_address]] runtime::ShardCheck here_;
    session::Session* session_ = nullptr;  ///< Null before and after it is open.
    std::deque<Click> clicks_;
    bool working_ = false;
};

bool asks_for_socket(const http::Request& request) {
    return request.lists("Upgrade", "websocket");
}

Response refusal(const Error& error) {
    telemetry::count(error.code);
    const auto message =
        error.code == Errc::kNotFound ? std::string_view{"Instance not found"} : error.entry().text;
    return express_json(error.entry().http_status,
                        boost::json::serialize(boost::json::object{{"message", message}}));
}

}  // namespace

CloudToggleCompat::CloudToggleCompat(CloudApp& app, std::vector<std::string> allowed_origins,
                                     std::chrono::milliseconds heartbeat)
    : app_(app), response_policy_(std::move(allowed_origins)), style_{.heartbeat = heartbeat} {}

CloudToggleCompat::Answer CloudToggleCompat::list(Exchange& exchange) const {
    const auto snapshot = co_await app_.snapshot(exchange.hub().shard_id());
    co_return express_json(exchange.request,
                           fmt::format(R"({{"data":{}}})", states_text(snapshot.instances)));
}

CloudToggleCompat::Answer CloudToggleCompat::create(Exchange& exchange) const {
    HOWL_CO_TRY_VOID(express_body(exchange.request));
    CloudApp::Command command{.kind = OperationKind::kCreate,
                              .duration = app_.settings().toggle_operation_time,
                              .endpoint = std::string{kEndpoint}};
    const auto accepted = co_await app_.run(exchange.hub().shard_id(), std::move(command),
                                            CloudApp::Until::kAccepted);
    if (!accepted) {
        co_return refusal(accepted.error());
    }
    co_return express_json(201, std::string{kDone});
}

CloudToggleCompat::Answer CloudToggleCompat::remove(ShardId shard, std::string instance_id) const {
    auto command = command_at_once(OperationKind::kRemove, std::move(instance_id));
    const auto done = co_await app_.run(shard, std::move(command), CloudApp::Until::kFinished);
    if (!done) {
        co_return refusal(done.error());
    }
    co_return express_json(200, std::string{kDone});
}

Result<Reply> CloudToggleCompat::open_stream(const Exchange& exchange) const {
    // An id that is not ours, from another server's page, is no reason to refuse an old client.
    auto start = start_point_of(exchange.request);
    transport::SseReply reply;
    reply.style = &style_;
    reply.head.set("Cache-Control", "no-cache");
    reply.subscription =
        session::Subscription{{topic_name()},
                              start ? std::move(*start) : hub::StartPoint{hub::FromNow{}},
                              &kEventEncoder};
    return reply;
}

Result<Reply> CloudToggleCompat::open_socket(const Exchange& exchange) const {
    return open_on_any_path(exchange.request,
                            std::make_unique<ToggleClient>(app_, exchange.sessions));
}

void CloudToggleCompat::add_root(transport::Router& router, const std::string& path) const {
    const auto get = [this](Exchange& exchange) {
        return asks_for_socket(exchange.request) ? transport::ready(open_socket(exchange))
                                                 : list(exchange);
    };
    const auto post = [this](Exchange& exchange) { return create(exchange); };
    const auto remove_by_query = [this](Exchange& exchange) {
        return remove(exchange.hub().shard_id(), exchange.request.query_value("id").value_or(""));
    };
    router.add(Method::kGet, path, response_policy_, get);
    router.add(Method::kPost, path, response_policy_, post);
    router.add(Method::kDelete, path, response_policy_, remove_by_query);
}

void CloudToggleCompat::add_routes(transport::Router& router, const std::string& prefix) const {
    const auto get_events = [this](Exchange& exchange) {
        return transport::ready(asks_for_socket(exchange.request) ? open_socket(exchange)
                                                                  : open_stream(exchange));
    };
    const auto get_anything = [this](Exchange& exchange) {
        return transport::ready(asks_for_socket(exchange.request)
                                    ? open_socket(exchange)
                                    : Result<Reply>{fail(Errc::kNotFound, "cloud toggle")});
    };
    const auto remove_by_path = [this](Exchange& exchange) {
        return remove(exchange.hub().shard_id(), exchange.wildcard);
    };
    const auto bare = prefix.substr(0, prefix.size() - 1);
    router.add_endpoint(bare.empty() ? prefix : bare, response_policy_);
    add_root(router, prefix);
    if (!bare.empty()) {
        add_root(router, bare);
    }
    router.add_stream(prefix + "sse", response_policy_, get_events);
    router.add(Method::kGet, prefix + "*", response_policy_, get_anything);
    router.add(Method::kDelete, prefix + "*", response_policy_, remove_by_path);
}

}  // namespace howl::compat::cloud
