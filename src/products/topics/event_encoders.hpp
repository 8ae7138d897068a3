// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include <boost/json/object.hpp>

#include "hub/session_sink.hpp"

namespace howl::products::topics {

/// `{"topic","epoch","offset","type","time","data"}`: an event with everything that is known of it.
/// Of a binary one `data` is base64, and `"encoding":"base64"` says so.
[[nodiscard]] std::string envelope_of(const hub::Event& event, const hub::Cursor& cursor);

/// Adds `data`, and `encoding` where it is needed.
void add_data(boost::json::object& envelope, const hub::Event& event);

/// `event: drain`, `data: {"retryMs":N}`: the server goes down and asks the page to come back then.
[[nodiscard]] std::string page_drain(std::chrono::milliseconds wait);

/// `event: hb`, `data: {"time":"...","everyMs":N}`: a page hears that its stream lives, that it has
/// caught up, and how far its own clock is off. Without an `id:`, since it is no place in a topic.
[[nodiscard]] std::string page_heartbeat(WallTime now, std::chrono::milliseconds every);

/// SSE: `id:` is the cursor, `event:` the type where one was given. An envelope says the type
/// itself and has no `event:` line: an EventSource hears only the names that it knows beforehand.
/// The data of a binary event is base64.
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
    /// `event: reset`, `data: {"pattern":"..."}`.
    [[nodiscard]] std::string encode_pattern_reset(const hub::TopicPattern& pattern,
                                                   const hub::Cursor& cursor) const override;

private:
    const Data data_;
};

/// WebSocket: one envelope for each text message. A reset is an envelope of type `reset`, which
/// nobody can publish. A binary event is one binary message: its envelope without `data` but with
/// `"encoding":"binary"`, a line feed, its bytes.
class EnvelopeEncoder final : public hub::EventEncoder {
public:
    /// `kShown`: each message says where its reader stands behind it, as the `id:` of SSE does, and
    /// `{"type":"joined","cursor":"..."}` where it stands once it has caught up.
    enum class Cursors : std::uint8_t { kLeftOut, kShown };
    explicit EnvelopeEncoder(Cursors cursors) : cursors_(cursors) {}

    [[nodiscard]] std::string encode(const hub::Event& event,
                                     const hub::Cursor& cursor) const override;
    [[nodiscard]] bool is_binary(const hub::Event& event) const override {
        return event.kind == hub::DataKind::kBinary;
    }
    [[nodiscard]] std::string encode_joined(const hub::Cursor& cursor) const override;
    [[nodiscard]] std::string encode_pattern_reset(const hub::TopicPattern& pattern,
                                                   const hub::Cursor& cursor) const override;
    [[nodiscard]] std::string encode_reset(const hub::TopicName& topic,
                                           const hub::Cursor& cursor) const override;

private:
    [[nodiscard]] std::string text_of(boost::json::object message, const hub::Cursor& cursor) const;

    const Cursors cursors_;
};

}  // namespace howl::products::topics
