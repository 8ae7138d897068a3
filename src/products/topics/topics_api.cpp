// SPDX-License-Identifier: Apache-2.0
#include "products/topics/topics_api.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/limits.hpp"
#include "codec/http/field_line.hpp"
#include "codec/http/preferences.hpp"
#include "codec/http/target.hpp"
#include "hub/hub.hpp"
#include "hub/topic_spelling.hpp"
#include "products/publishing.hpp"
#include "products/reading.hpp"
#include "products/topics/event_encoders.hpp"
#include "products/topics/history_page.hpp"
#include "runtime/task.hpp"
#include "session/session.hpp"

namespace howl::products::topics {

namespace http = codec::http;
namespace json = boost::json;
using http::Method;
using http::Response;
using hub::TopicName;
using runtime::Task;
using transport::Exchange;
using transport::Reply;

namespace {

const SseEncoder kRawEvents{SseEncoder::Data::kRaw};
const SseEncoder kEnvelopes{SseEncoder::Data::kEnvelope};
const EnvelopeEncoder kMessages;

Result<TopicName> topic_in_path(const Exchange& exchange) {
    return hub::topic_spelled(exchange.encoded_wildcard);
}

Result<TopicName> writable_topic(const Exchange& exchange) {
    HOWL_TRY(topic, topic_in_path(exchange));
    if (topic.text().starts_with(kReservedPrefix)) {
        return fail(Errc::kTopicReserved, "publish");
    }
    return topic;
}

Result<hub::NewEvent> event_of(const Exchange& exchange) {
    HOWL_TRY(topic, writable_topic(exchange));
    const auto& request = exchange.request;
    HOWL_TRY(idempotency_key, idempotency_key_of(request));
    hub::NewEvent event{.topic = std::move(topic),
                        .type = request.query_value("type").value_or(""),
                        .content_type = std::string{request.header("Content-Type")},
                        .data = request.body,
                        .idempotency_key = std::move(idempotency_key),
                        .publisher = publisher_at(exchange.peer)};
    if (event.type == "message") {
        event.type.clear();  // The default, whether said or not.
    }
    HOWL_TRY_VOID(hub::check_new_event(event));
    return event;
}

Task<Result<Reply>> post_event(Exchange& exchange) {
    HOWL_CO_TRY(event, event_of(exchange));
    hub::Hub& hub = exchange.hub();
    HOWL_CO_TRY(receipt, co_await products::publish(hub, exchange.principal, std::move(event)));
    co_return Response::json(status_of(receipt), json::serialize(receipt_json(hub, receipt)));
}

Task<Result<Reply>> history(Exchange& exchange, TopicName topic) {
    constexpr std::uint64_t kOffsetMax = UINT64_MAX - 1;
    const auto after = query_number(exchange.request, "after", 0, 0, kOffsetMax);
    const auto limit = query_number(exchange.request, "limit", 100, 1, limits::kHistoryPageMax);
    for (const auto* number : {&after, &limit}) {
        if (!*number) {
            co_return std::unexpected(number->error());
        }
    }
    hub::Hub& hub = exchange.hub();
    // Taken before the page is read, so that no event falls between the two.
    const hub::Cursor goes_on_from = hub.head();
    auto start = [&hub, &exchange, &topic, after = Offset{*after}, limit = *limit](auto done) {
        hub.gate().history(exchange.principal, topic, after, limit, std::move(done));
    };
    HOWL_CO_TRY(found,
                co_await runtime::completion_of<Result<hub::Sequencer::History>>(std::move(start)));
    HOWL_CO_TRY(text, co_await history_text(exchange.shard(), topic, found));
    auto response = Response::json(200, std::move(text));
    response.set("Howl-Cursor", goes_on_from.text());
    co_return response;
}

/// A reader who may have a name; what the client says is refused by the default handler.
class NamedReader : public session::Handler {
public:
    explicit NamedReader(std::vector<hub::Presence::Stay> stays) : stays_(std::move(stays)) {}
    void on_close(session::Session& /*stream*/) override { stays_.clear(); }

private:
    std::vector<hub::Presence::Stay> stays_;
};

/// The reader's stay in each topic, where `?as=NAME` says who it is.
Result<std::vector<hub::Presence::Stay>> enter(const http::Request& request,
                                               const std::vector<TopicName>& topics,
                                               hub::Presence& presence) {
    std::vector<hub::Presence::Stay> stays;
    if (const auto name = request.query_value("as")) {
        for (const auto& topic : topics) {
            HOWL_TRY(stay, presence.enter(topic, *name));
            stays.push_back(std::move(stay));
        }
    }
    return stays;
}

Result<Reply> stream(const http::Request& request, std::vector<TopicName> topics,
                     const transport::SseStyle& style, hub::Presence& presence) {
    HOWL_TRY(start, resume_point_of(request));
    const auto envelope = request.query_value("envelope");
    if (envelope && *envelope != "json") {
        return fail(Errc::kInvalidQuery, "stream", "envelope is 'json' or absent");
    }
    transport::SseReply reply;
    if (request.method != Method::kHead) {
        HOWL_TRY(stays, enter(request, topics, presence));
        reply.handler = stays.empty() ? nullptr : std::make_unique<NamedReader>(std::move(stays));
    }
    reply.style = &style;
    reply.subscription = session::Subscription{std::move(topics), std::move(start),
                                               envelope ? &kEnvelopes : &kRawEvents};
    return reply;
}

std::string format_of(const http::Request& request) {
    return request.query_value("format").value_or("sse");
}

Task<Result<Reply>> read(Exchange& exchange, const transport::SseStyle& style,
                         hub::Presence& presence) {
    HOWL_CO_TRY(topic, topic_in_path(exchange));
    const auto format = format_of(exchange.request);
    if (format == "json") {
        co_return co_await history(exchange, std::move(topic));
    }
    if (format != "sse") {
        co_return fail(Errc::kInvalidQuery, "stream", "format is 'sse' or 'json'");
    }
    co_return stream(exchange.request, {std::move(topic)}, style, presence);
}

Result<std::vector<TopicName>> topics_of(const http::Request& request) {
    std::vector<TopicName> topics;
    for (const auto& text : request.query_values("topic")) {
        HOWL_TRY(topic, TopicName::parse(text));
        topics.push_back(std::move(topic));
    }
    std::ranges::sort(topics);
    topics.erase(std::ranges::unique(topics).begin(), topics.end());
    if (topics.empty()) {
        return fail(Errc::kInvalidQuery, "stream", "name at least one topic");
    }
    if (topics.size() > limits::kTopicsPerSessionMax) {
        return fail(Errc::kTooManySubscriptions, "stream");
    }
    return topics;
}

/// Follows one topic once its socket is open.
class SocketReader final : public NamedReader {
public:
    SocketReader(TopicName topic, hub::StartPoint start, std::vector<hub::Presence::Stay> stays)
        : NamedReader(std::move(stays)), topic_(std::move(topic)), start_(std::move(start)) {}

