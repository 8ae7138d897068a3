// SPDX-License-Identifier: Apache-2.0
#include "loadtest/http_publisher.hpp"

#include <gtest/gtest.h>

namespace howl::loadtest {
namespace {

TEST(HttpPublisher, WritesALiteralRequest) {
    EXPECT_EQ(publish_request(loopback_endpoint(8080), "chat/lobby", "hello"),
              "POST /api/topics/chat/lobby/events HTTP/1.1\r\n"
              "Host: 127.0.0.1:8080\r\n"
              "Content-Type: text/plain\r\n"
              "Content-Length: 5\r\n\r\n"
              "hello");
}

TEST(HttpPublisher, FindsACounterAmongMetrics) {
    constexpr std::string_view kText =
        "# HELP howl_commits_total Group commits.\n"
        "# TYPE howl_commits_total counter\n"
        "howl_commits_total_of_another 9\n"
        "howl_commits_total 1234\n"
        "howl_last 1.5e3";
    EXPECT_EQ(find_metric(kText, "howl_commits_total"), 1234);
    EXPECT_EQ(find_metric(kText, "howl_last"), 1500);
    EXPECT_FALSE(find_metric(kText, "howl_absent"));
    EXPECT_FALSE(find_metric("", "howl_last"));
}

TEST(SendPlan, FollowsItsRateButNotInStepWithAnyClock) {
    using namespace std::chrono_literals;
    const SendPlan plan{.rate_per_second = 200, .count = 2000};
    EXPECT_EQ(due_after(plan, 0), 0ns);
    EXPECT_GT(due_after(plan, 2000), 10'000ms);
    EXPECT_LT(due_after(plan, 2000), 10'010ms);
}

}  // namespace
}  // namespace howl::loadtest
