// SPDX-License-Identifier: Apache-2.0
#include "loadtest/endpoint.hpp"

#include <arpa/inet.h>
#include <limits>

#include <gtest/gtest.h>

namespace howl::loadtest {
namespace {

TEST(Endpoint, ReadsHostAndPort) {
    const auto endpoint = parse_endpoint("http://127.0.0.3:8080/", Reach::kLoopbackOnly);
    ASSERT_TRUE(endpoint);
    EXPECT_EQ(endpoint->authority, "127.0.0.3:8080");
    EXPECT_EQ(ntohs(endpoint->address.sin_port), 8080);
    EXPECT_EQ(ntohl(endpoint->address.sin_addr.s_addr), 0x7F000003U);
    EXPECT_TRUE(endpoint->is_loopback());
}

TEST(Endpoint, TakesPort80WhenNoneIsGiven) {
    const auto endpoint = parse_endpoint("http://127.0.0.1", Reach::kLoopbackOnly);
    ASSERT_TRUE(endpoint);
    EXPECT_EQ(ntohs(endpoint->address.sin_port), 80);
}

TEST(Endpoint, StaysOnThisMachineUnlessAllowed) {
    EXPECT_FALSE(parse_endpoint("http://192.0.2.1:80", Reach::kLoopbackOnly));
    EXPECT_TRUE(parse_endpoint("http://192.0.2.1:80", Reach::kAnywhere));
}

TEST(Endpoint, RefusesWhatItCannotSpeak) {
    for (const auto* url : {"", "127.0.0.1:80", "https://127.0.0.1", "http://", "http://:80",
                            "http://127.0.0.1:0", "http://127.0.0.1:65536", "http://127.0.0.1:8x",
                            "http://127.0.0.1/path", "http://a@127.0.0.1", "http://[::1]:80"}) {
        EXPECT_FALSE(parse_endpoint(url, Reach::kLoopbackOnly)) << url;
    }
}

TEST(Endpoint, SpreadsConnectionsOverLoopbackAddresses) {
    const Endpoint endpoint = loopback_endpoint(80);
    EXPECT_EQ(ntohl(source_address(endpoint, 9'999).sin_addr.s_addr), 0x7F000001U);
    EXPECT_EQ(ntohl(source_address(endpoint, 10'000).sin_addr.s_addr), 0x7F000002U);
    EXPECT_EQ(source_address(endpoint, 0).sin_port, 0);
}

TEST(Endpoint, ReportsTooFewDescriptors) {
    EXPECT_TRUE(require_descriptors(10));
    const auto refused = require_descriptors(std::numeric_limits<std::size_t>::max() / 2);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().detail.find("ulimit -n"), std::string::npos);
}

}  // namespace
}  // namespace howl::loadtest
