// SPDX-License-Identifier: Apache-2.0
#include "transport/http/host_rule.hpp"

#include <gtest/gtest.h>

#include "transport/http/router_rig_for_test.hpp"

namespace howl::transport {
namespace {

TEST(HostRule, KnowsTheNamesOfLoopback) {
    for (const char* host : {"localhost", "LocalHost:8080", "127.0.0.1", "127.0.0.1:8080",
                             "127.255.255.254", "[::1]", "[::1]:8080"}) {
        EXPECT_TRUE(is_loopback_host(host)) << host;
    }
    for (const char* host : {"", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
                             "evil.example:127", "128.0.0.1", "0.0.0.0", "[::2]", "[::1", "::1",
                             "[::1].evil.example", "127.1", "0x7f000001", "localhost "}) {
        EXPECT_FALSE(is_loopback_host(host)) << host;
    }
}

TEST(HostRule, LetsLoopbackAndTheListedNamesIn) {
    const auto rule = HostRule::loopback_and({"howl.example.com"});
    EXPECT_TRUE(rule.allows("localhost:8080"));
    EXPECT_TRUE(rule.allows("howl.example.com"));
    EXPECT_TRUE(rule.allows("HOWL.example.com:8443"));
    EXPECT_FALSE(rule.allows("evil.example"));
    EXPECT_FALSE(rule.allows("howl.example.com.evil.example"));
    EXPECT_FALSE(rule.allows("sub.howl.example.com"));
}

TEST(HostRule, LetsEveryNameInWhereNoneIsListedOrTheStarIs) {
    EXPECT_TRUE(HostRule{}.allows("evil.example"));
    EXPECT_TRUE(HostRule::loopback_and({"*"}).allows("evil.example"));
    EXPECT_FALSE(HostRule::loopback_and({}).allows("evil.example"));
}

TEST(HostRule, ARequestWithoutAHostComesFromNoBrowser) {
    EXPECT_TRUE(HostRule::loopback_and({}).allows(""));
}

using HostRuleOfARouter = RouterRig;

TEST_F(HostRuleOfARouter, RefusesAnotherNameBeforeAnythingElse) {
    router_ = Router{HostRule::loopback_and({})};
    const auto reply = ask(codec::http::Method::kGet, "/", {{"Host", "evil.example"}});
    EXPECT_EQ(reply.status(), 421);
    EXPECT_EQ(reply.header("Content-Type"), "application/problem+json");
    EXPECT_NE(reply.body().find(R"("code":"misdirected")"), std::string::npos);
}

}  // namespace
}  // namespace howl::transport
