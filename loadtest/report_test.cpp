// SPDX-License-Identifier: Apache-2.0
#include "loadtest/report.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace howl::loadtest {
namespace {

TEST(Report, AlignsATable) {
    Report report{"idle"};
    report.add_count("connections", "connections", 9500);
    report.add_figure("connect_ms", "time", 12.345, 1, "ms");
    report.add_text("server", "server", "x");
    EXPECT_EQ(report.text(ReportFormat::kTable),
              "howl bench idle\n"
              "  connections  9,500\n"
              "  time          12.3 ms\n"
              "  server           x\n");
    EXPECT_FALSE(report.failed());
}

TEST(Report, IsOneJsonObject) {
    Report report{"idle"};
    report.add_count("connections", "connections", 9500);
    report.add_figure("connect_ms", "time", 12.345, 1, "ms");
    report.add_text("server", "server", "a\"b\\\n");
    report.add_failure("lost 3");
    EXPECT_EQ(report.text(ReportFormat::kJson),
              "{\"scenario\":\"idle\",\"connections\":9500,\"connect_ms\":12.3,"
              "\"server\":\"a\\\"b\\\\\\u000a\",\"failures\":[\"lost 3\"]}\n");
    EXPECT_TRUE(report.failed());
}

TEST(Report, ReportsLatencyInMilliseconds) {
    Histogram nanos;
    nanos.record(2'000'000);
    Report report{"x"};
    report.add_latency("latency_ms", "latency", nanos);
    EXPECT_EQ(report.text(ReportFormat::kJson),
              "{\"scenario\":\"x\",\"latency_ms_p50\":2.000,\"latency_ms_p90\":2.000,"
              "\"latency_ms_p99\":2.000,\"latency_ms_p999\":2.000,\"latency_ms_max\":2.000,"
              "\"failures\":[]}\n");
}

TEST(Report, HasNoInfinityInJson) {
    Report report{"x"};
    report.add_figure("ratio", "ratio", std::numeric_limits<double>::infinity(), 2, "");
    EXPECT_EQ(report.text(ReportFormat::kJson),
              "{\"scenario\":\"x\",\"ratio\":0.00,\"failures\":[]}\n");
}

TEST(Report, GroupsDigits) {
    EXPECT_EQ(with_thousands(0), "0");
    EXPECT_EQ(with_thousands(999), "999");
    EXPECT_EQ(with_thousands(1000), "1,000");
    EXPECT_EQ(with_thousands(1234567), "1,234,567");
}

}  // namespace
}  // namespace howl::loadtest
