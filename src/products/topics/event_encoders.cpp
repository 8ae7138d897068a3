// SPDX-License-Identifier: Apache-2.0
#include "products/topics/event_encoders.hpp"

#include <utility>

#include <boost/json/value.hpp>

#include "codec/base64.hpp"
#include "codec/json_text.hpp"
#include "codec/sse/encoder.hpp"
#include "products/reading.hpp"

namespace howl::products::topics {

namespace json = boost::json;
namespace sse = codec::sse;

namespace {

json::object head_of(const hub::Event& event, const hub::Cursor& cursor) {
    return {
        {"topic", event.topic.text()},
        {"epoch", cursor.epochs[event.lane].value()},
        {"offset", event.offset.value()},
        {"type", event.type.empty() ? std::string{"message"} : event.type},
        {"time", iso_time(event.time)},
    };
}

json::object whole_of(const hub::Event& event, const hub::Cursor& cursor) {
    auto envelope = head_of(event, cursor);
    add_data(envelope, event);
    return envelope;
}

}  // namespace

void add_data(json::object& envelope, const hub::Event& event) {
    if (event.kind == hub::DataKind::kBinary) {
        envelope["data"] = codec::base64_of(event.data);
        envelope["encoding"] = "base64";
    } else {
        envelope["data"] = event.data;
    }
}

std::string envelope_of(const hub::Event& event, const hub::Cursor& cursor) {
    return codec::json_text(whole_of(event, cursor));
}

std::string page_drain(std::chrono::milliseconds wait) {
    const auto data = codec::json_text(json::object{{"retryMs", wait.count()}});
    std::string out;
    sse::append_event(out, {.event = "drain", .data = data});
    return out;
}

std::string page_heartbeat(WallTime now, std::chrono::milliseconds every) {
    const auto data =
        codec::json_text(json::object{{"time", iso_time(now)}, {"everyMs", every.count()}});
    std::string out;
    sse::append_event(out, {.event = "hb", .data = data});
    return out;
}

std::string SseEncoder::encode(const hub::Event& event, const hub::Cursor& cursor) const {
    const auto id = cursor.text();
    std::string out;
    if (data_ == Data::kRaw) {
        const bool is_binary = event.kind == hub::DataKind::kBinary;
        const auto base64 = is_binary ? codec::base64_of(event.data) : std::string{};
        sse::append_event(out,
                          {.event = event.type, .id = id, .data = is_binary ? base64 : event.data});
    } else {
        const auto envelope = envelope_of(event, cursor);
        sse::append_event(out, {.id = id, .data = envelope});
    }
    return out;
}

std::string SseEncoder::encode_joined(const hub::Cursor& cursor) const {
    const auto id = cursor.text();
    std::string out;
    sse::append_event(out, {.id = id});
    return out;
}

std::string SseEncoder::encode_reset(const hub::TopicName& topic, const hub::Cursor& cursor) const {
    const auto data = codec::json_text(json::object{{"topic", topic.text()}});
    const auto id = cursor.text();
    std::string out;
    sse::append_event(out, {.event = "reset", .id = id, .data = data});
    return out;
}

std::string SseEncoder::encode_pattern_reset(const hub::TopicPattern& pattern,
                                             const hub::Cursor& cursor) const {
    const auto data = codec::json_text(json::object{{"pattern", pattern.text()}});
    const auto id = cursor.text();
    std::string out;
    sse::append_event(out, {.event = "reset", .id = id, .data = data});
    return out;
}

std::string EnvelopeEncoder::text_of(json::object message, const hub::Cursor& cursor) const {
    if (cursors_ == Cursors::kShown) {
        message["cursor"] = cursor.text();
    }
    return codec::json_text(message);
}

std::string EnvelopeEncoder::encode(const hub::Event& event, const hub::Cursor& cursor) const {
    if (!is_binary(event)) {
        return text_of(whole_of(event, cursor), cursor);
    }
    auto head = head_of(event, cursor);
    head["encoding"] = "binary";
    return text_of(std::move(head), cursor) + "\n" + event.data;
}

std::string EnvelopeEncoder::encode_joined(const hub::Cursor& cursor) const {
    return cursors_ == Cursors::kShown ? text_of({{"type", "joined"}}, cursor) : std::string{};
}

std::string EnvelopeEncoder::encode_reset(const hub::TopicName& topic,
                                          const hub::Cursor& cursor) const {
    return text_of({{"topic", topic.text()}, {"type", "reset"}}, cursor);
}

std::string EnvelopeEncoder::encode_pattern_reset(const hub::TopicPattern& pattern,
                                                  const hub::Cursor& cursor) const {
    return text_of({{"pattern", pattern.text()}, {"type", "reset"}}, cursor);
}

}  // namespace howl::products::topics
