// SPDX-License-Identifier: Apache-2.0
#include "codec/http/chunk.hpp"

#include <gtest/gtest.h>

#include "codec/http/chunked_decoder.hpp"

namespace howl::codec::http {
namespace {

TEST(Chunk, HasItsSizeInHexadecimalBeforeItAndCrlfBehindIt) {
    EXPECT_EQ(as_chunk("data: x\n\n"), "9\r\ndata: x\n\n\r\n");
    EXPECT_TRUE(as_chunk(std::string(0x1A2B, 'x')).starts_with("1a2b\r\nxx"));
}

TEST(Chunk, OfNothingIsNothingBecauseItWouldEndTheBody) {
    EXPECT_EQ(as_chunk(""), "");
}

TEST(Chunk, IsWhatTheDecoderReads) {
    std::string wire;
    std::string sent;
    for (const std::size_t size : {1U, 15U, 16U, 17U, 255U, 256U, 4095U, 70'000U}) {
        const std::string piece(size, 'p');
        sent += piece;
        wire += as_chunk(piece);
    }
    wire += kLastChunk;
    ChunkedDecoder decoder{ChunkedLimits{}};
    std::string body;
    EXPECT_EQ(decoder.feed(wire, body).value(), wire.size());
    EXPECT_TRUE(decoder.complete());
    EXPECT_EQ(body, sent);
}

}  // namespace
}  // namespace howl::codec::http
