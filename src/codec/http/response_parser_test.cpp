// SPDX-License-Identifier: Apache-2.0
#include "codec/http/response_parser.hpp"

#include <gtest/gtest.h>

namespace howl::codec::http {
namespace {

/// Feeds byte by byte and collects the body.
std::string body_of(ResponseParser& parser, std::string_view bytes) {
    std::string body;
    for (const char letter : bytes) {
        const auto fed = parser.feed({&letter, 1});
        EXPECT_TRUE(fed) << fed.error().describe();
        body += parser.take_body();
    }
    return body;
}

TEST(ResponseParser, ReadsABodyOfKnownLength) {
    ResponseParser parser{Method::kGet};
    EXPECT_EQ(body_of(parser, "HTTP/1.1 201 Created\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello"),
              "hello");
    EXPECT_TRUE(parser.complete());
    EXPECT_EQ(parser.status(), 201);
    EXPECT_EQ(parser.header("x-a"), "b");
    EXPECT_EQ(parser.header("x-b"), "");
    EXPECT_TRUE(parser.keep_alive());
}

TEST(ResponseParser, HandsOutAChunkedStreamAsItComes) {
    ResponseParser parser{Method::kGet};
    ASSERT_TRUE(parser.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
    EXPECT_TRUE(parser.has_head());
    ASSERT_TRUE(parser.feed("6\r\nid: 1\n\r\n2\r\n"));
    EXPECT_EQ(parser.take_body(), "id: 1\n");
    EXPECT_EQ(body_of(parser, "\n\n\r\n0\r\n\r\n"), "\n\n");
    EXPECT_TRUE(parser.complete());
}

TEST(ResponseParser, HandsOutAStreamThatEndsWithTheConnection) {
    ResponseParser parser{Method::kGet};
    EXPECT_EQ(body_of(parser, "HTTP/1.1 200 OK\r\n\r\ndata: 1\n\n"), "data: 1\n\n");
    EXPECT_FALSE(parser.complete());
    ASSERT_TRUE(parser.feed_end());
    EXPECT_TRUE(parser.complete());
    EXPECT_FALSE(parser.keep_alive());
}

TEST(ResponseParser, ExpectsNoBodyAfterHead) {
    ResponseParser parser{Method::kHead};
    EXPECT_EQ(body_of(parser, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), "");
    EXPECT_TRUE(parser.complete());
}

TEST(ResponseParser, ReportsWhatIsNotHttpAndWhatIsCutShort) {
    ResponseParser garbage{Method::kGet};
    EXPECT_EQ(garbage.feed("hello world\r\n\r\n").error().code, Errc::kProtocolError);
    ResponseParser silent{Method::kGet};
    EXPECT_EQ(silent.feed_end().error().code, Errc::kPeerClosed);
    const std::string whole = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    for (std::size_t cut = 1; cut < whole.size(); ++cut) {
        ResponseParser parser{Method::kGet};
        ASSERT_TRUE(parser.feed(whole.substr(0, cut)));
        EXPECT_EQ(parser.feed_end().error().code, Errc::kPeerClosed) << cut;
    }
}

}  // namespace
}  // namespace howl::codec::http
