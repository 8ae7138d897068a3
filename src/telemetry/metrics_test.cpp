// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "base/limits.hpp"

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

TEST(Histogram, CountsIntoTheFirstBucketWhoseBoundIsNotBelow) {
    using namespace std::chrono_literals;
    const auto before = value(Series{Histogram::kCommitTime});
    observe(Histogram::kCommitTime, 50us);
    observe(Histogram::kCommitTime, 51us);
    std::thread{[] { observe(Histogram::kCommitTime, 1min); }}.join();
    const auto after = value(Series{Histogram::kCommitTime});
    EXPECT_EQ(after.count, before.count + 3);
    EXPECT_EQ(after.sum, before.sum + std::chrono::nanoseconds{1min + 101us}.count());
    EXPECT_EQ(after.buckets[0], before.buckets[0] + 1);
    EXPECT_EQ(after.buckets[1], before.buckets[1] + 1);
    EXPECT_EQ(after.buckets[bounds_of(Unit::kSeconds).size()], before.buckets[17] + 1);
}

TEST(Histogram, AnAgeBelowZeroIsNone) {
    const auto before = value(Series{Histogram::kCommitTime});
    observe(Histogram::kCommitTime, std::chrono::seconds{-1});
    const auto after = value(Series{Histogram::kCommitTime});
    EXPECT_EQ(after.buckets[0], before.buckets[0] + 1);
    EXPECT_EQ(after.sum, before.sum);
}

TEST(Histogram, TextHasBucketsThatHoldThoseBelowThem) {
    observe(series(Histogram::kRequestTime, {"GET", "/in-the-text"}), std::chrono::milliseconds{7});
    const auto text = metrics_text();
    const auto sample = [](std::string_view end, std::string_view more) {
        return "howl_http_request_seconds_" + std::string{end} +
               "{method=\"GET\",route=\"/in-the-text\"" + std::string{more};
    };
    EXPECT_TRUE(text.contains("# TYPE howl_http_request_seconds histogram\n"));
    EXPECT_TRUE(text.contains(sample("bucket", ",le=\"0.005\"} 0\n")));
    EXPECT_TRUE(text.contains(sample("bucket", ",le=\"0.01\"} 1\n")));
    EXPECT_TRUE(text.contains(sample("bucket", ",le=\"+Inf\"} 1\n")));
    EXPECT_TRUE(text.contains(sample("count", "} 1\n")));
    EXPECT_TRUE(text.contains(sample("sum", "} 0.007\n")));
}

TEST(Histogram, TheSameLabelsAreTheSameSeriesAndAnUnusedOneIsNotShown) {
    const auto one = series(Histogram::kRequestTime, {"GET", "/unused"});
    EXPECT_EQ(one.index(), series(Histogram::kRequestTime, {"GET", "/unused"}).index());
    EXPECT_NE(one.index(), series(Histogram::kRequestTime, {"PUT", "/unused"}).index());
    EXPECT_FALSE(metrics_text().contains("/unused"));
}

TEST(Histogram, SeriesBeyondTheLimitAreCountedTogether) {
    for (std::size_t i = 0; i < limits::kMetricSeriesMax; ++i) {
        static_cast<void>(series(Histogram::kRequestTime, {"GET", "/" + std::to_string(i)}));
    }
    const auto before = value(Series{Histogram::kRequestTime});
    observe(series(Histogram::kRequestTime, {"GET", "/one-too-many"}), std::chrono::seconds{1});
    EXPECT_EQ(value(Series{Histogram::kRequestTime}).count, before.count + 1);
    EXPECT_TRUE(metrics_text().contains(R"(_count{method="other",route="other"})"));
    EXPECT_FALSE(metrics_text().contains("/one-too-many"));
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
