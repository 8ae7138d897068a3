// SPDX-License-Identifier: Apache-2.0
#include "transport/network.hpp"

#include <gtest/gtest.h>

namespace howl::transport {
namespace {

TEST(NetworkOf, IsTheAddressAndOfIpV6TheFirstHalf) {
    EXPECT_EQ(network_of("192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(network_of("::ffff:192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    EXPECT_EQ(network_of("2001:db8:1:2::9"), network_of("2001:db8:1:2:3:4:5:6"));
    EXPECT_NE(network_of("2001:db8:1:3::9"), network_of("2001:db8:1:2::9"));
    EXPECT_EQ(network_of("fe80::1%lo"), "fe80::/64");
    EXPECT_EQ(network_of(""), "");
}

}  // namespace
}  // namespace howl::transport
