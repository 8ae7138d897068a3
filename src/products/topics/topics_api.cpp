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
#include "hub/topic_name.hpp"
#include "hub/topic_spelling.hpp"
#include "products/publishing.hpp"
#include "products/reading.hpp"
#include "products/topics/event_encoders.hpp"
#include "products/topics/history_page.hpp"
#include "products/topics/media_types.hpp"
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
const EnvelopeEncoder kMessages{EnvelopeEncoder::Cursors::kLeftOut};
const EnvelopeEncoder kMessagesWithCursors{EnvelopeEncoder::Cursors::kShown};

Result<TopicName> topic_in_path(const Exchange& exchange) {
    return hub::topic_spelled(exchange.encoded_wildcard);
}

Result<TopicName> writable(TopicName topic) {
    if (topic.text().starts_with(hub::kReservedPrefix)) {
        return fail(Errc::kTopicReserved, "publish");
    }
    return topic;
}

Result<TopicName> writable_topic(const Exchange& exchange) {
    HOWL_TRY(topic, topic_in_path(exchange));
    return writable(std::move(topic));
}

/// The topics in which the event of `first` is to stand too, each once.
Result<std::vector<TopicName>> further_topics(const http::Request& request,
                                              const TopicName& first) {
    std::vector<TopicName> topics;
    for (const auto& text : request.query_values("topic")) {
        HOWL_TRY(named, TopicName::parse(text));
        HOWL_TRY(topic, writable(std::move(named)));
        topics.push_back(std::move(topic));
    }
    std::ranges::sort(topics);
    topics.erase(std::ranges::unique(topics).begin(), topics.end());
    std::erase(topics, first);
    return topics;
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
                        .publisher = publisher_at(exchange.peer),
                        .kind = kind_of(request.header("Content-Type"))};
    if (event.type == "message") {
        event.type.clear();  // The default, whether said or not.
    }
    HOWL_TRY_VOID(hub::check_new_event(event));
    return event;
}

/// `{"topic","epoch","offset"}`, and where the event has several topics its `copies`, each so.
Response receipts_reply(hub::Hub& hub, const hub::Receipts& receipts) {
    auto body = receipt_json(hub, receipts.front());
    if (receipts.size() > 1) {
        json::array copies;
        for (const auto& receipt : receipts) {
            copies.push_back(receipt_json(hub, receipt));
        }
        body["copies"] = std::move(copies);
    }
    return Response::json(status_of(receipts.front()), json::serialize(body));
}

Task<Result<Reply>> post_event(Exchange& exchange) {
    HOWL_CO_TRY(event, event_of(exchange));
    HOWL_CO_TRY(also, further_topics(exchange.request, event.topic));
    hub::Hub& hub = exchange.hub();
    HOWL_CO_TRY(receipts, co_await products::publish(hub, exchange.principal, std::move(event),
                                                     std::move(also)));
    co_return receipts_reply(hub, receipts);
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
    explicit NamedReader(std::vector<hub::PresenceStore::Stay> stays) : stays_(std::move(stays)) {}
    void on_close(session::Session& /*stream*/) override { stays_.clear(); }

private:
    std::vector<hub::PresenceStore::Stay> stays_;
};

/// The reader's stay in each topic, where `?as=NAME` says who it is.
Result<std::vector<hub::PresenceStore::Stay>> enter(const http::Request& request,
                                                    const std::vector<TopicName>& topics,
                                                    hub::PresenceStore& presence) {
    std::vector<hub::PresenceStore::Stay> stays;
    if (const auto name = request.query_value("as")) {
        for (const auto& topic : topics) {
            HOWL_TRY(stay, presence.enter(topic, *name));
            stays.push_back(std::move(stay));
        }
    }
    return stays;
}

/// What a request names.
struct Wanted {
    std::vector<TopicName> topics;
    std::vector<hub::TopicPattern> patterns{};
};

