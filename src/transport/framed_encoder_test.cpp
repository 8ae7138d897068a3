// SPDX-License-Identifier: Apache-2.0
#include "transport/framed_encoder.hpp"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "hub/event.hpp"

namespace howl::transport {
namespace {

/// Its payload is the event's data; data that begins with `!` is binary.
class DataEncoder final : public hub::EventEncoder {
public:
    [[nodiscard]] std::string encode(const hub::Event& event,
                                     const hub::Cursor& /*cursor*/) const override {
        return event.data;
    }
    [[nodiscard]] bool is_binary(const hub::Event& event) const override {
        return event.data.starts_with('!');
    }
    [[nodiscard]] std::string encode_reset(const hub::TopicName& topic,
                                           const hub::Cursor& /*cursor*/) const override {
        return "reset " + topic.text();
    }
};

hub::Event event_of(std::string data) {
    return {.topic = *hub::TopicName::parse("a"),
            .offset = Offset{1},
            .sequence = Sequence{1},
            .time = {},
            .type = {},
            .content_type = {},
            .data = std::move(data)};
}

class Framed : public ::testing::Test {
protected:
    std::string encode(Framing framing, std::string data) {
        return encoders_.of(plain_, framing).encode(event_of(std::move(data)), {});
    }

    DataEncoder plain_;
    codec::websocket::Deflater deflater_;
    FramedEncoders encoders_{deflater_};
};

TEST_F(Framed, AChunkHasItsSizeBeforeIt) {
    EXPECT_EQ(encode(Framing::kChunked, "data: x\n\n"), "9\r\ndata: x\n\n\r\n");
}

TEST_F(Framed, AMessageIsTextUnlessTheEventIsBinary) {
    EXPECT_EQ(encode(Framing::kWebSocket, "hi"), "\x81\x02hi");
    EXPECT_EQ(encode(Framing::kWebSocket, "!hi"), "\x82\x03!hi");
}

TEST_F(Framed, ACompressedMessageHasTheBitAndKeepsItsKind) {
    const auto text = encode(Framing::kWebSocketCompressed, "hi");
    EXPECT_EQ(text.front(), '\xC1');
    EXPECT_EQ(encode(Framing::kWebSocketCompressed, "!hi").front(), '\xC2');
}

TEST_F(Framed, AnEmptyPayloadIsNotFramed) {
    for (const auto framing :
         {Framing::kChunked, Framing::kWebSocket, Framing::kWebSocketCompressed}) {
        EXPECT_EQ(encode(framing, ""), "");
        EXPECT_EQ(encoders_.of(plain_, framing).encode_joined({}), "");
    }
}

TEST_F(Framed, AResetIsFramedAsText) {
    const auto topic = *hub::TopicName::parse("a");
    EXPECT_EQ(encoders_.of(plain_, Framing::kWebSocket).encode_reset(topic, {}), "\x81\x07reset a");
}

TEST_F(Framed, AllChannelsOfAShardShareOneEncoderOfAKind) {
    EXPECT_EQ(&encoders_.of(plain_, Framing::kChunked), &encoders_.of(plain_, Framing::kChunked));
    EXPECT_NE(&encoders_.of(plain_, Framing::kChunked), &encoders_.of(plain_, Framing::kWebSocket));
}

}  // namespace
}  // namespace howl::transport
