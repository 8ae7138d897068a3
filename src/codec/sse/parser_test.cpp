// SPDX-License-Identifier: Apache-2.0
#include "codec/sse/parser.hpp"

#include <string>
#include <type_traits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace howl::codec::sse {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;

static_assert(std::is_nothrow_move_constructible_v<Parser>);

/// Feeds a stream and writes each event as `type|data|id`.
class Reader {
public:
    Reader() = default;
    explicit Reader(ParserLimits limits) : parser_(limits) {}

    Reader& feed(std::string_view piece) {
        while (true) {
            auto event = parser_.next(piece);
            if (!event) {
                error_ = event.error().code;
                return *this;
            }
            if (!*event) {
                EXPECT_TRUE(piece.empty());
                return *this;
            }
            events_.push_back(std::string{(*event)->type} + "|" + std::string{(*event)->data} +
                              "|" + std::string{(*event)->last_event_id});
        }
    }

    const std::vector<std::string>& events() const { return events_; }
    std::optional<Errc> error() const { return error_; }
    Parser& parser() { return parser_; }

private:
    Parser parser_;
    std::vector<std::string> events_;
    std::optional<Errc> error_;
};

std::vector<std::string> events_of(std::string_view stream) {
    return Reader{}.feed(stream).events();
}

TEST(SseParser, JoinsDataLinesAndRemovesOneSpace) {
    EXPECT_THAT(events_of("data: YHOO\ndata: +2\ndata: 10\n\n"),
                ElementsAre("message|YHOO\n+2\n10|"));
    EXPECT_THAT(events_of("data:test\n\ndata: test\n\ndata:  test\n\ndata:\ttest\n\n"),
                ElementsAre("message|test|", "message|test|", "message| test|", "message|\ttest|"));
}

// The three examples of the standard's section 9.2.6.
TEST(SseParser, FollowsTheExamplesOfTheStandard) {
    EXPECT_THAT(events_of(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n"
                          "data:  third event\n"),
                ElementsAre("message|first event|1", "message|second event|"));
    EXPECT_THAT(events_of("data\n\ndata\ndata\n\ndata:"), ElementsAre("message||", "message|\n|"));
    EXPECT_THAT(events_of("event: add\ndata: 73857293\n\n"), ElementsAre("add|73857293|"));
}

TEST(SseParser, EndsLinesAtCrAndLfAndCrlf) {
    EXPECT_THAT(events_of("data:a\rdata:b\ndata:c\r\n\r\n"), ElementsAre("message|a\nb\nc|"));
    EXPECT_THAT(events_of("data:a\r\rdata:b\r\r"), ElementsAre("message|a|", "message|b|"));
    EXPECT_THAT(events_of("data:a\r\n\ndata:b\n\n"), ElementsAre("message|a|", "message|b|"));
    EXPECT_THAT(events_of("data:a\n\r\ndata:b\n\r"), ElementsAre("message|a|", "message|b|"));
}

TEST(SseParser, DispatchesNothingWithoutADataLine) {
    Reader reader;
    reader.feed("event: x\nid: 9\n\n");
    EXPECT_THAT(reader.events(), IsEmpty());
    EXPECT_EQ(reader.parser().last_event_id(), "9");
    reader.feed("data: y\n\n");
    EXPECT_THAT(reader.events(), ElementsAre("message|y|9"));
}

TEST(SseParser, DiscardsAnEventThatTheEndCutsOff) {
    Reader reader;
    reader.feed("id: 1\ndata: a\n\nid: 2\ndata: b\n");
    EXPECT_THAT(reader.events(), ElementsAre("message|a|1"));
    EXPECT_EQ(reader.parser().last_event_id(), "1");
    reader.parser().start_stream();
    reader.feed("data: c\n\n");
    EXPECT_THAT(reader.events(), ElementsAre("message|a|1", "message|c|1"));
}

TEST(SseParser, ForgetsACutLineAndAByteOrderMarkWhenAStreamStarts) {
    Reader reader;
    reader.feed(
        "\xEF\xBB\xBF"
        "data: lost\r");
    reader.parser().start_stream();
    reader.feed(
        "\xEF\xBB\xBF"
        "data: kept\n\n");
    EXPECT_THAT(reader.events(), ElementsAre("message|kept|"));
}

TEST(SseParser, IgnoresCommentsAndUnknownFields) {
    EXPECT_THAT(events_of(":\0\ndata:1\n:data:x\nfoo:bar\nDATA:x\n data:x\ndata :x\nda ta:x\n\n"s),
                ElementsAre("message|1|"));
    EXPECT_THAT(events_of("\0data:x\ndata\0:y\ndata:z\0\n\n"s), ElementsAre("message|z\0|"s));
}

TEST(SseParser, TakesAFieldWithoutAColonAsEmpty) {
    EXPECT_THAT(events_of("event: x\nevent\ndata: a\n\n"), ElementsAre("message|a|"));
    EXPECT_THAT(events_of("id: 1\ndata: a\n\nid\ndata: b\n\n"),
                ElementsAre("message|a|1", "message|b|"));
}

