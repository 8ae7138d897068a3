// SPDX-License-Identifier: Apache-2.0
#include "compat/wisdom/wisdom_compat.hpp"

#include <unicode/unistr.h>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "codec/http/field_line.hpp"
#include "codec/websocket/frame.hpp"
#include "runtime/shard.hpp"
#include "transport/http/page_policy.hpp"

namespace howl::compat::wisdom {

namespace http = codec::http;
namespace ws = codec::websocket;
using products::wisdom::english_topic;
using products::wisdom::russian_topic;
using runtime::Task;
using transport::Exchange;
using transport::Reply;

namespace {

/// `ru` and its regional forms are Russian, and so is who does not say.
const hub::TopicName& topic_for(const http::Request& request) {
    const auto language = request.query_value("lang").value_or("ru");
    const auto primary = std::string_view{language}.substr(0, language.find('-'));
    return http::equals_ignoring_case(primary, "ru") ? russian_topic() : english_topic();
}

class QuoteEncoder final : public hub::EventEncoder {
public:
    [[nodiscard]] std::string encode(const hub::Event& event,
                                     const hub::Cursor& /*cursor*/) const override {
        return fmt::format(R"({{"type":"wisdom_distribution","payload":{{"message":{}}}}})",
                           ascii_json(event.data));
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
class WisdomClient final : public session::Handler {
public:
    /// `topic` outlives the process's last client.
    WisdomClient(session::SessionGroup& sessions, const hub::TopicName& topic,
                 std::chrono::milliseconds idle_timeout)
        : sessions_(sessions),
          topic_(topic),
          idle_timeout_(idle_timeout),
          idle_(sessions.shard().timers(), *this) {}

    void on_open(session::Session& stream) override {
        session_ = &stream;
        say(fmt::format(R"({{"type":"initial","payload":{{"id":"{}"}}}})",
                        random_uuid_text(sessions_.random())));
        heard();
    }

    void on_message(session::Session& /*stream*/, session::MessageKind /*kind*/,
                    std::string_view message) override {
        here_.check();
        heard();
        const auto type = type_of(message);
        if (!type || !obey(*type)) {
            session_->close_with(ws::kCloseNormal, {});
        }
    }

    void on_close(session::Session& /*stream*/) override { idle_.disarm(); }

private:
    /// False: there is no such command.
    bool obey(std::string_view type) {
        if (type == "ping") {
            return true;
        }
        if (type == "connect") {
            connected_ = true;
            session_->unsubscribe(topic_);
            return true;
        }
        if (type != "subscribe" && type != "unsubscribe" && type != "disconnect") {
            return false;
        }
        if (!connected_) {
            session_->abort();  // The original's server error: no close frame, so code 1006.
            return true;
        }
        if (type == "subscribe") {
            subscribe();
        } else {
            session_->unsubscribe(topic_);
            connected_ = type == "unsubscribe";
        }
        return true;
    }

    void subscribe() {
        say(R"({"type":"subscribe_confirmation","payload":{"status":"ok"}})");
        if (!session_->reads(topic_)) {
            session_->subscribe_or_close({{topic_}, hub::FromNow{}, &kEncoder});
        }
    }

    void say(std::string_view text) { session_->send(text); }
    void heard() { idle_.arm(sessions_.shard().now() + idle_timeout_); }
    void on_idle() {
        here_.check();
        telemetry::count(telemetry::Counter::kDeadPeers);
        session_->close_with(ws::kCloseNormal, {});
    }

    // Constant after construction.
    session::SessionGroup& sessions_;
    const hub::TopicName& topic_;
    const std::chrono::milliseconds idle_timeout_;
    // Shard-local state.
    [[no_unique_address]] runtime::ShardCheck here_;
    session::Session* session_ = nullptr;
    bool connected_ = false;
    runtime::MemberTimer<WisdomClient, &WisdomClient::on_idle> idle_;
};

Task<Result<Reply>> connect(Exchange& exchange, const WisdomSettings& settings) {
    co_return transport::WebSocketReply{std::make_unique<WisdomClient>(
        exchange.sessions, topic_for(exchange.request), settings.idle_timeout)};
}

/// One file of the page.
transport::RouteHandler file(std::string_view content_type, std::string_view text) {
    return [content_type, text](Exchange& /*exchange*/) {
        auto response = http::Response::text(200, std::string{text});
        response.set("Content-Type", content_type);
        response.set("Cache-Control", "no-cache");
        transport::set_page_headers(response,
                                    "default-src 'none'; style-src 'self'; script-src 'self'; "
                                    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'");
        return transport::ready(std::move(response));
    };
}

void add_page(transport::Router& router, const transport::ResponsePolicy& response_policy) {
    const auto add = [&](const std::string& path, std::string_view type, std::string_view text) {
        router.add(http::Method::kGet, path, response_policy, file(type, text));
    };
    add("/", "text/html; charset=utf-8", page_text());
    add("/static/page.css", "text/css; charset=utf-8", page_style());
    add("/static/page.js", "text/javascript; charset=utf-8", page_script());
}

}  // namespace

std::string ascii_json(std::string_view text) {
    // Boost.JSON writes the quotes and the escapes of ASCII, and leaves the rest as it is.
    const auto quoted = boost::json::serialize(boost::json::string_view{text.data(), text.size()});
    const auto units = icu::UnicodeString::fromUTF8(quoted);
    std::string out;
    for (std::int32_t i = 0; i < units.length(); ++i) {
        const char16_t unit = units[i];
        out += unit < 0x80 ? std::string(1, static_cast<char>(unit))
                           : fmt::format("\\u{:04x}", static_cast<unsigned>(unit));
    }
    return out;
}

void WisdomCompat::add_routes(transport::Router& router,
                              const transport::ResponsePolicy& response_policy,
                              const std::string& prefix) const {
    const auto open = [this](Exchange& exchange) { return connect(exchange, settings_); };
    router.add_stream(prefix + "connect", response_policy, open);
    if (prefix == "/") {
        router.add_stream("/undefined", response_policy, open);
        add_page(router, response_policy);
    }
}

}  // namespace howl::compat::wisdom
