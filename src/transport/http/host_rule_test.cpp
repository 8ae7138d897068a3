// SPDX-License-Identifier: Apache-2.0
#include "transport/http/host_rule.hpp"

#include <gtest/gtest.h>

#include "transport/http/router_rig_for_test.hpp"

namespace howl::transport {
namespace {

using codec::http::Method;

TEST(HostRule, AddressesAndLocalhostAreFixed) {
    for (const char* host :
         {"localhost", "LocalHost:8080", "127.0.0.1", "127.0.0.1:8080", "localhost:", "localhost.",
          "localhost.:80", "app.localhost", "a.b.LOCALHOST:3000", "app.localhost.",
          "192.168.1.7:9090", "[::1]", "[::1]:8080", "[fd00::7]"}) {
        EXPECT_TRUE(is_fixed_host(host)) << host;
    }
    for (const char* host :
         {"", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
          "evil.example:127", "[::1", "::1", "[]", "[::1].evil.example", "127.1", "0x7f000001",
          "localhost ", "localhost:evil", "localhost..", ".localhost", "applocalhost",
          "app.localhost.evil.example", "localhost.localdomain"}) {
        EXPECT_FALSE(is_fixed_host(host)) << host;
    }
}

TEST(HostRule, LetsAddressesAndTheListedNamesIn) {
    const auto rule = HostRule::only({"howl.example.com"});
    EXPECT_TRUE(rule.allows("localhost:8080"));
    EXPECT_TRUE(rule.allows("10.0.0.5:8080"));
    EXPECT_TRUE(rule.allows("howl.example.com"));
    EXPECT_TRUE(rule.allows("HOWL.example.com:8443"));
    EXPECT_TRUE(rule.allows("howl.example.com.:8443"));
    EXPECT_TRUE(rule.allows("app.localhost:8080"));
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

/// A route of every kind, on a router that answers to one name.
class HostRuleOfARouter : public RouterRig {
protected:
    HostRuleOfARouter() {
        router_ = Router{HostRule::only({"howl.example.com"})};
        router_.add_endpoint("/", response_policy_);
        const auto run = [this](Exchange&) {
            ++ran_;
            return ready(codec::http::Response::no_content());
        };
        router_.add(Method::kGet, "/api/thing", response_policy_, run);
        router_.add(Method::kPost, "/api/thing", response_policy_, run);
        router_.add_public(Method::kGet, "/file", response_policy_, run);
        router_.add_probe("/probe", response_policy_, run);
    }
    codec::http::Response ask_as(std::string_view host, Method method, std::string_view path) {
        return ask(method, path, {{"Host", std::string{host}}});
    }

    const ApiResponsePolicy response_policy_{OriginRule{{}}};
    int ran_ = 0;
};

TEST_F(HostRuleOfARouter, RefusesAnotherNameBeforeAnythingElse) {
    for (const auto& [method, path] : std::initializer_list<std::pair<Method, std::string_view>>{
             {Method::kGet, "/api/thing"},
             {Method::kHead, "/api/thing"},
             {Method::kPost, "/api/thing"},
             {Method::kOptions, "/api/thing"},
             {Method::kPut, "/api/thing"},
             {Method::kGet, "/file"},
             {Method::kGet, "/probe"},
             {Method::kGet, "/nothing"},
         }) {
        const auto reply = ask_as("evil.example", method, path);
        EXPECT_EQ(reply.status(), 421) << path;
        EXPECT_EQ(reply.header("Content-Type"), "application/problem+json") << path;
        EXPECT_NE(reply.body().find(R"("code":"misdirected")"), std::string::npos) << path;
    }
    EXPECT_EQ(ran_, 0);
}

TEST_F(HostRuleOfARouter, AnswersUnderItsOwnNames) {
    for (const auto* host :
         {"howl.example.com", "HOWL.example.com:8080", "localhost", "10.0.0.1"}) {
        EXPECT_EQ(ask_as(host, Method::kGet, "/api/thing").status(), 204) << host;
    }
    EXPECT_EQ(ran_, 4);
}

}  // namespace
}  // namespace howl::transport