TEST(SseParser, IgnoresAnIdWithNul) {
    EXPECT_THAT(events_of("id: ok\nid: a\0b\ndata: x\n\n"s), ElementsAre("message|x|ok"));
}

TEST(SseParser, ForgetsTheTypeAfterEachEvent) {
    EXPECT_THAT(events_of("event: x\n\nevent: y\ndata: a\n\ndata: b\n\n"),
                ElementsAre("y|a|", "message|b|"));
}

TEST(SseParser, SkipsOneByteOrderMarkAtTheBeginningOnly) {
    EXPECT_THAT(events_of("\xEF\xBB\xBF"
                          "data:1\n\n\xEF\xBB\xBF"
                          "data:2\n\ndata:3\n\n"),
                ElementsAre("message|1|", "message|3|"));
    EXPECT_THAT(events_of("\xEF\xBB\xBF\xEF\xBB\xBF"
                          "data:1\n\ndata:2\n\n"),
                ElementsAre("message|2|"));
    EXPECT_THAT(events_of("\xEF\xBB"
                          "data:1\n\ndata:2\n\n"),
                ElementsAre("message|2|"));
    EXPECT_THAT(events_of("data:\xEF\xBB\xBF\n\n"), ElementsAre("message|\xEF\xBB\xBF|"));
}

TEST(SseParser, TakesARetryOfDigitsOnly) {
    Reader reader;
    EXPECT_EQ(reader.parser().retry(), std::nullopt);
    for (const char* bogus :
         {"retry: 3000x\n", "retry: -1\n", "retry: +1\n", "retry: 1.5\n", "retry: 0x10\n",
          "retry:  1\n", "retry: 1 \n", "retry\n", "retry:\n", "retry: 99999999999999999999\n"}) {
        reader.feed(bogus);
        EXPECT_EQ(reader.parser().retry(), std::nullopt) << bogus;
    }
    reader.feed("retry: 01500\n");
    EXPECT_EQ(reader.parser().retry(), 1500ms);
    reader.parser().start_stream();
    EXPECT_EQ(reader.parser().retry(), 1500ms);
}

TEST(SseParser, ReadsTheSameHoweverTheStreamIsCut) {
    const std::string stream =
        "\xEF\xBB\xBF"
        "retry: 10\r\n: c\r\n\r\nid: 1\r\nevent: \xD0\x96\rdata: a\r\ndata: b\n\n"
        "data\r\rdata: c\0d\r\n\r\n"s;
    const auto expected = events_of(stream);
    ASSERT_THAT(expected, ElementsAre("\xD0\x96|a\nb|1", "message||1", "message|c\0d|1"s));
    for (std::size_t first = 0; first <= stream.size(); ++first) {
        for (std::size_t second = first; second <= stream.size(); ++second) {
            Reader reader;
            reader.feed(stream.substr(0, first));
            reader.feed(stream.substr(first, second - first));
            reader.feed(stream.substr(second));
            ASSERT_EQ(reader.events(), expected) << first << " " << second;
        }
    }
}

TEST(SseParser, RefusesALineOverTheLimitAlsoInPieces) {
    constexpr ParserLimits kTight{.line_bytes_max = 8, .data_bytes_max = 100};
    EXPECT_THAT(Reader{kTight}.feed("data:123\n\n").events(), ElementsAre("message|123|"));
    EXPECT_EQ(Reader{kTight}.feed("data:1234\n").error(), Errc::kMessageTooBig);
    EXPECT_EQ(Reader{kTight}.feed("data:").feed("1234").error(), Errc::kMessageTooBig);
    EXPECT_EQ(Reader{kTight}.feed(":12345678").error(), Errc::kMessageTooBig);
}

TEST(SseParser, RefusesDataOverTheLimitCountingTheLineBreaks) {
    constexpr ParserLimits kTight{.line_bytes_max = 100, .data_bytes_max = 5};
    EXPECT_THAT(Reader{kTight}.feed("data:12\ndata:34\n\n").events(),
                ElementsAre("message|12\n34|"));
    EXPECT_EQ(Reader{kTight}.feed("data:12\ndata:345\n").error(), Errc::kMessageTooBig);
    EXPECT_EQ(Reader{kTight}.feed("data\ndata\ndata\ndata\ndata\ndata\n").error(), std::nullopt);
    EXPECT_EQ(Reader{kTight}.feed("data\ndata\ndata\ndata\ndata\ndata\ndata\n").error(),
              Errc::kMessageTooBig);
}

TEST(SseParser, StaysBrokenUntilANewStreamStarts) {
    Reader reader{{.line_bytes_max = 6, .data_bytes_max = 6}};
    reader.feed("id:4\ndata:1\n\ndata:12\n\n").feed("data:2\n\n");
    EXPECT_EQ(reader.error(), Errc::kMessageTooBig);
    EXPECT_THAT(reader.events(), ElementsAre("message|1|4"));
    reader.parser().start_stream();
    reader.feed("data:3\n\n");
    EXPECT_THAT(reader.events(), ElementsAre("message|1|4", "message|3|4"));
}

}  // namespace
}  // namespace howl::codec::sse
