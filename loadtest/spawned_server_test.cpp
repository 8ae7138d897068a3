// SPDX-License-Identifier: Apache-2.0
#include "loadtest/spawned_server.hpp"

#include <gtest/gtest.h>

namespace howl::loadtest {
namespace {

TEST(SpawnedServer, FindsThePortInALog) {
    EXPECT_EQ(find_port("howl listens on http://127.0.0.1:40123\n"), 40123);
    EXPECT_EQ(find_port("given 127.0.0.1:0 \ngot 127.0.0.1:5 \n"), 5);
    EXPECT_EQ(find_port(R"({"listen":"127.0.0.1:8080"})"), 8080);
}

TEST(SpawnedServer, WaitsForAPortThatIsNotWrittenYet) {
    EXPECT_FALSE(find_port(""));
    EXPECT_FALSE(find_port("127.0.0.1:"));
    EXPECT_FALSE(find_port("127.0.0.1:401"));
    EXPECT_FALSE(find_port("127.0.0.1:99999 "));
}

}  // namespace
}  // namespace howl::loadtest
