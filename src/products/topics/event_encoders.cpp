// SPDX-License-Identifier: Apache-2.0
#include "products/topics/event_encoders.hpp"

#include <boost/json/value.hpp>

#include "codec/json_text.hpp"
#include "codec/sse/encoder.hpp"
#include "products/reading.hpp"

namespace howl::products::topics {

namespace json = boost::json;
namespace sse = codec::sse;

std::string envelope_of(const hub::Event& event, const hub::Cursor& cursor) {
    return codec::json_text(json::object{
        {"topic", event.topic.text()},
        {"epoch", cursor.epochs[event.lane].value()},
        {"offset", event.offset.value()},
        {"type", event.type.empty() ? std::string{"message"} : event.type},
        {"time", iso_time(event.time)},
        {"data", event.data},
    });
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
        sse::append_event(out, {.event = event.type, .id = id, .data = event.data});
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

std::string EnvelopeEncoder::encode(const hub::Event& event, const hub::Cursor& cursor) const {
    return envelope_of(event, cursor);
}

std::string EnvelopeEncoder::encode_reset(const hub::TopicName& topic,
                                          const hub::Cursor& /*cursor*/) const {
    return codec::json_text(json::object{{"topic", topic.text()}, {"type", "reset"}});
}

}  // namespace howl::products::topics
