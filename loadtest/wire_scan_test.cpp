// SPDX-License-Identifier: Apache-2.0
#include "loadtest/wire_scan.hpp"

#include <string>

#include <gtest/gtest.h>

namespace howl::loadtest {
namespace {

using namespace std::string_view_literals;

TEST(WsFrame, ReadsAShortTextFrame) {
    WsFrame frame;
    ASSERT_EQ(scan_ws_frame("\x81\x05Hello\x81"sv, frame), Scan::kItem);
    EXPECT_EQ(frame.opcode, WsOpcode::kText);
    EXPECT_EQ(frame.payload, "Hello");
    EXPECT_EQ(frame.bytes, 7U);
}

TEST(WsFrame, Reads16And64BitLengths) {
    WsFrame frame;
    const std::string body(256, 'x');
    const std::string medium_frame = std::string{"\x82\x7E\x01\x00"sv} + body;
    ASSERT_EQ(scan_ws_frame(medium_frame, frame), Scan::kItem);
    EXPECT_EQ(frame.payload, body);
    EXPECT_EQ(frame.bytes, 260U);
    const std::string large(65536, 'y');
    const std::string large_frame = std::string{"\x82\x7F\0\0\0\0\0\x01\0\0"sv} + large;
    ASSERT_EQ(scan_ws_frame(large_frame, frame), Scan::kItem);
    EXPECT_EQ(frame.payload, large);
    EXPECT_EQ(frame.bytes, 65546U);
}

TEST(WsFrame, WaitsForMoreAfterEveryCut) {
    const std::string whole = std::string{"\x81\x7E\x00\x7E"sv} + std::string(126, 'z');
    WsFrame frame;
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        EXPECT_EQ(scan_ws_frame(std::string_view{whole}.substr(0, cut), frame), Scan::kIncomplete);
    }
    EXPECT_EQ(scan_ws_frame(whole, frame), Scan::kItem);
}

TEST(WsFrame, RefusesWhatABenchServerNeverSends) {
    WsFrame frame;
    EXPECT_EQ(scan_ws_frame("\x01\x01x"sv, frame), Scan::kMalformed);          // Fragment.
    EXPECT_EQ(scan_ws_frame("\x80\x01x"sv, frame), Scan::kMalformed);          // Continuation.
    EXPECT_EQ(scan_ws_frame("\xC1\x01x"sv, frame), Scan::kMalformed);          // Compressed.
    EXPECT_EQ(scan_ws_frame("\x83\x00"sv, frame), Scan::kMalformed);           // Reserved opcode.
    EXPECT_EQ(scan_ws_frame("\x81\x81\1\2\3\4x"sv, frame), Scan::kMalformed);  // Masked.
    EXPECT_EQ(scan_ws_frame("\x81\x7F\0\0\0\0\x7F\0\0\0"sv, frame), Scan::kMalformed);  // Huge.
}

TEST(WsFrame, MasksWhatItSends) {
    // The mask and the masked "Hello" of RFC 6455 section 5.7.
    EXPECT_EQ(make_masked_frame(WsOpcode::kPong, "Hello", 0x37FA213D),
              "\x8A\x85\x37\xFA\x21\x3D\x7F\x9F\x4D\x51\x58"sv);
    EXPECT_EQ(make_masked_frame(WsOpcode::kClose, "", 0), "\x88\x80\0\0\0\0"sv);
}

TEST(WsFrame, Sends16And64BitLengths) {
    const auto head_of = [](std::size_t bytes) {
        return make_masked_frame(WsOpcode::kText, std::string(bytes, 'x'), 0).substr(0, 10);
    };
    EXPECT_EQ(head_of(126), "\x81\xFE\x00\x7E\0\0\0\0xx"sv);
    EXPECT_EQ(head_of(65535), "\x81\xFE\xFF\xFF\0\0\0\0xx"sv);
    EXPECT_EQ(head_of(65536), "\x81\xFF\0\0\0\0\0\x01\0\0"sv);
}

TEST(WsFrame, DescribesACloseFrame) {
    EXPECT_EQ(describe_close("\x03\xF5slow"sv), "1013 slow");
    EXPECT_EQ(describe_close("\x03\xE8"sv), "1000");
    EXPECT_EQ(describe_close(""), "1005");
}

TEST(SseBlock, ReadsFieldsUpToTheBlankLine) {
    SseBlock block;
    ASSERT_EQ(scan_sse_block("id: e1-7\nevent: tick\ndata: one\ndata: two\n\nid: 8\n", block),
              Scan::kItem);
    EXPECT_EQ(block.id, "e1-7");
    EXPECT_EQ(block.event, "tick");
    EXPECT_EQ(block.data, "one");
    EXPECT_EQ(block.bytes, 42U);
}

TEST(SseBlock, ReadsCommentsAndCrlf) {
    SseBlock block;
    ASSERT_EQ(scan_sse_block(":\r\n\r\n", block), Scan::kItem);
    EXPECT_FALSE(block.data);
    EXPECT_EQ(block.bytes, 5U);
    ASSERT_EQ(scan_sse_block("data:x\r\n\r\n", block), Scan::kItem);
    EXPECT_EQ(block.data, "x");
}

TEST(SseBlock, WaitsForMoreAfterEveryCut) {
    constexpr auto kWhole = "id: 1\ndata: x\n\n"sv;
    SseBlock block;
    for (std::size_t cut = 0; cut < kWhole.size(); ++cut) {
        EXPECT_EQ(scan_sse_block(kWhole.substr(0, cut), block), Scan::kIncomplete);
    }
    EXPECT_EQ(scan_sse_block(std::string(kItemBytesMax + 1, 'x'), block), Scan::kMalformed);
}

TEST(HttpHead, ReadsStatusAndFields) {
    HttpHead head;
    constexpr auto kReply =
        "HTTP/1.1 201 Created\r\nContent-Length:  12 \r\nTransfer-Encoding: Chunked\r\n\r\nrest"sv;
    ASSERT_EQ(scan_http_head(kReply, head), Scan::kItem);
    EXPECT_EQ(head.status, 201U);
    EXPECT_EQ(head.content_length(), 12U);
    EXPECT_TRUE(head.is_chunked());
    EXPECT_FALSE(head.field("upgrade"));
    EXPECT_EQ(kReply.substr(head.bytes), "rest");
}

TEST(HttpHead, ReadsAHeadWithoutFields) {
    HttpHead head;
    ASSERT_EQ(scan_http_head("HTTP/1.1 204 No Content\r\n\r\n", head), Scan::kItem);
    EXPECT_EQ(head.status, 204U);
    EXPECT_EQ(head.content_length(), 0U);
    EXPECT_FALSE(head.is_chunked());
}

TEST(HttpHead, RefusesNonsense) {
    HttpHead head;
    EXPECT_EQ(scan_http_head("HTTP/1.1 200 OK\r\n", head), Scan::kIncomplete);
    EXPECT_EQ(scan_http_head("SSH-2.0\r\n\r\n", head), Scan::kMalformed);
    EXPECT_EQ(scan_http_head("HTTP/1.1 2x0 OK\r\n\r\n", head), Scan::kMalformed);
    EXPECT_EQ(scan_http_head("HTTP/1.1 \r\n\r\n", head), Scan::kMalformed);
    ASSERT_EQ(scan_http_head("HTTP/1.1 200 OK\r\nContent-Length: 5,5\r\n\r\n", head), Scan::kItem);
    EXPECT_FALSE(head.content_length());
}

/// Feeds `wire` in pieces of `step` bytes.
std::string decoded(std::string_view wire, std::size_t step, ChunkDecoder& decoder) {
    std::string body;
    for (std::size_t position = 0; position < wire.size(); position += step) {
        std::string piece{wire.substr(position, step)};
        const auto kept = decoder.decode_in_place(piece);
        if (!kept) {
            return "broken";
        }
        body += piece.substr(0, *kept);
    }
    return body;
}

TEST(ChunkDecoder, JoinsChunksWhereverTheyAreCut) {
    for (std::size_t step = 1; step < 30; ++step) {
        ChunkDecoder decoder;
        EXPECT_EQ(decoded("4\r\nWolf\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n", step, decoder),
                  "Wolf0123456789");
        EXPECT_TRUE(decoder.finished());
    }
}

TEST(ChunkDecoder, RefusesBrokenFraming) {
    for (const auto wire : {"x\r\n"sv, "4\n"sv, "1\r\nab\r\n"sv, "1\r\na\rb"sv, "FFFFFFFF\r\n"sv}) {
        ChunkDecoder decoder;
        EXPECT_EQ(decoded(wire, 1, decoder), "broken") << wire;
    }
}

}  // namespace
}  // namespace howl::loadtest
