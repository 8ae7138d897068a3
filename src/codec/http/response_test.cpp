// SPDX-License-Identifier: Apache-2.0
#include "codec/http/response.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace howl::codec::http {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{784'111'777s};  // The date that RFC 9110 uses as its example.

ReplyContext keeping_alive() {
    ReplyContext context = ReplyContext::closing(kNow);
    context.persistence = ConnectionPersistence::kKeepAlive;
    return context;
}

TEST(Response, SerializesToTheseBytes) {
    EXPECT_EQ(Response::text(200, "hi").serialize(keeping_alive()),
              "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
              "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_EQ(Response::json(404, "{}").serialize(ReplyContext::closing(kNow)),
              "HTTP/1.1 404 Not Found\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
              "Content-Type: application/json\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
}

TEST(Response, AnswersHeadWithTheLengthButNotTheBody) {
    Request request;
    request.method = Method::kHead;
    const auto bytes = Response::text(200, "hello").serialize(ReplyContext::to(request, kNow));
    EXPECT_TRUE(bytes.contains("Content-Length: 5\r\n"));
    EXPECT_TRUE(bytes.ends_with("\r\n\r\n"));
}

TEST(Response, FollowsTheVersionOfTheRequest) {
    Request request;
    request.minor_version = 0;
    request.keep_alive = true;
    const auto reply = Response::text(200, "a");
    EXPECT_TRUE(
        reply.serialize(ReplyContext::to(request, kNow)).contains("Connection: keep-alive\r\n"));
    request.keep_alive = false;
    EXPECT_TRUE(reply.serialize(ReplyContext::to(request, kNow)).contains("Connection: close\r\n"));
    EXPECT_FALSE(reply.serialize(keeping_alive()).contains("Connection"));
}

TEST(Response, SendsNoLengthWithoutABody) {
    EXPECT_EQ(Response::no_content().serialize(keeping_alive()),
              "HTTP/1.1 204 No Content\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n");
    Response upgrade{101};
    upgrade.set("Upgrade", "websocket");
    EXPECT_EQ(upgrade.serialize(keeping_alive()),
              "HTTP/1.1 101 Switching Protocols\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
              "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
}

TEST(Response, BeginsAStream) {
    Response stream{200};
    stream.set("Content-Type", "text/event-stream");
    EXPECT_EQ(stream.serialize_stream_head(keeping_alive(), StreamFraming::kChunked),
              "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
              "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    EXPECT_EQ(stream.serialize_stream_head(keeping_alive(), StreamFraming::kUntilClose),
              "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
              "Content-Type: text/event-stream\r\nConnection: close\r\n\r\n");
    auto old = keeping_alive();
    old.minor_version = 0;
    const auto head = stream.serialize_stream_head(old, StreamFraming::kChunked);
    EXPECT_FALSE(head.contains("chunked"));
    EXPECT_TRUE(head.contains("Connection: close\r\n"));
}

TEST(Response, CannotBeSplitByAnyNameOrValue) {
    const std::string plain = Response{200}.serialize(keeping_alive());
    for (int byte = 0; byte < 256; ++byte) {
        const char letter = static_cast<char>(byte);
        Response response{200};
        response.set("Location", std::string{"/a"} + letter + "Set-Cookie: b");
        const bool harmless = letter == '\t' || (byte >= 0x20 && byte != 0x7F);
        EXPECT_EQ(response.headers().empty(), !harmless) << byte;
    }
    for (const std::string_view name : {"", "X Y", "X:", "X\r\nY", "X\n", "\xC3\xA4", " X"}) {
        Response response{200};
        response.set(name, "a");
        response.add(name, "a");
        EXPECT_EQ(response.serialize(keeping_alive()), plain) << name;
    }
}

TEST(Response, ForgetsTheOldValueWhenTheNewOneCannotBeSent) {
    Response response{200};
    response.set("Location", "/a");
    response.set("location", "/b\r\n");
    EXPECT_EQ(response.header("Location"), "");
}

TEST(Response, IgnoresFramingHeadersOfItsCallers) {
    Response response{200};
    for (const std::string_view name :
         {"Content-Length", "transfer-encoding", "Connection", "Date"}) {
        response.set(name, "1");
        response.add(name, "1");
    }
    EXPECT_TRUE(response.headers().empty());
}

TEST(Response, SetReplacesAndAddRepeats) {
    Response response{200};
    response.set("Vary", "Origin");
    response.add("vary", "Accept");
    EXPECT_EQ(response.headers().size(), 2U);
    response.set("VARY", "*");
    ASSERT_EQ(response.headers().size(), 1U);
    EXPECT_EQ(response.header("Vary"), "*");
}

TEST(Response, DescribesEveryErrorOfTheTable) {
    for (std::size_t i = 0; i < error_count(); ++i) {
        const auto code = static_cast<Errc>(i);
        const auto& entry = entry_of(code);
        const auto response = Response::problem(Error{code, "here", {}});
        const auto body = boost::json::parse(response.body());
        EXPECT_EQ(body.at("type").as_string(), "about:blank");
        EXPECT_EQ(std::string_view{body.at("title").as_string()}, entry.text);
        EXPECT_EQ(body.at("status").as_int64(), entry.http_status);
        EXPECT_EQ(std::string_view{body.at("code").as_string()}, entry.name);
        EXPECT_FALSE(body.as_object().contains("detail"));
        EXPECT_EQ(response.header("Content-Type"), "application/problem+json");
        const auto bytes = response.serialize(keeping_alive());
        EXPECT_NE(bytes.substr(13, 2), "\r\n") << "no reason phrase for " << entry.http_status;
    }
}

TEST(Response, SendsRetryAfterWhereARetryHelps) {
    EXPECT_EQ(Response::problem(Error{Errc::kOverloaded, "here", {}}).header("Retry-After"), "1");
    EXPECT_EQ(Response::problem(Error{Errc::kStorageFull, "here", {}}, 5s).header("Retry-After"),
              "5");
    EXPECT_EQ(Response::problem(Error{Errc::kDraining, "here", {}}, 0s).header("Retry-After"), "1");
    EXPECT_EQ(Response::problem(Error{Errc::kNotFound, "here", {}}).header("Retry-After"), "");
}

TEST(Response, MakesAnyDetailFitForJson) {
    const auto detail_of = [](std::string detail) {
        const auto response =
            Response::problem(Error{Errc::kBadRequest, "here", std::move(detail)});
        return std::string{boost::json::parse(response.body()).at("detail").as_string()};
    };
    EXPECT_EQ(detail_of("\xD0\x96"), "\xD0\x96");
    EXPECT_EQ(detail_of("a\xFF\"b\r\n"), "a?\"b\r\n");
}

TEST(Response, WritesDatesInEnglish) {
    EXPECT_EQ(http_date(WallTime{0s}), "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(http_date(WallTime{1'709'164'799'999ms}), "Wed, 28 Feb 2024 23:59:59 GMT");
    EXPECT_EQ(http_date(WallTime{1'709'164'800s}), "Thu, 29 Feb 2024 00:00:00 GMT");
}

}  // namespace
}  // namespace howl::codec::http
