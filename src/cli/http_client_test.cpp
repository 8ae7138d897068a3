// SPDX-License-Identifier: Apache-2.0
#include "cli/http_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace howl::cli {
namespace {

using testing::HasSubstr;

std::string authority_of(std::string_view text) {
    const auto url = parse_server_url(text);
    return url ? url->authority() : "refused";
}

TEST(ServerUrl, IsAHostAndAPort) {
    EXPECT_EQ(authority_of("http://127.0.0.1:8080"), "127.0.0.1:8080");
    EXPECT_EQ(authority_of("http://127.0.0.1:8080/"), "127.0.0.1:8080");
    EXPECT_EQ(authority_of("howl.example"), "howl.example:80");
    EXPECT_EQ(authority_of("localhost:9000"), "localhost:9000");
    EXPECT_EQ(authority_of("http://[::1]:8080"), "[::1]:8080");
}

TEST(ServerUrl, WhatCouldNotBeHonoredIsRefused) {
    for (const char* text :
         {"", "http://", "https://127.0.0.1", "ftp://127.0.0.1", "http://127.0.0.1:8080/prefix",
          "http://127.0.0.1/?a=b", "http://127.0.0.1/#a", "http://me@127.0.0.1",
          "http://127.0.0.1:0", "http://127.0.0.1:99999", "http://127.0.0.1:x", "not a url"}) {
        EXPECT_EQ(authority_of(text), "refused") << text;
    }
}

TEST(ServerUrl, TheRefusalNamesTheUrlAndWhereItComesFrom) {
    const auto refused = parse_server_url("http://h:1/prefix");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().detail, HasSubstr("'http://h:1/prefix' (--url or HOWL_URL)"));
    EXPECT_THAT(refused.error().detail, HasSubstr("path"));
}

TEST(HttpClient, AFailedConnectionNamesTheAddress) {
    HttpClient client{{"127.0.0.1", "1"}};
    const auto reply = client.call({});
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().detail, "cannot connect to http://127.0.0.1:1: Connection refused");
}

}  // namespace
}  // namespace howl::cli
