// SPDX-License-Identifier: Apache-2.0
#include "transport/websocket/websocket_encoder.hpp"

namespace howl::transport {

namespace ws = codec::websocket;

std::string WebSocketEncoder::encode(const hub::Event& event, const hub::Cursor& cursor) const {
    const auto text = text_of(event, cursor);
    return text.empty() ? std::string{} : ws::encode_frame(ws::Opcode::kText, text);
}

std::string WebSocketEncoder::encode_joined(const hub::Cursor& /*cursor*/) const {
    return {};  // Positions travel in the events themselves.
}

std::string WebSocketEncoder::encode_reset(const hub::TopicName& topic,
                                           const hub::Cursor& cursor) const {
    const auto text = reset_text_of(topic, cursor);
    return text.empty() ? std::string{} : ws::encode_frame(ws::Opcode::kText, text);
}

std::string DeflatedEncoder::compressed(std::string_view text) const {
    return ws::encode_frame(ws::Opcode::kText, deflater_.compress(text), ws::Rsv1::kSet);
}

std::string DeflatedEncoder::encode(const hub::Event& event, const hub::Cursor& cursor) const {
    const auto text = plain_.text_of(event, cursor);
    return text.empty() ? std::string{} : compressed(text);
}

std::string DeflatedEncoder::encode_joined(const hub::Cursor& cursor) const {
    return plain_.encode_joined(cursor);
}

std::string DeflatedEncoder::encode_reset(const hub::TopicName& topic,
                                          const hub::Cursor& cursor) const {
    const auto text = plain_.reset_text_of(topic, cursor);
    return text.empty() ? std::string{} : compressed(text);
}

}  // namespace howl::transport