    void on_open(session::Session& stream) override {
        stream.subscribe_or_close({{topic_}, start_, &kMessages});
    }

private:
    const TopicName topic_;
    const hub::StartPoint start_;
};

/// `?after=OFFSET&epoch=EPOCH`, as every envelope shows them; or a cursor, as for SSE.
Result<hub::StartPoint> position_of(const http::Request& request) {
    if (!request.query_value("after")) {
        return resume_point_of(request);
    }
    HOWL_TRY(offset, query_number(request, "after", 0, 0, UINT64_MAX - 1));
    HOWL_TRY(epoch, hub::parse_epoch(request.query_value("epoch").value_or("")));
    return hub::Position{std::move(epoch), Offset{offset}};
}

Result<Reply> open_socket(const Exchange& exchange, hub::Presence& presence) {
    HOWL_TRY(topic, topic_in_path(exchange));
    HOWL_TRY(start, position_of(exchange.request));
    HOWL_TRY(stays, enter(exchange.request, {topic}, presence));
    return transport::WebSocketReply{
        std::make_unique<SocketReader>(std::move(topic), std::move(start), std::move(stays))};
}

Result<Reply> who_is_there(const Exchange& exchange, const hub::Presence& presence) {
    HOWL_TRY(topic, topic_in_path(exchange));
    HOWL_TRY(limit, query_number(exchange.request, "limit", 100, 1, limits::kHistoryPageMax));
    const auto found = presence.members(topic, limit);
    json::array members;
    for (const auto& member : found.first) {
        members.push_back(json::object{{"name", member.name}, {"sessions", member.sessions}});
    }
    return Response::json(200, json::serialize(json::object{{"topic", topic.text()},
                                                            {"count", found.count},
                                                            {"members", std::move(members)}}));
}

Result<hub::PurgeScope> scope_of(const http::Request& request) {
    const auto scope = request.query_value("scope").value_or("history");
    if (scope == "history") {
        return hub::PurgeScope::kHistory;
    }
    if (scope == "topic") {
        return hub::PurgeScope::kTopic;
    }
    return fail(Errc::kInvalidQuery, "purge", "scope is 'history' or 'topic'");
}

Task<Result<Reply>> purge(Exchange& exchange) {
    HOWL_CO_TRY(topic, writable_topic(exchange));
    HOWL_CO_TRY(scope, scope_of(exchange.request));
    hub::Hub& hub = exchange.hub();
    auto start = [&hub, &exchange, &topic, scope](auto done) {
        hub.gate().purge(exchange.principal, topic, scope, std::move(done));
    };
    HOWL_CO_TRY_VOID(co_await runtime::completion_of<Result<void>>(std::move(start)));
    co_return Response::no_content();
}

Result<Reply> read_several(const http::Request& request, StreamStyles styles,
                           hub::Presence& presence) {
    HOWL_TRY(topics, topics_of(request));
    const bool is_page = request.query_value("envelope").has_value();
    return stream(request, std::move(topics), is_page ? styles.page : styles.plain, presence);
}

/// The same with the parameters in a form: 128 topics with long names don't fit in a URL.
Result<Reply> read_form(http::Request request, StreamStyles styles, hub::Presence& presence) {
    constexpr std::string_view kForm = "application/x-www-form-urlencoded";
    if (!http::equals_ignoring_case(http::media_type_of(request), kForm)) {
        return fail(Errc::kUnsupportedData, "stream", fmt::format("accepted: {}", kForm));
    }
    request.query = http::query_of_form(request.body);
    return read_several(request, styles, presence);
}

}  // namespace

void add_routes(transport::Router& router, const transport::ResponsePolicy& response_policy,
                StreamStyles styles, hub::Presence& presence) {
    constexpr auto kEvents = "/api/topics/*/events";
    const auto reads_stream = [](const http::Request& request) {
        return format_of(request) != "json";
    };
    const auto read_one = [styles, &presence](Exchange& exchange) {
        return read(exchange, styles.plain, presence);
    };
    const auto read_many = [styles, &presence](Exchange& exchange) {
        return transport::ready(read_several(exchange.request, styles, presence));
    };
    const auto read_many_of_form = [styles, &presence](Exchange& exchange) {
        return transport::ready(read_form(exchange.request, styles, presence));
    };
    const auto read_socket = [&](Exchange& exchange) {
        return transport::ready(open_socket(exchange, presence));
    };
    const auto show_members = [&](Exchange& exchange) {
        return transport::ready(who_is_there(exchange, presence));
    };
    router.add(Method::kPost, kEvents, response_policy, post_event);
    router.add_stream(kEvents, response_policy, read_one, reads_stream);
    router.add(Method::kDelete, kEvents, response_policy, purge);
    router.add_stream("/api/topics/*/ws", response_policy, read_socket);
    router.add(Method::kGet, "/api/topics/*/presence", response_policy, show_members);
    router.add_stream("/api/events", response_policy, read_many);
    router.add(Method::kPost, "/api/events", response_policy, read_many_of_form);
}

}  // namespace howl::products::topics
