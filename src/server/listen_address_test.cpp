// SPDX-License-Identifier: Apache-2.0
#include "server/listen_address.hpp"

#include <gtest/gtest.h>

namespace howl::server {
namespace {

TEST(ListenAddress, ReadsTheUsualForms) {
    EXPECT_EQ(show_address(parse_listen_address("127.0.0.1:8080").value()), "127.0.0.1:8080");
    EXPECT_EQ(show_address(parse_listen_address("[::1]:0").value()), "[::1]:0");
    EXPECT_EQ(show_address(parse_listen_address("localhost:1").value()), "127.0.0.1:1");
    EXPECT_EQ(show_address(parse_listen_address(":80").value()), "0.0.0.0:80");
}

TEST(ListenAddress, RefusesEverythingElse) {
    for (const char* bad :
         {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "127.0.0.1:-1", "host:80",
          "127.0.0.1:80x", "999.0.0.1:80", "[::1:80"}) {
        EXPECT_FALSE(parse_listen_address(bad)) << bad;
    }
}

TEST(ListenAddress, BeyondLoopbackOnlyWhenAllowed) {
    const auto everywhere = parse_listen_address("0.0.0.0:8080").value();
    EXPECT_EQ(check_exposure(everywhere, RemoteAccess::kRefused).error().code,
              Errc::kInvalidConfig);
    EXPECT_TRUE(check_exposure(everywhere, RemoteAccess::kAllowed));
    EXPECT_TRUE(
        check_exposure(parse_listen_address("127.0.0.2:1").value(), RemoteAccess::kRefused));
    EXPECT_TRUE(check_exposure(parse_listen_address("[::1]:1").value(), RemoteAccess::kRefused));
    EXPECT_FALSE(check_exposure(parse_listen_address("[::]:1").value(), RemoteAccess::kRefused));
}

TEST(ListenAddress, OnLoopbackOnlyItsNamesAndTheListedOnesAreAnsweredTo) {
    Config config;
    const auto here = *parse_listen_address("127.0.0.1:8080");
    const auto everywhere = *parse_listen_address("0.0.0.0:8080");
    EXPECT_FALSE(host_rule_of(config, here).allows("howl.example.com"));
    EXPECT_TRUE(host_rule_of(config, everywhere).allows("howl.example.com"));
    config.hosts = {"howl.example.com"};
    EXPECT_TRUE(host_rule_of(config, here).allows("howl.example.com"));
    EXPECT_TRUE(host_rule_of(config, everywhere).allows("howl.example.com"));
    EXPECT_FALSE(host_rule_of(config, everywhere).allows("evil.example"));
}

}  // namespace
}  // namespace howl::server
