// SPDX-License-Identifier: Apache-2.0
#include "apps/topics/topics_door.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "apps/publishing.hpp"
#include "apps/reading.hpp"
#include "apps/topics/event_encoders.hpp"
#include "base/limits.hpp"
#include "hub/hub.hpp"
#include "runtime/task.hpp"
#include "transport/websocket/websocket_stream.hpp"

namespace howl::apps::topics {

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

Result<TopicName> writable_topic(const Exchange& exchange) {
    HOWL_TRY(topic, TopicName::parse(exchange.wildcard));
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
                        .idempotency_key = std::move(idempotency_key)};
    if (event.type == "message") {
        event.type.clear();  // The default, whether said or not.
    }
    HOWL_TRY_VOID(hub::check_new_event(event));
    return event;
}

Task<Result<Reply>> post_event(Exchange& exchange) {
    auto event = event_of(exchange);
    if (!event) {
        co_return std::unexpected(std::move(event).error());
    }
    hub::Hub& hub = exchange.edge.hub();
    const auto receipt = co_await apps::publish(hub, std::move(*event));
    if (!receipt) {
        co_return std::unexpected(receipt.error());
    }
    co_return Response::json(status_of(*receipt), json::serialize(receipt_json(hub, *receipt)));
}

std::string history_text(const TopicName& topic, const hub::Sequencer::History& history) {
    json::array events;
    for (const auto& event : history.page.events) {
        json::object entry{
            {"offset", event->offset.value()},
            {"type", event->type.empty() ? std::string{"message"} : event->type},
            {"time", iso_time(event->time)},
            {"data", event->data},
        };
        if (!event->content_type.empty()) {
            entry["contentType"] = event->content_type;
        }
        events.push_back(std::move(entry));
    }
    const auto& page = history.page;
    const bool more = !page.events.empty() && page.events.back()->offset < page.last_offset;
    return json::serialize(json::object{
        {"topic", topic.text()},
        {"epoch", history.epoch.value()},
        {"firstOffset", page.first_retained.value()},
        {"lastOffset", page.last_offset.value()},
        {"more", more},
        {"events", std::move(events)},
    });
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
    hub::Hub& hub = exchange.edge.hub();
    // Taken before the page is read, so that no event falls between the two.
    const hub::Cursor goes_on_from = hub.sequencer().head();
    auto start = [&hub, &topic, after = Offset{*after}, limit = *limit](auto done) {
        hub.sequencer().history(hub.shard_id(), topic, after, limit, std::move(done));
    };
    const auto found =
        co_await runtime::completion_of<Result<hub::Sequencer::History>>(std::move(start));
    if (!found) {
        co_return std::unexpected(found.error());
    }
    auto response = Response::json(200, history_text(topic, *found));
    response.set("Howl-Cursor", goes_on_from.text());
    co_return response;
}