Result<Reply> stream(const http::Request& request, Wanted wanted, const transport::SseStyle& style,
                     hub::PresenceStore& presence) {
    HOWL_TRY(start, resume_point_of(request));
    const auto envelope = request.query_value("envelope");
    if (envelope && *envelope != "json") {
        return fail(Errc::kInvalidQuery, "stream", "envelope is 'json' or absent");
    }
    transport::SseReply reply;
    if (request.method != Method::kHead) {
        HOWL_TRY(stays, enter(request, wanted.topics, presence));
        reply.handler = stays.empty() ? nullptr : std::make_unique<NamedReader>(std::move(stays));
    }
    reply.style = &style;
    reply.subscription =
        session::Subscription{std::move(wanted.topics), std::move(start),
                              envelope ? &kEnvelopes : &kRawEvents, std::move(wanted.patterns)};
    return reply;
}

std::string format_of(const http::Request& request) {
    return request.query_value("format").value_or("sse");
}

Task<Result<Reply>> read(Exchange& exchange, const transport::SseStyle& style,
                         hub::PresenceStore& presence) {
    HOWL_CO_TRY(topic, topic_in_path(exchange));
    const auto format = format_of(exchange.request);
    if (format == "json") {
        co_return co_await history(exchange, std::move(topic));
    }
    if (format != "sse") {
        co_return fail(Errc::kInvalidQuery, "stream", "format is 'sse' or 'json'");
    }
    Wanted wanted;
    wanted.topics.push_back(std::move(topic));
    co_return stream(exchange.request, std::move(wanted), style, presence);
}

Result<std::vector<TopicName>> topics_of(const http::Request& request) {
    std::vector<TopicName> topics;
    for (const auto& text : request.query_values("topic")) {
        HOWL_TRY(topic, TopicName::parse(text));
        topics.push_back(std::move(topic));
    }
    std::ranges::sort(topics);
    topics.erase(std::ranges::unique(topics).begin(), topics.end());
    if (topics.size() > limits::kTopicsPerSessionMax) {
        return fail(Errc::kTooManySubscriptions, "stream");
    }
    return topics;
}

/// Errors: `kTopicReserved` for one of Howl's own topics, whose names say who uses them, and where
/// topics are not listed `kTopicsNotListed`, since an event tells the name of its topic.
Result<std::vector<hub::TopicPattern>> patterns_of(const http::Request& request,
                                                   TopicListing listing) {
    std::vector<hub::TopicPattern> patterns;
    for (const auto& text : request.query_values("pattern")) {
        HOWL_TRY(pattern, hub::TopicPattern::parse(text));
        if (pattern.matches_reserved()) {
            return fail(Errc::kTopicReserved, "pattern", "they are not read by pattern");
        }
        patterns.push_back(std::move(pattern));
    }
    std::ranges::sort(patterns);
    patterns.erase(std::ranges::unique(patterns).begin(), patterns.end());
    if (!patterns.empty() && listing == TopicListing::kOff) {
        return fail(Errc::kTopicsNotListed, "pattern");
    }
    if (patterns.size() > limits::kPatternsPerSessionMax) {
        return fail(Errc::kTooManyPatterns, "pattern");
    }
    return patterns;
}

Result<Wanted> wanted_of(const http::Request& request, TopicListing listing) {
    HOWL_TRY(topics, topics_of(request));
    HOWL_TRY(patterns, patterns_of(request, listing));
    if (topics.empty() && patterns.empty()) {
        return fail(Errc::kInvalidQuery, "stream", "name at least one topic or pattern");
    }
    return Wanted{std::move(topics), std::move(patterns)};
}

/// Begins to read once its socket is open.
class SocketReader final : public NamedReader {
public:
    SocketReader(session::Subscription wanted, std::vector<hub::PresenceStore::Stay> stays)
        : NamedReader(std::move(stays)), wanted_(std::move(wanted)) {}

