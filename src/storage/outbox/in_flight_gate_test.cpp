// SPDX-License-Identifier: Apache-2.0
#include "storage/outbox/in_flight_gate.hpp"

#include <gtest/gtest.h>

namespace howl::storage::outbox {
namespace {

TEST(InFlightGate, LetsNobodyInBeforeItOpensAndAfterItCloses) {
    InFlightGate endpoint{"test", 5};
    EXPECT_EQ(endpoint.acquire().error().code, Errc::kDraining);
    endpoint.open();
    EXPECT_TRUE(endpoint.acquire());
    endpoint.close([] {});
    EXPECT_EQ(endpoint.acquire().error().code, Errc::kDraining);
    endpoint.release();
}

TEST(InFlightGate, RefusesMoreThanItHolds) {
    InFlightGate endpoint{"test", 2};
    endpoint.open();
    EXPECT_TRUE(endpoint.acquire());
    EXPECT_TRUE(endpoint.acquire());
    EXPECT_EQ(endpoint.acquire().error().code, Errc::kOverloaded);
    endpoint.release();
    EXPECT_TRUE(endpoint.acquire());
}

TEST(InFlightGate, IsEmptyWhenTheLastHasLeft) {
    InFlightGate endpoint{"test", 5};
    endpoint.open();
    EXPECT_TRUE(endpoint.acquire());
    EXPECT_TRUE(endpoint.acquire());
    int empty = 0;
    endpoint.close([&empty] { ++empty; });
    endpoint.release();
    EXPECT_EQ(empty, 0);
    endpoint.release();
    EXPECT_EQ(empty, 1);
}

TEST(InFlightGate, IsEmptyAtOnceWhenNobodyIsInside) {
    InFlightGate endpoint{"test", 5};
    int empty = 0;
    endpoint.close([&empty] { ++empty; });
    endpoint.open();
    EXPECT_EQ(empty, 1);
    EXPECT_EQ(endpoint.acquire().error().code, Errc::kDraining);
}

}  // namespace
}  // namespace howl::storage::outbox
