// SPDX-License-Identifier: Apache-2.0
#include "codec/http/request_parser.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <type_traits>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace howl::codec::http {
namespace {

using Stage = RequestParser::Stage;
using Progress = RequestParser::Progress;

static_assert(std::is_nothrow_move_constructible_v<RequestParser>);
static_assert(sizeof(RequestParser) <= 3 * sizeof(void*));

/// The result of feeding a connection's bytes: the requests before the first error, and the error.
struct Outcome {
    std::vector<Request> requests;
    std::optional<Errc> error;
    Stage stage = Stage::kIdle;
};

/// Feeds `bytes` in pieces of `piece_bytes` and takes each request as it completes.
Outcome feed_in_pieces(std::string_view bytes, std::size_t piece_bytes,
                       const RequestLimits& limits = kDefaultRequestLimits) {
    RequestParser parser{limits};
    Outcome outcome;
    while (!bytes.empty()) {
        auto piece = bytes.substr(0, piece_bytes);
        bytes.remove_prefix(piece.size());
        while (!piece.empty()) {
            const auto fed = parser.feed(piece);
            if (!fed) {
                outcome.error = fed.error().code;
                outcome.stage = parser.stage();
                return outcome;
            }
            piece.remove_prefix(fed->consumed);
            if (fed->progress == Progress::kComplete) {
                outcome.requests.push_back(parser.take());
            } else {
                EXPECT_TRUE(piece.empty()) << "bytes left while more are needed";
            }
        }
    }
    outcome.stage = parser.stage();
    return outcome;
}

Outcome feed_whole(std::string_view bytes, const RequestLimits& limits = kDefaultRequestLimits) {
    return feed_in_pieces(bytes, bytes.size(), limits);
}

Request only_request(std::string_view bytes) {
    auto outcome = feed_whole(bytes);
    EXPECT_FALSE(outcome.error);
    EXPECT_EQ(outcome.requests.size(), 1U);
    return outcome.requests.empty() ? Request{} : std::move(outcome.requests.front());
}

/// The corpus writes each byte as the code point of the same number.
std::string bytes_of(const boost::json::value& text) {
    std::string bytes;
    const auto& utf8 = text.as_string();
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        if (lead < 0x80) {
            bytes += utf8[i];
        } else {
            const auto next = static_cast<unsigned char>(utf8[++i]);
            bytes += static_cast<char>(((lead & 0x03U) << 6U) | (next & 0x3FU));
        }
    }
    return bytes;
}

boost::json::array read_corpus() {
    const auto path =
        std::filesystem::path{HOWL_SOURCE_DIR} / "tests/conformance/framing_corpus.json";
    std::ifstream file{path};
    std::stringstream text;
    text << file.rdbuf();
    boost::system::error_code ec;
    const auto corpus = boost::json::parse(text.str(), ec);
    return ec ? boost::json::array{} : corpus.as_array();
}

void check_accepted(const boost::json::object& expected, const Outcome& outcome) {
    ASSERT_FALSE(outcome.error) << entry_of(*outcome.error).name;
    EXPECT_EQ(outcome.stage, Stage::kIdle);
    const auto& bodies = expected.at("bodies").as_array();
    ASSERT_EQ(outcome.requests.size(), bodies.size());
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        EXPECT_EQ(outcome.requests[i].body, bytes_of(bodies[i]));
    }
    if (const auto* target = expected.if_contains("target")) {
        EXPECT_EQ(outcome.requests.front().target, bytes_of(*target));
    }
}

void check_refused(const boost::json::object& expected, const Outcome& outcome) {
    ASSERT_TRUE(outcome.error) << "accepted " << outcome.requests.size() << " requests";
    const auto& entry = entry_of(*outcome.error);
    EXPECT_EQ(entry.name, std::string_view{expected.at("code").as_string()});
    EXPECT_EQ(entry.http_status, expected.at("status").as_int64());
    EXPECT_EQ(outcome.stage, Stage::kFailed);
}

