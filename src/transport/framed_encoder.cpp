// SPDX-License-Identifier: Apache-2.0
#include "transport/framed_encoder.hpp"

#include "codec/http/chunk.hpp"
#include "codec/websocket/frame.hpp"

namespace howl::transport {

namespace ws = codec::websocket;

std::string FramedEncoder::encode(const hub::Event& event, const hub::Cursor& cursor) const {
    return framed(plain_.encode(event, cursor),
                  plain_.is_binary(event) ? ws::Opcode::kBinary : ws::Opcode::kText);
}

std::string FramedEncoder::encode_joined(const hub::Cursor& cursor) const {
    return framed(plain_.encode_joined(cursor), ws::Opcode::kText);
}

std::string FramedEncoder::encode_reset(const hub::TopicName& topic,
                                        const hub::Cursor& cursor) const {
    return framed(plain_.encode_reset(topic, cursor), ws::Opcode::kText);
}

std::string FramedEncoder::encode_pattern_reset(const hub::TopicPattern& pattern,
                                                const hub::Cursor& cursor) const {
    return framed(plain_.encode_pattern_reset(pattern, cursor), ws::Opcode::kText);
}

std::string FramedEncoder::framed(std::string payload, ws::Opcode opcode) const {
    if (payload.empty()) {
        return payload;  // The product's protocol has no such message.
    }
    switch (framing_) {
        case Framing::kChunked:
            return codec::http::as_chunk(payload);
        case Framing::kWebSocket:
            return ws::encode_frame(opcode, payload);
        case Framing::kWebSocketCompressed:
            return ws::encode_frame(opcode, deflater_.compress(payload), ws::Rsv1::kSet);
    }
    return payload;
}

}  // namespace howl::transport
