// SPDX-License-Identifier: Apache-2.0
#include "loadtest/payload.hpp"

#include <gtest/gtest.h>

namespace howl::loadtest {
namespace {

TEST(Payload, IsAsLongAsAskedAndLiteral) {
    EXPECT_EQ(make_payload(40, {.nanos = 12345, .number = 67}),
              "~howl~0000000000000012345-000000067~wwww");
    EXPECT_EQ(make_payload(kStampBytes, {}).size(), kStampBytes);
}

TEST(Payload, IsRewrittenInPlace) {
    std::string payload = make_payload(38, {.nanos = 1, .number = 1});
    write_stamp(payload.data(), {.nanos = 9'223'372'036'854'775'807, .number = 999'999'999});
    EXPECT_EQ(payload, "~howl~9223372036854775807-999999999~ww");
}

TEST(StampFinder, FindsTheStampAlsoWhenItMoves) {
    StampFinder finder;
    const std::string payload = make_payload(50, {.nanos = 7, .number = 3});
    for (const std::string prefix : {R"({"offset":9,"data":")", R"({"offset":10,"data":")", ""}) {
        const auto stamp = finder.find(prefix + payload);
        ASSERT_TRUE(stamp);
        EXPECT_EQ(stamp->nanos, 7U);
        EXPECT_EQ(stamp->number, 3U);
        EXPECT_EQ(finder.position(), prefix.size());
    }
}

TEST(StampFinder, RefusesWhatIsNotAStamp) {
    StampFinder finder;
    EXPECT_FALSE(finder.find(""));
    EXPECT_FALSE(finder.find("hello"));
    EXPECT_FALSE(finder.find("~howl~000000000000001234"));
    EXPECT_FALSE(finder.find("~howl~00000000000000x2345-000000067~"));
}

}  // namespace
}  // namespace howl::loadtest
