// SPDX-License-Identifier: Apache-2.0
#include "apps/inbox/inbox_door.hpp"

#include <utility>

#include <fmt/format.h>

#include "apps/publishing.hpp"
#include "codec/sse/encoder.hpp"
#include "hub/hub.hpp"
#include "runtime/timer_wheel.hpp"

namespace howl::apps::inbox {

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
class Greeter final : public transport::StreamHandler {
public:
    Greeter(transport::Edge& edge, std::chrono::milliseconds interval)
        : edge_(edge), interval_(interval), timer_(edge.shard().timers(), *this) {}

    void on_open(transport::Stream& stream) override {
        stream_ = &stream;
        greet();
    }
    void on_close(transport::Stream& /*stream*/) override { timer_.disarm(); }

private:
    void greet() {
        std::string bytes;
        sse::append_event(bytes, {.data = "hi!"});
        stream_->deliver(hub::make_frame(std::move(bytes)));
        timer_.arm(edge_.shard().now() + interval_);
    }

    transport::Edge& edge_;
    const std::chrono::milliseconds interval_;
    transport::Stream* stream_ = nullptr;
    runtime::MemberTimer<Greeter, &Greeter::greet> timer_;
};

Result<Reply> open_v1(const Exchange& exchange, const InboxSettings& settings,
                      const transport::SseStyle& style) {
    HOWL_TRY(username, axum_query(exchange.request, "username"));
    auto reply = axum_stream(style);
    reply.handler = std::make_unique<Greeter>(exchange.edge, settings.greeting_interval);
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
    auto event = message_of(exchange, version);
    if (!event) {
        co_return std::unexpected(std::move(event).error());
    }
    const auto receipt = co_await apps::publish(exchange.edge.hub(), std::move(*event));
    if (!receipt) {
        co_return std::unexpected(receipt.error());
    }
    co_return Response::no_content();
}

}  // namespace

/// `~` alone is the user without a name; no other name is encoded so.
Result<hub::TopicName> topic_of(std::string_view version, std::string_view username) {
    const auto prefix = fmt::format("howl:inbox/{}/", version);
    if (username.empty()) {
        return hub::TopicName::parse(prefix + "~");
    }
    return hub::topic_for(prefix, username);
}

InboxDoor::InboxDoor(InboxSettings settings)
    : settings_(std::move(settings)),
      manners_(settings_.allowed_origins),
      v1_style_(axum_style(settings_.v1_keep_alive)),
      style_(axum_style(settings_.keep_alive)) {}

void InboxDoor::add_routes(transport::Router& router) const {
    const auto greet = [this](Exchange& exchange) {
        return transport::ready(open_v1(exchange, settings_, v1_style_));
    };
    router.add_door("/v1/", manners_);
    router.add(Method::kGet, "/v1/sse", manners_, greet);
    for (const std::string_view version : {"v2", "v3"}) {
        const auto open = [this, version](Exchange& exchange) {
            return transport::ready(open_inbox(exchange, version, style_));
        };
        const auto post = [version](Exchange& exchange) { return post_message(exchange, version); };
        router.add_door(fmt::format("/{}/", version), manners_);
        router.add(Method::kGet, fmt::format("/{}/sse", version), manners_, open);
        router.add(Method::kPost, fmt::format("/{}/message", version), manners_, post);
    }
}

}  // namespace howl::apps::inbox
