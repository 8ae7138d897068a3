// SPDX-License-Identifier: Apache-2.0
#include "transport/http/host_rule.hpp"

#include <gtest/gtest.h>

#include "transport/http/router_rig_for_test.hpp"

namespace howl::transport {
namespace {

TEST(HostRule, KnowsWhatNobodyCanPointElsewhere) {
    for (const char* host : {"localhost", "LocalHost:8080", "127.0.0.1", "127.0.0.1:8080",
                             "192.168.1.7:9090", "[::1]", "[::1]:8080", "[fd00::7]"}) {
        EXPECT_TRUE(is_fixed_host(host)) << host;
    }
    for (const char* host : {"", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
                             "evil.example:127", "[::1", "::1", "[]", "[::1].evil.example", "127.1",
                             "0x7f000001", "localhost "}) {
        EXPECT_FALSE(is_fixed_host(host)) << host;
    }
}

TEST(HostRule, LetsAddressesAndTheListedNamesIn) {
    const auto rule = HostRule::only({"howl.example.com"});
    EXPECT_TRUE(rule.allows("localhost:8080"));
    EXPECT_TRUE(rule.allows("10.0.0.5:8080"));
    EXPECT_TRUE(rule.allows("howl.example.com"));
    EXPECT_TRUE(rule.allows("HOWL.example.com:8443"));
    EXPECT_FALSE(rule.allows("evil.example"));
    EXPECT_FALSE(rule.allows("howl.example.com.evil.example"));
    EXPECT_FALSE(rule.allows("sub.howl.example.com"));
}

TEST(HostRule, LetsEveryNameInWhereNoneIsListedOrTheStarIs) {
    EXPECT_TRUE(HostRule{}.allows("evil.example"));
    EXPECT_TRUE(HostRule::only({"*"}).allows("evil.example"));
    EXPECT_FALSE(HostRule::only({}).allows("evil.example"));
}

TEST(HostRule, ARequestWithoutAHostComesFromNoBrowser) {
    EXPECT_TRUE(HostRule::only({}).allows(""));
}

using HostRuleOfARouter = RouterRig;

TEST_F(HostRuleOfARouter, RefusesAnotherNameBeforeAnythingElse) {
    router_ = Router{HostRule::only({})};
    const auto reply = ask(codec::http::Method::kGet, "/", {{"Host", "evil.example"}});
    EXPECT_EQ(reply.status(), 421);
    EXPECT_EQ(reply.header("Content-Type"), "application/problem+json");
    EXPECT_NE(reply.body().find(R"("code":"misdirected")"), std::string::npos);
}

}  // namespace
}  // namespace howl::transport
