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
                                       "/%",
                                       "/%2",
                                       "/%zz",
                                       "/%00",
                                       "/a%00b",
                                       "/?%",
                                       "/?a=%1",
                                       "/?%4=a",
                                       "/a#b",
                                       "/a b",
                                       "/\"",
                                       "/<",
                                       "/a\\b",
                                       "/^",
                                       "/`",
                                       "/{}",
                                       "/?a=|",
                                       "*a",
                                       "host:1",
                                       "mailto:a",
                                       "http:",
                                       "http:/a",
                                       "http://",
                                       "http:///a",
                                       "http://a@b/",
                                       "http://a:b/",
                                       "http://a/%",
                                       "http://a/#b",
                                       "http://%61/"}) {
        EXPECT_EQ(parse_target(bad).error().code, Errc::kBadRequest) << bad;
    }
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