    void on_open(session::Session& stream) override {
        stream.subscribe_or_close(std::move(wanted_));
    }

private:
    session::Subscription wanted_;
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

Result<Reply> open_socket(const Exchange& exchange, hub::PresenceStore& presence) {
    HOWL_TRY(topic, topic_in_path(exchange));
    HOWL_TRY(start, position_of(exchange.request));
    HOWL_TRY(stays, enter(exchange.request, {topic}, presence));
    return transport::WebSocketReply{std::make_unique<SocketReader>(
        session::Subscription{{std::move(topic)}, std::move(start), &kMessages}, std::move(stays))};
}

Result<Reply> open_socket_for_several(const Exchange& exchange, hub::PresenceStore& presence,
                                      TopicListing listing) {
    HOWL_TRY(wanted, wanted_of(exchange.request, listing));
    HOWL_TRY(start, resume_point_of(exchange.request));
    HOWL_TRY(stays, enter(exchange.request, wanted.topics, presence));
    return transport::WebSocketReply{std::make_unique<SocketReader>(
        session::Subscription{std::move(wanted.topics), std::move(start), &kMessagesWithCursors,
                              std::move(wanted.patterns)},
        std::move(stays))};
}

Task<Result<Reply>> who_is_there(Exchange& exchange, const hub::PresenceStore& presence) {
    HOWL_CO_TRY(topic, topic_in_path(exchange));
    HOWL_CO_TRY(limit, query_number(exchange.request, "limit", 100, 1, limits::kHistoryPageMax));
    HOWL_CO_TRY(found, co_await presence.members(exchange.hub().shard_id(), topic, limit));
    json::array members;
    for (const auto& member : found.first) {
        members.push_back(json::object{{"name", member.name}, {"sessions", member.sessions}});
    }
    const json::object body{
        {"topic", topic.text()}, {"count", found.count}, {"members", std::move(members)}};
    co_return Response::json(200, json::serialize(body));
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
                           hub::PresenceStore& presence, TopicListing listing) {
    HOWL_TRY(wanted, wanted_of(request, listing));
    const bool is_page = request.query_value("envelope").has_value();
    return stream(request, std::move(wanted), is_page ? styles.page : styles.plain, presence);
}

/// The same with the parameters in a form: 128 topics with long names don't fit in a URL.
Result<Reply> read_form(http::Request request, StreamStyles styles, hub::PresenceStore& presence,
                        TopicListing listing) {
    constexpr std::string_view kForm = "application/x-www-form-urlencoded";
    if (!http::equals_ignoring_case(http::media_type_of(request), kForm)) {
        return fail(Errc::kUnsupportedData, "stream", fmt::format("accepted: {}", kForm));
    }
    request.query = http::query_of_form(request.body);
    return read_several(request, styles, presence, listing);
}

}  // namespace

void add_routes(transport::Router& router, const transport::ResponsePolicy& response_policy,
                StreamStyles styles, hub::PresenceStore& presence, TopicListing listing) {
    constexpr auto kEvents = "/api/topics/*/events";
    const auto reads_stream = [](const http::Request& request) {
        return format_of(request) != "json";
    };
    const auto read_one = [styles, &presence](Exchange& exchange) {
        return read(exchange, styles.plain, presence);
    };
    const auto read_many = [styles, &presence, listing](Exchange& exchange) {
        return transport::ready(read_several(exchange.request, styles, presence, listing));
    };
    const auto read_many_of_form = [styles, &presence, listing](Exchange& exchange) {
        return transport::ready(read_form(exchange.request, styles, presence, listing));
    };
    const auto read_many_by_socket = [&presence, listing](Exchange& exchange) {
        return transport::ready(open_socket_for_several(exchange, presence, listing));
    };
    const auto read_socket = [&](Exchange& exchange) {
        return transport::ready(open_socket(exchange, presence));
    };
    const auto show_members = [&](Exchange& exchange) { return who_is_there(exchange, presence); };
    router.add(Method::kPost, kEvents, response_policy, post_event);
    router.add_stream(kEvents, response_policy, read_one, reads_stream);
    router.add(Method::kDelete, kEvents, response_policy, purge);
    router.add_stream("/api/topics/*/ws", response_policy, read_socket);
    router.add(Method::kGet, "/api/topics/*/presence", response_policy, show_members);
    router.add_stream("/api/events", response_policy, read_many);
    router.add_stream("/api/events/ws", response_policy, read_many_by_socket);
    router.add(Method::kPost, "/api/events", response_policy, read_many_of_form);
}

}  // namespace howl::products::topics
