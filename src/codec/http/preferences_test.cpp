// SPDX-License-Identifier: Apache-2.0
#include "codec/http/preferences.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace howl::codec::http {
namespace {

Request with(std::string name, std::string value) {
    Request request;
    request.headers.push_back({std::move(name), std::move(value)});
    return request;
}

TEST(Preferences, AMediaRangeOfAnyFormLetsAPageThrough) {
    for (const char* accept :
         {"text/html", "text/html;q=0.9", "*/*;q=0.8", "text/*", "TEXT/HTML; charset=utf-8", "",
          "text/html,application/xml;q=0.9,*/*;q=0.8", "image/gif, image/jpeg, *; q=.2, */*; q=.2",
          "application/json, text/html;q=0.001", "text/*;q=0, text/html"}) {
        EXPECT_TRUE(takes_type(with("Accept", accept), "text/html")) << accept;
    }
    EXPECT_TRUE(takes_type(Request{}, "text/html"));
    for (const char* accept :
         {"application/json", "text/event-stream", "text/html;q=0", "text/html;q=0, */*",
          "text/*;q=0.0, */*;q=0.5", "text/htm", "texts/*", "application/*", "text/html;q=x"}) {
        EXPECT_FALSE(takes_type(with("Accept", accept), "text/html")) << accept;
    }
    Request two = with("Accept", "application/json");
    two.headers.push_back({"accept", "text/html"});
    EXPECT_TRUE(takes_type(two, "text/html"));
}

TEST(Preferences, TheCodingWithTheGreatestWeightIsTaken) {
    constexpr std::array<std::string_view, 2> kOurs{"br", "gzip"};
    const auto best = [&](const char* field) {
        return best_coding(with("Accept-Encoding", field), kOurs);
    };
    EXPECT_EQ(best_coding(Request{}, kOurs), "");
    EXPECT_EQ(best(""), "");
    EXPECT_EQ(best("gzip"), "gzip");
    EXPECT_EQ(best("gzip;q=1.0"), "gzip");
    EXPECT_EQ(best("x-gzip"), "gzip");
    EXPECT_EQ(best("gzip, deflate, br"), "br");
    EXPECT_EQ(best("br;q=0, gzip"), "gzip");
    EXPECT_EQ(best("br;q=0"), "");
    EXPECT_EQ(best("br;q=0.5, gzip;q=0.8"), "gzip");
    EXPECT_EQ(best("*"), "br");
    EXPECT_EQ(best("*;q=0.1, br;q=0"), "gzip");
    EXPECT_EQ(best("gzip;q=0.5, identity"), "");
    EXPECT_EQ(best("gzip;q=0.5, identity;q=0.4"), "gzip");
    EXPECT_EQ(best("identity;q=0, *;q=0"), "");
    EXPECT_EQ(best("BR ; q=0.001"), "br");
    const std::array<std::string_view, 1> only_gzip{"gzip"};
    EXPECT_EQ(best_coding(with("Accept-Encoding", "br, gzip;q=0.2"), only_gzip), "gzip");
}

TEST(Preferences, ATagIsKnownInAListByStarAndWeakly) {
    const auto has = [](const char* field) {
        return has_etag(with("If-None-Match", field), "W/\"a,b\"");
    };
    EXPECT_TRUE(has("W/\"a,b\""));
    EXPECT_TRUE(has("\"a,b\""));
    EXPECT_TRUE(has("\"x\", W/\"y\" , \"a,b\""));
    EXPECT_TRUE(has("*"));
    EXPECT_FALSE(has(""));
    EXPECT_FALSE(has("\"a\""));
    EXPECT_FALSE(has("a,b"));
    EXPECT_FALSE(has("\"x\", \"y\""));
    EXPECT_FALSE(has_etag(Request{}, "\"a\""));
}

}  // namespace
}  // namespace howl::codec::http
