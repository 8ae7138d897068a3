// SPDX-License-Identifier: Apache-2.0
#include "codec/websocket/frame.hpp"

#include <gtest/gtest.h>

#include "base/utf8.hpp"

namespace howl::codec::websocket {
namespace {

using namespace std::string_literals;

constexpr MaskKey kRfcKey{0x37, 0xFA, 0x21, 0x3D};

TEST(WebsocketFrame, WritesTheExamplesOfRfc6455Section57) {
    EXPECT_EQ(encode_frame(Opcode::kText, "Hello"), "\x81\x05Hello"s);
    EXPECT_EQ(encode_masked_frame(kRfcKey, Opcode::kText, "Hello"),
              "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s);
    EXPECT_EQ(encode_frame(Opcode::kText, "Hel", Rsv1::kClear, Fin::kNo), "\x01\x03Hel"s);
    EXPECT_EQ(encode_frame(Opcode::kContinuation, "lo"), "\x80\x02lo"s);
    EXPECT_EQ(encode_frame(Opcode::kPing, "Hello"), "\x89\x05Hello"s);
    EXPECT_EQ(encode_masked_frame(kRfcKey, Opcode::kPong, "Hello"),
              "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s);
    EXPECT_EQ(encode_frame(Opcode::kBinary, std::string(256, 'b')),
              "\x82\x7E\x01\x00"s + std::string(256, 'b'));
    EXPECT_EQ(encode_frame(Opcode::kBinary, std::string(65536, 'b')),
              "\x82\x7F\x00\x00\x00\x00\x00\x01\x00\x00"s + std::string(65536, 'b'));
}

TEST(WebsocketFrame, TakesTheShortestLength) {
    const struct {
        std::size_t payload_bytes;
        std::string header;
    } cases[] = {
        {0, "\x82\x00"s},
        {1, "\x82\x01"s},
        {125, "\x82\x7d"s},
        {126, "\x82\x7e\x00\x7e"s},
        {127, "\x82\x7e\x00\x7f"s},
        {65535, "\x82\x7e\xff\xff"s},
        {65536, "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s},
        {16777216, "\x82\x7f\x00\x00\x00\x00\x01\x00\x00\x00"s},
    };
    for (const auto& [payload_bytes, header] : cases) {
        const std::string frame = encode_frame(Opcode::kBinary, std::string(payload_bytes, 'x'));
        EXPECT_EQ(frame.substr(0, header.size()), header) << payload_bytes;
        EXPECT_EQ(frame.size(), header.size() + payload_bytes);
    }
}

TEST(WebsocketFrame, MarksACompressedMessage) {
    EXPECT_EQ(encode_frame(Opcode::kText, "\x00"s, Rsv1::kSet), "\xc1\x01\x00"s);
    EXPECT_EQ(encode_frame(Opcode::kText, "", Rsv1::kSet, Fin::kNo), "\x41\x00"s);
}

TEST(WebsocketFrame, AppendsBehindWhatIsThere) {
    std::string out = "before";
    append_frame(out, Opcode::kText, "a");
    append_masked_frame(out, {0, 0, 0, 1}, Opcode::kText, "....0");
    EXPECT_EQ(out, "before\x81\x01\x61\x81\x85\x00\x00\x00\x01.../0"s);
}

TEST(WebsocketFrame, WritesCloseFrames) {
    EXPECT_EQ(encode_close(1000, ""), "\x88\x02\x03\xe8"s);
    EXPECT_EQ(encode_close(1013, "slow"), "\x88\x06\x03\xf5slow"s);
    EXPECT_EQ(encode_close(kCloseNoStatus, "unsaid"), "\x88\x00"s);
    EXPECT_EQ(close_payload(4999, "x"), "\x13\x87x"s);
}

TEST(WebsocketFrame, CutsALongReasonBetweenCodePoints) {
    const std::string wolf = "\xF0\x9F\x90\xBA";
    for (std::size_t ahead = 0; ahead <= 130; ++ahead) {
        const std::string reason = std::string(ahead, 'a') + wolf + wolf + std::string(130, 'b');
        const std::string payload = close_payload(1008, reason);
        const std::string_view kept = std::string_view{payload}.substr(2);
        EXPECT_TRUE(reason.starts_with(kept));
        EXPECT_TRUE(is_valid_utf8(kept)) << ahead;
        EXPECT_LE(payload.size(), kControlPayloadBytesMax);
        EXPECT_GT(kept.size(), kCloseReasonBytesMax - wolf.size());
    }
    EXPECT_EQ(close_payload(1008, std::string(123, 'a')).size(), 125U);
    EXPECT_EQ(close_payload(1008, std::string(122, 'a') + "\xC3\xA9").size(), 124U);
}

TEST(WebsocketFrame, KnowsTheCloseCodesOfTheWire) {
    for (unsigned code = 0; code <= 0xFFFF; ++code) {
        const bool registered = code == 1000 || code == 1001 || code == 1002 || code == 1003 ||
                                code == 1007 || code == 1008 || code == 1009 || code == 1010 ||
                                code == 1011 || code == 1012 || code == 1013 || code == 1014;
        const bool free = code >= 3000 && code < 5000;
        EXPECT_EQ(is_valid_close_code(static_cast<std::uint16_t>(code)), registered || free)
            << code;
    }
}

TEST(WebsocketFrame, MasksWordsAsItMasksBytes) {
    const std::string plain = "The wolf howls at the moon, and the other wolves howl back.";
    for (std::size_t begin = 0; begin < 9; ++begin) {
        for (std::size_t size = 0; begin + size <= plain.size(); ++size) {
            std::string expected = plain.substr(begin, size);
            for (std::size_t i = 0; i < size; ++i) {
                expected[i] = static_cast<char>(expected[i] ^ kRfcKey[(begin + i) % 4]);
            }
            std::string text = plain;
            apply_mask(std::span{text}.subspan(begin, size), kRfcKey, begin);
            EXPECT_EQ(text, plain.substr(0, begin) + expected + plain.substr(begin + size));
        }
    }
}

}  // namespace
}  // namespace howl::codec::websocket
