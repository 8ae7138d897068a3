// SPDX-License-Identifier: Apache-2.0
#include "codec/http/target.hpp"

#include <gtest/gtest.h>

namespace howl::codec::http {
namespace {

using Texts = std::vector<std::string>;

TEST(Target, SplitsItsForms) {
    const auto origin = parse_target("/a/b?c=d?e");
    EXPECT_EQ(origin->path, "/a/b");
    EXPECT_EQ(origin->query, "c=d?e");
    const auto absolute = parse_target("https://howl.test:8443/a?b");
    EXPECT_EQ(absolute->authority, "howl.test:8443");
    EXPECT_EQ(absolute->path, "/a");
    EXPECT_EQ(absolute->query, "b");
    EXPECT_EQ(parse_target("http://howl.test")->path, "/");
    EXPECT_EQ(parse_target("*")->path, "*");
    EXPECT_EQ(parse_target("//a")->path, "//a");
}

TEST(Target, RefusesWhatCannotBeDecoded) {
    for (const std::string_view bad : {"",
                                       "a",
                                       "?a",
                                       "/%00",
                                       "/a%00b",
                                       "/a#b",
                                       "/a b",
                                       "/\"",
                                       "/<",
                                       "/?\"",
                                       "/?a=<b>",
                                       "/?a b",
                                       "/?a#b",
                                       "/a\\b",
                                       "*a",
                                       "host:1",
                                       "mailto:a",
                                       "http:",
                                       "http:/a",
                                       "http://",
                                       "http:///a",
                                       "http://a@b/",
                                       "http://a:b/",
                                       "http://a/#b",
                                       "http://a#b",
                                       "http://a/?b<",
                                       "http://:80/",
                                       "http://%61/"}) {
        EXPECT_EQ(parse_target(bad).error().code, Errc::kBadRequest) << bad;
    }
}

TEST(Target, WhatBrowsersSendPlainlyIsTheSameAsEncoded) {
    for (const auto& [plain, encoded] : std::initializer_list<std::pair<const char*, const char*>>{
             {"/a[b]", "/a%5Bb%5D"},
             {"/a|b^c`d{e}", "/a%7Cb%5Ec%60d%7Be%7D"},
             {"/?username=[team]", "/?username=%5Bteam%5D"},
             {"/?topic[]=a|b&x={x}&y=^_^&z=`\\",
              "/?topic%5B%5D=a%7Cb&x=%7Bx%7D&y=%5E_%5E&z=%60%5C"},
             {"/100%", "/100%25"},
             {"/%zz%4%", "/%25zz%254%25"},
             {"/?q=50%&r=%1", "/?q=50%25&r=%251"},
             {"/?%%30%30", "/?%25%30%30"},
             {"http://howl.test/[a]?b=|", "http://howl.test/%5Ba%5D?b=%7C"},
             {"http://howl.test?a=^", "http://howl.test?a=%5E"}}) {
        const auto read = parse_target(plain);
        const auto same = parse_target(encoded);
        ASSERT_TRUE(read && same) << plain;
        EXPECT_EQ(read->path, same->path) << plain;
        EXPECT_EQ(read->query, same->query) << plain;
        EXPECT_EQ(read->authority, same->authority) << plain;
    }
    EXPECT_EQ(parse_target("/a%2fb?c=%2F")->path, "/a%2fb") << "what is encoded stays as it is";
}

TEST(Target, AnyFormBodyCanBeDecoded) {
    const auto query = query_of_form("topic=a+b%2Fc&topic=100%&x=[\xFF \"");
    EXPECT_EQ(decode_query_values(query, "topic"), (Texts{"a b/c", "100%"}));
    EXPECT_EQ(decode_query_value(query, "x"), "[\xFF \"");
}

TEST(Target, DecodesPathSegments) {
    EXPECT_EQ(decode_path_segments("/"), Texts{});
    EXPECT_EQ(decode_path_segments("*"), Texts{});
    EXPECT_EQ(decode_path_segments("/a"), Texts{"a"});
    EXPECT_EQ(decode_path_segments("/a/"), (Texts{"a", ""}));
    EXPECT_EQ(decode_path_segments("//a"), (Texts{"", "a"}));
    EXPECT_EQ(decode_path_segments("/a%2Fb/%2e%2E/c+d/%D0%96"),
              (Texts{"a/b", "..", "c+d", "\xD0\x96"}));
}

TEST(Target, DecodesQueryValues) {
    constexpr std::string_view kQuery = "a=1&b=x%26y&a=2+3&&c&d=&%61=4&e=f=g";
    EXPECT_EQ(decode_query_values(kQuery, "a"), (Texts{"1", "2 3", "4"}));
    EXPECT_EQ(decode_query_value(kQuery, "a"), "1");
    EXPECT_EQ(decode_query_value(kQuery, "b"), "x&y");
    EXPECT_EQ(decode_query_value(kQuery, "c"), "");
    EXPECT_EQ(decode_query_value(kQuery, "d"), "");
    EXPECT_EQ(decode_query_value(kQuery, "e"), "f=g");
    EXPECT_EQ(decode_query_value(kQuery, "z"), std::nullopt);
    EXPECT_EQ(decode_query_value("", ""), std::nullopt);
}

}  // namespace
}  // namespace howl::codec::http
