// SPDX-License-Identifier: Apache-2.0
#include "apps/wisdom/wisdom_door.hpp"

#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "codec/websocket/frame.hpp"
#include "transport/websocket/websocket_stream.hpp"

namespace howl::apps::wisdom {

namespace http = codec::http;
namespace ws = codec::websocket;
using runtime::Task;
using transport::Exchange;
using transport::Reply;

namespace {

const hub::TopicName& topic() {
    static const hub::TopicName kName = *hub::TopicName::parse(kTopic);
    return kName;
}

class QuoteEncoder final : public transport::WebSocketEncoder {
public:
    [[nodiscard]] std::string text_of(const hub::Event& event,
                                      const hub::Cursor& /*cursor*/) const override {
        return fmt::format(R"({{"type":"wisdom_distribution","payload":{{"message":{}}}}})",
                           ascii_json(event.data));
    }
    [[nodiscard]] std::string reset_text_of(const hub::TopicName& /*topic*/,
                                            const hub::Cursor& /*cursor*/) const override {
        return {};
    }
};

const QuoteEncoder kEncoder;

/// The `type` of a client's message, or nothing where it isn't one.
std::optional<std::string> type_of(std::string_view message) {
    boost::system::error_code error;
    const auto value = boost::json::parse(message, error);
    const auto* object = error ? nullptr : value.if_object();
    if (object == nullptr || !object->contains("payload")) {
        return std::nullopt;
    }
    const auto* type = object->if_contains("type");
    if (type == nullptr || !type->is_string()) {
        return std::nullopt;
    }
    return std::string{type->get_string()};
}

/// One client: connected or not, subscribed or not (it follows the topic), and when it last spoke.
class WisdomClient final : public transport::StreamHandler {
public:
    WisdomClient(transport::Edge& edge, std::chrono::milliseconds idle_timeout)
        : edge_(edge), idle_timeout_(idle_timeout), idle_(edge.shard().timers(), *this) {}

    void on_open(transport::Stream& stream) override {
        stream_ = &static_cast<transport::WebSocketStream&>(stream);
        say(fmt::format(R"({{"type":"initial","payload":{{"id":"{}"}}}})",
                        random_uuid_text(edge_.random())));
        heard();
    }

    void on_message(transport::Stream& /*stream*/, ws::MessageKind /*kind*/,
                    std::string_view message) override {
        heard();
        const auto type = type_of(message);
        if (!type || !obey(*type)) {
            stream_->close_with(ws::kCloseNormal, {});
        }
    }

    void on_close(transport::Stream& /*stream*/) override { idle_.disarm(); }

private:
    /// False: there is no such command.
    bool obey(std::string_view type) {
        if (type == "ping") {
            return true;
        }
        if (type == "connect") {
            connected_ = true;
            stream_->unfollow();
            return true;
        }
        if (type != "subscribe" && type != "unsubscribe" && type != "disconnect") {
            return false;
        }
        if (!connected_) {
            stream_->shut();  // The original's server error: no close frame, so code 1006.
            return true;
        }
        if (type == "subscribe") {
            subscribe();
        } else {
            stream_->unfollow();
            connected_ = type == "unsubscribe";
        }
        return true;
    }

    void subscribe() {
        say(R"({"type":"subscribe_confirmation","payload":{"status":"ok"}})");
        if (!stream_->follows()) {
            stream_->follow_text({topic()}, hub::FromNow{}, kEncoder);
        }
    }

    void say(std::string_view text) { stream_->send(ws::MessageKind::kText, text); }
    void heard() { idle_.arm(edge_.shard().now() + idle_timeout_); }
    void on_idle() {
        telemetry::count(telemetry::Counter::kDeadPeers);
        stream_->close_with(ws::kCloseNormal, {});
    }

    transport::Edge& edge_;
    const std::chrono::milliseconds idle_timeout_;
    transport::WebSocketStream* stream_ = nullptr;
    bool connected_ = false;
    runtime::MemberTimer<WisdomClient, &WisdomClient::on_idle> idle_;
};

Task<Result<Reply>> connect(Exchange& exchange, const WisdomSettings& settings) {
    co_return transport::WebSocketReply{
        std::make_unique<WisdomClient>(exchange.edge, settings.idle_timeout)};
}

/// The code point at the front of valid UTF-8, taken off it.
std::uint32_t take_code_point(std::string_view& text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t code = length == 1 ? lead : lead & (0x7FU >> length);
    for (const char next : text.substr(1, length - 1)) {
        code = (code << 6U) | (static_cast<unsigned char>(next) & 0x3FU);
    }
    text.remove_prefix(length);
    return code;
}

}  // namespace

std::string ascii_json(std::string_view text) {
    // Boost.JSON writes the quotes and the escapes of ASCII, and leaves the rest as it is.
    const auto quoted = boost::json::serialize(boost::json::string_view{text.data(), text.size()});
    std::string out;
    for (std::string_view rest = quoted; !rest.empty();) {
        const auto code = take_code_point(rest);
        if (code < 0x80) {
            out += static_cast<char>(code);
        } else if (code < 0x10000) {
            out += fmt::format("\\u{:04x}", code);
        } else {
            const auto high = 0xD800 + ((code - 0x10000) >> 10U);
            const auto low = 0xDC00 + ((code - 0x10000) & 0x3FFU);
            out += fmt::format("\\u{:04x}\\u{:04x}", high, low);
        }
    }
    return out;
}

QuoteTicker::QuoteTicker(hub::Hub& hub, Random& random, std::vector<std::string> quotes,
                         std::chrono::milliseconds tick)
    : hub_(hub),
      random_(random),
      quotes_(std::move(quotes)),
      tick_(tick),
      timer_(hub.shard().timers(), *this) {}

void QuoteTicker::publish() {
    const auto& quote = quotes_[random_.below(quotes_.size())];
    std::vector<hub::NewEvent> events;
    events.push_back({.topic = topic(), .data = quote});
    hub_.sequencer().publish(hub_.shard_id(), std::move(events), [](const auto&) {
        // A volatile topic has no disk that could fail.
    });
    timer_.arm(hub_.shard().now() + tick_);
}

void WisdomDoor::add_routes(transport::Router& router, const transport::DoorManners& manners,
                            const std::string& prefix) const {
    const auto open = [this](Exchange& exchange) { return connect(exchange, settings_); };
    router.add(http::Method::kGet, prefix + "connect", manners, open);
    if (prefix == "/") {
        router.add(http::Method::kGet, "/undefined", manners, open);
    }
}

}  // namespace howl::apps::wisdom
