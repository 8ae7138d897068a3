// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include <boost/json/object.hpp>

#include "hub/session_sink.hpp"

namespace howl::products::topics {

/// `{"topic","epoch","offset","type","time","data"}`: an event with everything that is known of it.
[[nodiscard]] std::string envelope_of(const hub::Event& event, const hub::Cursor& cursor);

/// `event: drain`, `data: {"retryMs":N}`: the server goes down and asks the page to come back then.
[[nodiscard]] std::string page_drain(std::chrono::milliseconds wait);

/// `event: hb`, `data: {"time":"...","everyMs":N}`: a page hears that its stream lives, that it has
/// caught up, and how far its own clock is off. Without an `id:`, since it is no place in a topic.
[[nodiscard]] std::string page_heartbeat(WallTime now, std::chrono::milliseconds every);

/// SSE: `id:` is the cursor, `event:` the type where one was given. An envelope says the type
/// itself and has no `event:` line: an EventSource hears only the names that it knows beforehand.
class SseEncoder : public hub::EventEncoder {
public:
    enum class Data : std::uint8_t { kRaw, kEnvelope };
    explicit SseEncoder(Data data) : data_(data) {}

    [[nodiscard]] std::string encode(const hub::Event& event,
                                     const hub::Cursor& cursor) const override;
    /// `id: CURSOR` alone, which no page sees and every EventSource remembers.
    [[nodiscard]] std::string encode_joined(const hub::Cursor& cursor) const override;
    /// `event: reset`, `data: {"topic":"..."}`.
    [[nodiscard]] std::string encode_reset(const hub::TopicName& topic,
                                           const hub::Cursor& cursor) const override;

private:
    const Data data_;
};

/// WebSocket: one envelope for each text message. A reset is an envelope of type `reset`, which
/// nobody can publish.
class EnvelopeEncoder final : public hub::EventEncoder {
public:
    [[nodiscard]] std::string encode(const hub::Event& event,
                                     const hub::Cursor& cursor) const override;
    [[nodiscard]] std::string encode_reset(const hub::TopicName& topic,
                                           const hub::Cursor& cursor) const override;
};

}  // namespace howl::products::topics
