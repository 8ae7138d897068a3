// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "codec/websocket/deflate.hpp"
#include "codec/websocket/frame.hpp"
#include "hub/session_sink.hpp"

namespace howl::transport {

/// How a channel frames one payload.
enum class Framing : std::uint8_t {
    kChunked,              ///< Of an HTTP/1.1 response (RFC 9112 section 7.1).
    kWebSocket,            ///< A message (RFC 6455 section 5.6).
    kWebSocketCompressed,  ///< The same with RFC 7692.
};

/// A product's payloads in a channel's framing, once for all readers of a shard.
///
/// The framing is part of the shared bytes, so that it costs nothing per reader; and a client whose
/// HTTP library waits for whole chunks of a body gets each event as one.
/// Shard-local, because the deflater is.
class FramedEncoder final : public hub::EventEncoder {
public:
    FramedEncoder(const hub::EventEncoder& plain, Framing framing,
                  codec::websocket::Deflater& deflater)
        : plain_(plain), framing_(framing), deflater_(deflater) {}

    [[nodiscard]] std::string encode(const hub::Event& event,
                                     const hub::Cursor& cursor) const override;
    [[nodiscard]] std::string encode_joined(const hub::Cursor& cursor) const override;
    [[nodiscard]] std::string encode_reset(const hub::TopicName& topic,
                                           const hub::Cursor& cursor) const override;
    [[nodiscard]] std::string encode_pattern_reset(const hub::TopicPattern& pattern,
                                                   const hub::Cursor& cursor) const override;
    [[nodiscard]] bool is_binary(const hub::Event& event) const override {
        return plain_.is_binary(event);
    }

private:
    [[nodiscard]] std::string framed(std::string payload, codec::websocket::Opcode opcode) const;

    const hub::EventEncoder& plain_;
    const Framing framing_;
    codec::websocket::Deflater& deflater_;
};

/// The framed encoders of one shard, made on first use.
class FramedEncoders {
public:
    explicit FramedEncoders(codec::websocket::Deflater& deflater) : deflater_(deflater) {}

    [[nodiscard]] const hub::EventEncoder& of(const hub::EventEncoder& plain, Framing framing) {
        return encoders_.try_emplace({&plain, framing}, plain, framing, deflater_).first->second;
    }

private:
    codec::websocket::Deflater& deflater_;
    std::map<std::pair<const hub::EventEncoder*, Framing>, FramedEncoder> encoders_;
};

}  // namespace howl::transport