TEST(RequestParser, DecidesTheFramingCorpusAlikeHoweverTheBytesAreCut) {
    const auto corpus = read_corpus();
    ASSERT_GE(corpus.size(), 150U);
    for (const auto& row : corpus) {
        const auto request = bytes_of(row.at("request"));
        const auto& expected = row.at("expect").as_object();
        for (const std::size_t piece_bytes : {request.size(), std::size_t{1}, std::size_t{7}}) {
            SCOPED_TRACE(std::string{row.at("name").as_string()} + ", in pieces of " +
                         std::to_string(piece_bytes));
            const auto outcome = feed_in_pieces(request, piece_bytes);
            if (expected.contains("accepts")) {
                check_accepted(expected, outcome);
            } else {
                check_refused(expected, outcome);
            }
        }
    }
}

TEST(RequestParser, HandsOutEverythingOfARequest) {
    const auto request = only_request(
        "POST /rooms/a%20b?tag=x&tag=y+z HTTP/1.1\r\nHost: howl.test\r\nX-One: 1\r\n"
        "Connection: keep-alive, Upgrade\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_EQ(request.method, Method::kPost);
    EXPECT_EQ(request.method_text, "POST");
    EXPECT_EQ(request.target, "/rooms/a%20b?tag=x&tag=y+z");
    EXPECT_EQ(request.path, "/rooms/a%20b");
    EXPECT_EQ(request.path_segments(), (std::vector<std::string>{"rooms", "a b"}));
    EXPECT_EQ(request.query_values("tag"), (std::vector<std::string>{"x", "y z"}));
    EXPECT_EQ(request.header("x-ONE"), "1");
    EXPECT_TRUE(request.has_header("host"));
    EXPECT_FALSE(request.has_header("X-Two"));
    EXPECT_TRUE(request.lists("connection", "upgrade"));
    EXPECT_FALSE(request.lists("connection", "close"));
    EXPECT_EQ(request.body, "hi");
    EXPECT_TRUE(request.keep_alive);
    EXPECT_EQ(request.minor_version, 1);
}

TEST(RequestParser, KnowsItsMethodsByTheirExactLetters) {
    EXPECT_EQ(method_from("GET"), Method::kGet);
    EXPECT_EQ(method_from("DELETE"), Method::kDelete);
    EXPECT_EQ(method_from("get"), Method::kOther);
    EXPECT_EQ(only_request("BREW / HTTP/1.1\r\nHost: a\r\n\r\n").method_text, "BREW");
}

TEST(RequestParser, KeepsAliveByTheRulesOfTheVersion) {
    EXPECT_TRUE(only_request("GET / HTTP/1.1\r\nHost: a\r\n\r\n").keep_alive);
    EXPECT_FALSE(
        only_request("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n").keep_alive);
    EXPECT_FALSE(only_request("GET / HTTP/1.0\r\n\r\n").keep_alive);
    EXPECT_TRUE(only_request("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").keep_alive);
    EXPECT_FALSE(
        only_request("GET / HTTP/1.0\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n")
            .keep_alive);
}

TEST(RequestParser, ReportsTheStageForTheDeadline) {
    RequestParser parser;
    EXPECT_EQ(parser.stage(), Stage::kIdle);
    ASSERT_TRUE(parser.feed(""));
    EXPECT_EQ(parser.stage(), Stage::kIdle);
    ASSERT_TRUE(parser.feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r"));
    EXPECT_EQ(parser.stage(), Stage::kHead);
    ASSERT_TRUE(parser.feed("\n"));
    EXPECT_EQ(parser.stage(), Stage::kBody);
    ASSERT_TRUE(parser.feed("h"));
    EXPECT_EQ(parser.feed("iGET")->consumed, 1U);
    EXPECT_EQ(parser.stage(), Stage::kComplete);
    EXPECT_EQ(parser.feed("GET")->consumed, 0U);
    EXPECT_EQ(parser.take().body, "hi");
    EXPECT_EQ(parser.stage(), Stage::kIdle);
}

TEST(RequestParser, WantsContinueUntilTheBodyBegins) {
    RequestParser parser;
    ASSERT_TRUE(parser.feed(
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    EXPECT_TRUE(parser.wants_continue());
    ASSERT_TRUE(parser.feed("h"));
    EXPECT_FALSE(parser.wants_continue());
}

TEST(RequestParser, WantsNoContinueWithoutABodyOrFromHttp10OrWhenTheBodyIsHere) {
    for (const std::string_view head :
         {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",
          "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nh"}) {
        RequestParser parser;
        ASSERT_TRUE(parser.feed(head));
        EXPECT_FALSE(parser.wants_continue()) << head;
    }
}

TEST(RequestParser, RepeatsItsErrorAndLooksAtNothingMore) {
    RequestParser parser;
    EXPECT_EQ(parser.feed("GET / HTTP/2.0\r\n").error().code, Errc::kHttpVersionNotSupported);
    EXPECT_EQ(parser.stage(), Stage::kFailed);
    EXPECT_EQ(parser.feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n").error().code,
              Errc::kHttpVersionNotSupported);
}

TEST(RequestParser, RefusesAHeadOfOneByteOverTheLimit) {
    const std::string begin = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    const std::string end = "\r\n\r\n";
    const std::string fits = begin + std::string(16 * 1024 - begin.size() - end.size(), 'x') + end;
    const std::string over =
        begin + std::string(16 * 1024 - begin.size() - end.size() + 1, 'x') + end;
    for (const std::size_t piece_bytes : {over.size(), std::size_t{1}, std::size_t{1000}}) {
        EXPECT_EQ(feed_in_pieces(fits, piece_bytes).requests.size(), 1U);
        EXPECT_EQ(feed_in_pieces(over, piece_bytes).error, Errc::kHeadersTooLarge);
    }
}

TEST(RequestParser, RefusesTheLineOverTheLimitBeforeItReadsIt) {
    std::string lines;
    for (int i = 0; i < 99; ++i) {
        lines += "A: b\r\n";
    }
    const std::string begin = "GET / HTTP/1.1\r\nHost: a\r\n";
    EXPECT_EQ(feed_whole(begin + lines + "\r\n").requests.front().headers.size(), 100U);
    EXPECT_EQ(feed_whole(begin + lines + "A: b\r\n\r\n").error, Errc::kHeadersTooLarge);
    EXPECT_EQ(feed_whole(begin + lines + "no field\r\n").error, Errc::kHeadersTooLarge);
}

TEST(RequestParser, RefusesATargetOverTheLimitAlsoWhenItNeverEnds) {
    const auto head = [](std::size_t target_bytes) {
        return "GET /" + std::string(target_bytes - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
    };
    EXPECT_EQ(feed_whole(head(8192)).requests.size(), 1U);
    EXPECT_EQ(feed_whole(head(8193)).error, Errc::kTargetTooLong);
    const std::string endless = "GET /" + std::string(20'000, 'a');
    EXPECT_EQ(feed_whole(endless).error, Errc::kTargetTooLong);
    EXPECT_EQ(feed_in_pieces(endless, 1).error, Errc::kTargetTooLong);
}

TEST(RequestParser, RefusesABodyOverTheLimitBeforeItReadsIt) {
    const RequestLimits limits{.head = {}, .body_bytes_max = 10};
    const std::string begin = "POST / HTTP/1.1\r\nHost: a\r\n";
    EXPECT_EQ(feed_whole(begin + "Content-Length: 10\r\n\r\n0123456789", limits).requests.size(),
              1U);
    EXPECT_EQ(feed_whole(begin + "Content-Length: 11\r\n\r\n", limits).error, Errc::kBodyTooLarge);
    const std::string chunked = begin + "Transfer-Encoding: chunked\r\n\r\n";
    EXPECT_EQ(feed_whole(chunked + "9\r\n012345678\r\n1\r\n9\r\n0\r\n\r\n", limits).requests.size(),
              1U);
    EXPECT_EQ(feed_whole(chunked + "9\r\n012345678\r\n2\r", limits).error, Errc::kBodyTooLarge);
}

TEST(RequestParser, IsIncompleteAtEveryCutOfAGoodRequest) {
    const std::string whole =
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nX-Sum: 1\r\n\r\n";
    for (std::size_t cut = 1; cut < whole.size(); ++cut) {
        const auto outcome = feed_whole(whole.substr(0, cut));
        EXPECT_FALSE(outcome.error) << cut;
        EXPECT_TRUE(outcome.requests.empty()) << cut;
        const auto both = feed_in_pieces(whole + whole, cut);
        ASSERT_EQ(both.requests.size(), 2U) << cut;
        EXPECT_EQ(both.requests[1].body, "hello!");
    }
}

}  // namespace
}  // namespace howl::codec::http
