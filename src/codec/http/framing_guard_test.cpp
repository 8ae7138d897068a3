// SPDX-License-Identifier: Apache-2.0
#include "codec/http/framing_guard.hpp"

#include <string>

#include <gtest/gtest.h>

namespace howl::codec::http {
namespace {

HeadFraming framing_of(std::string_view head) {
    const auto framing = inspect_head(head);
    EXPECT_TRUE(framing.has_value() && framing->has_value()) << head;
    return framing.has_value() ? framing->value_or(HeadFraming{}) : HeadFraming{};
}

TEST(FramingGuard, ReportsWhereTheHeadAndTheBodyEnd) {
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n";
    const auto framing = framing_of(head + "body and more");
    EXPECT_EQ(framing.head_bytes, head.size());
    EXPECT_EQ(framing.body, BodyKind::kLength);
    EXPECT_EQ(framing.body_bytes, 12U);
    EXPECT_EQ(framing_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n").body,
              BodyKind::kChunked);
    EXPECT_EQ(framing_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").body,
              BodyKind::kNone);
}

TEST(FramingGuard, AsksForMoreUntilTheEmptyLine) {
    const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    FramingGuard guard{HeadLimits{}};
    for (std::size_t bytes = 0; bytes < head.size(); ++bytes) {
        const auto framing = guard.scan(head.substr(0, bytes));
        ASSERT_TRUE(framing.has_value());
        EXPECT_FALSE(framing->has_value());
    }
    EXPECT_TRUE(guard.scan(head)->has_value());
}

TEST(FramingGuard, RefusesAtTheFirstByteThatSettlesIt) {
    EXPECT_EQ(inspect_head("GET / HTTP/1.1\r\nHost: a\n").error().code, Errc::kAmbiguousFraming);
    EXPECT_EQ(inspect_head("GET / HTTP/1.1\r\nHost: a\rX").error().code, Errc::kAmbiguousFraming);
    EXPECT_EQ(inspect_head(std::string_view{"\x16\x03\x01", 3}).error().code,
              Errc::kAmbiguousFraming);
    EXPECT_EQ(inspect_head("PRI * HTTP/2.0\r\n").error().code, Errc::kHttpVersionNotSupported);
}

TEST(FramingGuard, ReportsExpectContinueAndKeepAlive) {
    const auto framing = framing_of(
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\n"
        "Content-Length: 1\r\n\r\n");
    EXPECT_TRUE(framing.expects_continue);
    EXPECT_FALSE(framing.keep_alive);
    EXPECT_EQ(framing.minor_version, 1);
    EXPECT_EQ(framing_of("GET / HTTP/1.0\r\n\r\n").minor_version, 0);
}

TEST(FramingGuard, RecognizesAHost) {
    for (const std::string_view good :
         {"", "howl.test", "a", "a:", "localhost.:", "[::1]:", "my_service:1", "127.0.0.1:65535",
          "[::1]", "[2001:db8::1]:8080", "[::ffff:1.2.3.4]"}) {
        EXPECT_TRUE(is_host(good)) << good;
    }
    for (const std::string_view bad : {":", ":1", "a:b", "a:1:2", "[", "[]", "[::1", "[::1]1",
                                       "[a]x", "a b", "a/b", "a@b", "a,b", "a%62", "]", "::1"}) {
        EXPECT_FALSE(is_host(bad)) << bad;
    }
}

}  // namespace
}  // namespace howl::codec::http
