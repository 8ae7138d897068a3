// SPDX-License-Identifier: Apache-2.0
#include "compat/inbox/inbox_compat.hpp"

#include <utility>

#include <fmt/format.h>

#include "codec/sse/encoder.hpp"
#include "hub/hub.hpp"
#include "products/publishing.hpp"
#include "runtime/shard.hpp"
#include "runtime/timer_wheel.hpp"

namespace howl::compat::inbox {

using products::inbox::topic_of;

namespace http = codec::http;
namespace sse = codec::sse;
using http::Method;
using http::Response;
using runtime::Task;
using transport::Exchange;
using transport::Reply;

namespace {

/// `data:` lines alone, as the original, behind an `id:`.
class MessageEncoder final : public hub::EventEncoder {
public:
    [[nodiscard]] std::string encode(const hub::Event& event,
                                     const hub::Cursor& cursor) const override {
        return frame({.id = cursor.text(), .data = event.data});
    }
    [[nodiscard]] std::string encode_joined(const hub::Cursor& cursor) const override {
        return frame({.id = cursor.text(), .data = std::nullopt});
    }
    [[nodiscard]] std::string encode_reset(const hub::TopicName& /*topic*/,
                                           const hub::Cursor& cursor) const override {
        // A named event reaches only those who ask for it.
        const auto id = cursor.text();
        std::string out;
        sse::append_event(out, {.event = "reset", .id = id, .data = "{}"});
        return out;
    }

private:
    struct Message {
        std::string id;
        std::optional<std::string_view> data;
    };
    static std::string frame(const Message& message) {
        std::string out;
        sse::append_event(out, {.id = message.id, .data = message.data});
        return out;
    }
};

const MessageEncoder kEncoder;

/// Says `hi!` for as long as the stream lives.
class Greeter final : public session::Handler {
public:
    Greeter(session::SessionGroup& sessions, std::chrono::milliseconds interval)
        : sessions_(sessions), interval_(interval), timer_(sessions.shard().timers(), *this) {}

    void on_open(session::Session& stream) override {
        session_ = &stream;
        send_greeting();
    }
    void on_close(session::Session& /*stream*/) override { timer_.disarm(); }

private:
    void send_greeting() {
        here_.check();
        std::string bytes;
        sse::append_event(bytes, {.data = "hi!"});
        session_->send(bytes);
        timer_.arm(sessions_.shard().now() + interval_);
    }

    // Constant after construction.
    session::SessionGroup& sessions_;
    const std::chrono::milliseconds interval_;
    // Shard-local state.
    [[no_unique_address]] runtime::ShardCheck here_;
    session::Session* session_ = nullptr;
    runtime::MemberTimer<Greeter, &Greeter::send_greeting> timer_;
};

Result<Reply> open_v1(const Exchange& exchange, std::chrono::milliseconds greeting_interval,
                      const transport::SseStyle& style) {
    HOWL_TRY(username, axum_query(exchange.request, "username"));
    auto reply = axum_stream(style);
    reply.handler = std::make_unique<Greeter>(exchange.sessions, greeting_interval);
    return reply;
}

Result<Reply> open_inbox(const Exchange& exchange, std::string_view version,
                         const transport::SseStyle& style) {
    HOWL_TRY(username, axum_query(exchange.request, "username"));
    HOWL_TRY(topic, topic_of(version, username));
    return axum_stream(exchange.request, style, std::move(topic), kEncoder);
}

Result<hub::NewEvent> message_of(const Exchange& exchange, std::string_view version) {
    HOWL_TRY(username, axum_query(exchange.request, "username"));
    HOWL_TRY(topic, topic_of(version, username));
    hub::NewEvent event{.topic = std::move(topic), .data = exchange.request.body};
    HOWL_TRY_VOID(hub::check_new_event(event));
    return event;
}

Task<Result<Reply>> post_message(Exchange& exchange, std::string_view version) {
    HOWL_CO_TRY(event, message_of(exchange, version));
    HOWL_CO_TRY_VOID(
        co_await products::publish(exchange.hub(), exchange.principal, std::move(event)));
    co_return Response::no_content();
}

}  // namespace

InboxCompat::InboxCompat(const InboxSettings& settings, std::vector<std::string> allowed_origins)
    : greeting_interval_(settings.greeting_interval),
      response_policy_(std::move(allowed_origins)),
      v1_style_(axum_style(settings.v1_keep_alive)),
      style_(axum_style(settings.keep_alive)) {}

void InboxCompat::add_routes(transport::Router& router) const {
    const auto send_greeting = [this](Exchange& exchange) {
        return transport::ready(open_v1(exchange, greeting_interval_, v1_style_));
    };
    router.add_endpoint("/v1/", response_policy_);
    router.add_stream("/v1/sse", response_policy_, send_greeting);
    for (const std::string_view version : {"v2", "v3"}) {
        const auto open = [this, version](Exchange& exchange) {
            return transport::ready(open_inbox(exchange, version, style_));
        };
        const auto post = [version](Exchange& exchange) { return post_message(exchange, version); };
        router.add_endpoint(fmt::format("/{}/", version), response_policy_);
        router.add_stream(fmt::format("/{}/sse", version), response_policy_, open);
        router.add(Method::kPost, fmt::format("/{}/message", version), response_policy_, post);
    }
}

}  // namespace howl::compat::inbox
