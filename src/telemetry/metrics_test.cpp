// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace howl::telemetry {
namespace {

TEST(Metrics, SumsWhatEveryThreadCountedAlsoAfterItsEnd) {
    const auto before = value(Counter::kEventsPublished);
    count(Counter::kEventsPublished, 2);
    std::thread{[] { count(Counter::kEventsPublished, 3); }}.join();
    EXPECT_EQ(value(Counter::kEventsPublished), before + 5);
}

TEST(Metrics, AGaugeMayRiseOnOneThreadAndFallOnAnother) {
    const auto before = value(Gauge::kTopics);
    adjust(Gauge::kTopics, 7);
    std::thread{[] { adjust(Gauge::kTopics, -7); }}.join();
    EXPECT_EQ(value(Gauge::kTopics), before);
}

TEST(Metrics, TextHasEveryFamilyAndEveryErrorCode) {
    count(Errc::kInvalidTopic);
    const auto text = metrics_text();
    EXPECT_TRUE(text.contains("# TYPE howl_events_published_total counter\n"));
    EXPECT_TRUE(text.contains("# TYPE howl_connections gauge\n"));
    EXPECT_TRUE(text.contains("howl_errors_total{code=\"invalid_topic\"} 1\n"));
    EXPECT_TRUE(text.contains("howl_errors_total{code=\"internal\"} 0\n"));
}

}  // namespace
}  // namespace howl::telemetry
