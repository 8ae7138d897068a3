// SPDX-License-Identifier: Apache-2.0
#include "transport/connection_budget.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace howl::transport {
namespace {

using Full = ConnectionBudget::Full;

PeerAddress from(const char* text) {
    return peer_address_of(boost::asio::ip::make_address(text));
}

TEST(ConnectionBudget, RefusesBeyondItsLimitAndTakesBackWhatEnds) {
    ConnectionBudget budget{2, 100};
    auto first = budget.try_take(from("192.0.2.1"));
    const auto second = budget.try_take(from("192.0.2.2"));
    ASSERT_TRUE(first && second);
    EXPECT_EQ(budget.try_take(from("192.0.2.3")).error(), Full::kProcess);
    first = std::unexpected(Full::kProcess);
    EXPECT_TRUE(budget.try_take(from("192.0.2.3")));
}

TEST(ConnectionBudget, LeavesRoomForOtherAddresses) {
    ConnectionBudget budget{4, 75};
    std::vector<ConnectionBudget::Permit> greedy;
    for (int i = 0; i < 3; ++i) {
        greedy.push_back(budget.try_take(from("192.0.2.1")).value());
    }
    EXPECT_EQ(budget.try_take(from("192.0.2.1")).error(), Full::kAddress);
    EXPECT_TRUE(budget.try_take(from("192.0.2.2")));
    greedy.pop_back();
    EXPECT_TRUE(budget.try_take(from("192.0.2.1")));
}

TEST(ConnectionBudget, EveryAddressMayHaveOne) {
    ConnectionBudget budget{20, 1};
    EXPECT_TRUE(budget.try_take(from("192.0.2.1")));
}

TEST(ConnectionBudget, TheAddressesOfOneIpv6NetworkAreOne) {
    EXPECT_EQ(from("2001:db8:1:2::1"), from("2001:db8:1:2:ffff::9"));
    EXPECT_NE(from("2001:db8:1:2::1"), from("2001:db8:1:3::1"));
    EXPECT_EQ(from("::ffff:192.0.2.1"), from("192.0.2.1"));
    EXPECT_NE(from("192.0.2.1"), from("192.0.2.2"));
}

TEST(ConnectionBudget, KeepsAFewBeyondTheLimitForProbes) {
    ConnectionBudget budget{1, 100};
    const auto only = budget.try_take(from("192.0.2.1"));
    ASSERT_TRUE(only);
    EXPECT_FALSE(only->is_reserve());
    std::vector<ConnectionBudget::Permit> probes;
    for (std::size_t i = 0; i < limits::kProbeConnectionsMax; ++i) {
        probes.push_back(budget.try_take_reserve().value());
        EXPECT_TRUE(probes.back().is_reserve());
    }
    EXPECT_FALSE(budget.try_take_reserve());
    probes.pop_back();
    EXPECT_TRUE(budget.try_take_reserve());
}

}  // namespace
}  // namespace howl::transport