/// A reader who may have a name; what the client says is refused by the default handler.
class NamedReader : public transport::StreamHandler {
public:
    explicit NamedReader(std::vector<hub::Presence::Stay> stays) : stays_(std::move(stays)) {}
    void on_close(transport::Stream& /*stream*/) override { stays_.clear(); }

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

Result<Reply> stream(const Exchange& exchange, std::vector<TopicName> topics,
                     const transport::SseStyle& style, hub::Presence& presence) {
    HOWL_TRY(start, start_point_of(exchange.request));
    const auto envelope = exchange.request.query_value("envelope");
    if (envelope && *envelope != "json") {
        return fail(Errc::kInvalidQuery, "stream", "envelope is 'json' or absent");
    }
    transport::SseReply reply;
    if (exchange.request.method == Method::kGet) {
        HOWL_TRY(stays, enter(exchange.request, topics, presence));
        reply.handler = stays.empty() ? nullptr : std::make_unique<NamedReader>(std::move(stays));
    }
    reply.style = &style;
    reply.follow = transport::Follow{std::move(topics), std::move(start),
                                     envelope ? &kEnvelopes : &kRawEvents};
    return reply;
}

Task<Result<Reply>> read(Exchange& exchange, const transport::SseStyle& style,
                         hub::Presence& presence) {
    auto topic = TopicName::parse(exchange.wildcard);
    if (!topic) {
        co_return std::unexpected(std::move(topic).error());
    }
    const auto format = exchange.request.query_value("format").value_or("sse");
    if (format == "json") {
        co_return co_await history(exchange, std::move(*topic));
    }
    if (format != "sse") {
        co_return fail(Errc::kInvalidQuery, "stream", "format is 'sse' or 'json'");
    }
    co_return stream(exchange, {std::move(*topic)}, style, presence);
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

    void on_open(transport::Stream& stream) override {
        static_cast<transport::WebSocketStream&>(stream).follow_text({topic_}, start_, kMessages);
    }

private:
    const TopicName topic_;
    const hub::StartPoint start_;
};

/// `?after=OFFSET&epoch=EPOCH`, as every envelope shows them; or a cursor, as for SSE.
Result<hub::StartPoint> position_of(const http::Request& request) {
    if (!request.query_value("after")) {
        return start_point_of(request);
    }
    HOWL_TRY(offset, query_number(request, "after", 0, 0, UINT64_MAX - 1));
    HOWL_TRY(epoch, hub::parse_epoch(request.query_value("epoch").value_or("")));
    return hub::Position{std::move(epoch), Offset{offset}};
}

Result<Reply> open_socket(const Exchange& exchange, hub::Presence& presence) {
    HOWL_TRY(topic, TopicName::parse(exchange.wildcard));
    HOWL_TRY(start, position_of(exchange.request));
    HOWL_TRY(stays, enter(exchange.request, {topic}, presence));
    return transport::WebSocketReply{
        std::make_unique<SocketReader>(std::move(topic), std::move(start), std::move(stays))};
}

Result<Reply> who_is_there(const Exchange& exchange, const hub::Presence& presence) {
    HOWL_TRY(topic, TopicName::parse(exchange.wildcard));
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

Task<Result<Reply>> purge(Exchange& exchange) {
    auto topic = writable_topic(exchange);
    if (!topic) {
        co_return std::unexpected(std::move(topic).error());
    }
    hub::Hub& hub = exchange.edge.hub();
    auto start = [&hub, &topic](auto done) {
        hub.sequencer().purge(hub.shard_id(), *topic, std::move(done));
    };
    const auto outcome = co_await runtime::completion_of<Result<void>>(std::move(start));
    if (!outcome) {
        co_return std::unexpected(outcome.error());
    }
    co_return Response::no_content();
}

Task<Result<Reply>> read_several(Exchange& exchange, StreamStyles styles, hub::Presence& presence) {
    auto topics = topics_of(exchange.request);
    if (!topics) {
        co_return std::unexpected(std::move(topics).error());
    }
    const bool is_page = exchange.request.query_value("envelope").has_value();
    co_return stream(exchange, std::move(*topics), is_page ? styles.page : styles.plain, presence);
}

}  // namespace

void add_routes(transport::Router& router, const transport::DoorManners& manners,
                StreamStyles styles, hub::Presence& presence) {
    constexpr auto kEvents = "/api/topics/*/events";
    const auto read_one = [styles, &presence](Exchange& exchange) {
        return read(exchange, styles.plain, presence);
    };
    const auto read_many = [styles, &presence](Exchange& exchange) {
        return read_several(exchange, styles, presence);
    };
    const auto read_socket = [&](Exchange& exchange) {
        return transport::ready(open_socket(exchange, presence));
    };
    const auto show_members = [&](Exchange& exchange) {
        return transport::ready(who_is_there(exchange, presence));
    };
    router.add(Method::kPost, kEvents, manners, post_event);
    router.add(Method::kGet, kEvents, manners, read_one);
    router.add(Method::kDelete, kEvents, manners, purge);
    router.add(Method::kGet, "/api/topics/*/ws", manners, read_socket);
    router.add(Method::kGet, "/api/topics/*/presence", manners, show_members);
    router.add(Method::kGet, "/api/events", manners, read_many);
}

}  // namespace howl::apps::topics
