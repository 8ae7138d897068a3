// SPDX-License-Identifier: Apache-2.0
#include "products/reading.hpp"

#include <gtest/gtest.h>

namespace howl::products {
namespace {

using codec::http::Request;

Request with_query(std::string query) {
    Request request;
    request.query = std::move(query);
    return request;
}

std::string start_of(const Request& request) {
    const auto start = start_point_of(request);
    if (!start) {
        return std::string{start.error().entry().name};
    }
    const auto* cursor = std::get_if<hub::Cursor>(&*start);
    return cursor != nullptr ? cursor->text() : "now";
}

// Found by the fuzzer: the way through the system clock's nanoseconds overflows in the year 2262.
TEST(IsoTime, EveryYearOfFourDigitsGoesThereAndBack) {
    for (const std::string_view text : {"0001-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z",
                                        "2262-04-12T00:00:00.000Z", "9999-12-31T23:59:59.999Z"}) {
        EXPECT_EQ(iso_time(parse_iso_time(text).value()), text);
    }
}

TEST(Reading, AnEventTimeIsRfc3339InUtcWithMilliseconds) {
    using std::chrono::milliseconds;
    EXPECT_EQ(iso_time(WallTime{milliseconds{0}}), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(iso_time(WallTime{milliseconds{1'700'000'000'007}}), "2023-11-14T22:13:20.007Z");
    EXPECT_EQ(iso_time(WallTime{milliseconds{1'709'164'800'999}}), "2024-02-29T00:00:00.999Z");
    EXPECT_EQ(iso_time(WallTime{milliseconds{-1}}), "1969-12-31T23:59:59.999Z");
}

TEST(Reading, AnEventTimeCanBeReadAgain) {
    using std::chrono::milliseconds;
    for (const auto time : {0LL, 1'700'000'000'007LL, 1'709'164'800'999LL, -1LL}) {
        const WallTime moment{milliseconds{time}};
        EXPECT_EQ(parse_iso_time(iso_time(moment)), moment);
    }
}

TEST(Reading, NothingElseIsAnEventTime) {
    for (const auto* text :
         {"", "2023-11-14", "2023-11-14T22:13:20Z", "2023-11-14T22:13:20.007",
          "2023-11-14T22:13:20.007z", "2023-11-14 22:13:20.007Z", "2023-11-14T22:13:20.0070Z",
          "2023-13-14T22:13:20.007Z", "2023-02-29T22:13:20.007Z", "2023-11-00T22:13:20.007Z",
          "2023-11-14T24:13:20.007Z", "2023-11-14T22:60:20.007Z", "2023-11-14T22:13:60.007Z",
          "2023-11-14T22:13:20.-07Z", "+023-11-14T22:13:20.007Z"}) {
        EXPECT_EQ(parse_iso_time(text), std::nullopt) << text;
    }
}

TEST(Reading, ANumberIsWholeAndInItsRange) {
    const auto read = [](const char* query) {
        return query_number(with_query(query), "n", 7, 1, 1000);
    };
    EXPECT_EQ(read("").value(), 7U);
    EXPECT_EQ(read("m=3").value(), 7U);
    EXPECT_EQ(read("n=1").value(), 1U);
    EXPECT_EQ(read("n=1000").value(), 1000U);
    EXPECT_EQ(read("n=0007").value(), 7U);
    EXPECT_EQ(read("n=5&n=6").value(), 5U);
    EXPECT_EQ(read("n=%35").value(), 5U);
    for (const char* bad : {"n=", "n=0", "n=1001", "n=-1", "n=%2B1", "n=+1", "n=1.5", "n=1e3",
                            "n=0x10", "n=5%20", "n=18446744073709551616", "n=ten", "n"}) {
        ASSERT_FALSE(read(bad)) << bad;
        EXPECT_EQ(read(bad).error().code, Errc::kInvalidQuery);
        EXPECT_EQ(read(bad).error().detail, "n is a whole number from 1 to 1000");
    }
}

TEST(Reading, TheHeaderCountsBeforeTheQueryAndNeitherMeansNow) {
    auto request = with_query("lastEventId=aaaa1111.5.bbbb2222.6");
    EXPECT_EQ(start_of(Request{}), "now");
    EXPECT_EQ(start_of(request), "aaaa1111.5.bbbb2222.6");
    request.headers = {{"last-event-id", "cccc3333.7.dddd4444.8"}};
    EXPECT_EQ(start_of(request), "cccc3333.7.dddd4444.8");
    request.headers = {{"Last-Event-ID", ""}};
    EXPECT_EQ(start_of(request), "aaaa1111.5.bbbb2222.6");
    EXPECT_EQ(start_of(with_query("lastEventId=")), "now");
}

TEST(Reading, ACursorThatIsNotOursIsRefused) {
    for (const char* bad :
         {"5", "a.1", "a.1.b", "a.1.b.2.c", "A.1.b.2", "a.-1.b.2", "a.1.b.x", "....", "a.1.b.",
          "a.18446744073709551616.b.2", "aaaaaaaaaaaaaaaaa.1.b.2"}) {
        Request request;
        request.headers = {{"Last-Event-ID", bad}};
        EXPECT_EQ(start_of(request), "invalid_cursor") << bad;
    }
}

TEST(Reading, OnOurOwnApiTheIdOfAnotherServerIsAHistoryThatIsGone) {
    for (const char* foreign : {"0", "earliest", "5", "\xC3\xA9", "a.1.b.2.c"}) {
        Request request;
        request.headers = {{"Last-Event-ID", foreign}};
        const auto start = resume_point_of(request);
        ASSERT_TRUE(start) << foreign;
        const auto& cursor = std::get<hub::Cursor>(*start);
        EXPECT_EQ(cursor.text(), "0.0.0.0") << foreign;
        EXPECT_EQ(hub::Cursor::parse(cursor.text()).value(), cursor) << "it may come again";
    }
    EXPECT_EQ(resume_point_of(with_query("lastEventId=0")).error().code, Errc::kInvalidCursor);
    EXPECT_TRUE(std::holds_alternative<hub::FromNow>(*resume_point_of(Request{})));
}

}  // namespace
}  // namespace howl::products
