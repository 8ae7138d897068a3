// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/admission.hpp"

#include <gtest/gtest.h>

namespace howl::storage::dynamodb {
namespace {

TEST(Admission, LetsNobodyInBeforeItOpensAndAfterItCloses) {
    Admission door{5};
    EXPECT_EQ(door.enter().error().code, Errc::kDraining);
    door.open();
    EXPECT_TRUE(door.enter());
    door.close([] {});
    EXPECT_EQ(door.enter().error().code, Errc::kDraining);
    door.leave();
}

TEST(Admission, RefusesMoreThanItHolds) {
    Admission door{2};
    door.open();
    EXPECT_TRUE(door.enter());
    EXPECT_TRUE(door.enter());
    EXPECT_EQ(door.enter().error().code, Errc::kOverloaded);
    door.leave();
    EXPECT_TRUE(door.enter());
}

TEST(Admission, IsEmptyWhenTheLastHasLeft) {
    Admission door{5};
    door.open();
    EXPECT_TRUE(door.enter());
    EXPECT_TRUE(door.enter());
    int empty = 0;
    door.close([&empty] { ++empty; });
    door.leave();
    EXPECT_EQ(empty, 0);
    door.leave();
    EXPECT_EQ(empty, 1);
}

TEST(Admission, IsEmptyAtOnceWhenNobodyIsInside) {
    Admission door{5};
    int empty = 0;
    door.close([&empty] { ++empty; });
    door.open();
    EXPECT_EQ(empty, 1);
    EXPECT_EQ(door.enter().error().code, Errc::kDraining);
}

}  // namespace
}  // namespace howl::storage::dynamodb
