// SPDX-License-Identifier: Apache-2.0
#include "codec/http/chunked_decoder.hpp"

#include <optional>

#include <gtest/gtest.h>

namespace howl::codec::http {
namespace {

struct Decoded {
    std::optional<Errc> error;
    bool complete = false;
    std::size_t taken = 0;
    std::string body;
};

Decoded decode(std::string_view bytes, ChunkedLimits limits = {}) {
    ChunkedDecoder decoder{limits};
    Decoded decoded;
    const auto taken = decoder.feed(bytes, decoded.body);
    if (!taken) {
        decoded.error = taken.error().code;
        return decoded;
    }
    decoded.taken = *taken;
    decoded.complete = decoder.complete();
    return decoded;
}

TEST(ChunkedDecoder, StopsBehindTheLastEmptyLine) {
    const auto decoded = decode("3\r\nabc\r\n0\r\nX: y\r\n\r\nGET /");
    EXPECT_TRUE(decoded.complete);
    EXPECT_EQ(decoded.body, "abc");
    EXPECT_EQ(decoded.taken, 19U);
}

TEST(ChunkedDecoder, BoundsWhatIsAroundTheBody) {
    ChunkedLimits limits;
    limits.overhead_bytes_max = 15;
    EXPECT_TRUE(decode("1\r\na\r\n1\r\nb\r\n0\r\n\r\n", limits).complete);
    EXPECT_EQ(decode("1\r\na\r\n1\r\nb\r\n00\r\n\r\n", limits).error, Errc::kBodyTooLarge);
}

TEST(ChunkedDecoder, BoundsExtensionsAndTrailers) {
    ChunkedLimits limits;
    limits.extension_bytes_max = 4;
    limits.trailer_bytes_max = 8;
    EXPECT_TRUE(decode("0;abcd\r\n\r\n", limits).complete);
    EXPECT_EQ(decode("0;abcde", limits).error, Errc::kAmbiguousFraming);
    EXPECT_TRUE(decode("0\r\nA: b\r\nC: d\r\n\r\n", limits).complete);
    EXPECT_EQ(decode("0\r\nA: b\r\nC: de", limits).error, Errc::kHeadersTooLarge);
}

TEST(ChunkedDecoder, NeverLetsTheSizesOfTwoChunksWrapAround) {
    EXPECT_EQ(decode("1\r\na\r\nffffffffffffffff\r\n").error, Errc::kBodyTooLarge);
    EXPECT_EQ(decode("ffffffffffffffff\r\n").error, Errc::kBodyTooLarge);
}

}  // namespace
}  // namespace howl::codec::http
