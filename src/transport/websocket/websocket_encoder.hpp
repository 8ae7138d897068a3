// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "codec/websocket/deflate.hpp"
#include "codec/websocket/frame.hpp"
#include "hub/session_sink.hpp"

namespace howl::transport {

/// An encoder whose events are WebSocket text messages: the door writes the text, this the frame.
class WebSocketEncoder : public hub::EventEncoder {
public:
    /// Empty: this door has no word for it.
    [[nodiscard]] virtual std::string text_of(const hub::Event& event,
                                              const hub::Cursor& cursor) const = 0;
    /// Empty: this door has no way to say so.
    [[nodiscard]] virtual std::string reset_text_of(const hub::TopicName& topic,
                                                    const hub::Cursor& cursor) const = 0;

    [[nodiscard]] std::string encode(const hub::Event& event,
                                     const hub::Cursor& cursor) const override;
    [[nodiscard]] std::string encode_joined(const hub::Cursor& cursor) const override;
    [[nodiscard]] std::string encode_reset(const hub::TopicName& topic,
                                           const hub::Cursor& cursor) const override;
};

/// The same texts compressed (RFC 7692), once for all readers of a shard that agreed to it.
/// Shard-local, because the deflater is.
class DeflatedEncoder final : public hub::EventEncoder {
public:
    DeflatedEncoder(const WebSocketEncoder& plain, codec::websocket::Deflater& deflater)
        : plain_(plain), deflater_(deflater) {}

    [[nodiscard]] std::string encode(const hub::Event& event,
                                     const hub::Cursor& cursor) const override;
    [[nodiscard]] std::string encode_joined(const hub::Cursor& cursor) const override;
    [[nodiscard]] std::string encode_reset(const hub::TopicName& topic,
                                           const hub::Cursor& cursor) const override;

private:
    [[nodiscard]] std::string compressed(std::string_view text) const;

    const WebSocketEncoder& plain_;
    codec::websocket::Deflater& deflater_;
};

}  // namespace howl::transport
