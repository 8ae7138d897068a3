// SPDX-License-Identifier: Apache-2.0
#include "hub/hub.hpp"

#include <memory>

#include <gtest/gtest.h>

#include "hub/reader_rig_for_test.hpp"
#include "telemetry/metrics.hpp"

namespace howl::hub {
namespace {

using namespace std::chrono_literals;
using telemetry::Histogram;

/// What a histogram has got since this was made.
class Grown {
public:
    explicit Grown(Histogram histogram) : series_(histogram) {}
    [[nodiscard]] std::uint64_t count() const {
        return telemetry::value(series_).count - before_.count;
    }
    [[nodiscard]] std::uint64_t sum() const { return telemetry::value(series_).sum - before_.sum; }
    [[nodiscard]] std::chrono::nanoseconds time() const {
        return std::chrono::nanoseconds{static_cast<std::int64_t>(sum())};
    }

private:
    const telemetry::Series series_;
    const telemetry::HistogramTotals before_ = telemetry::value(series_);
};

TEST(Hub, ObservesTheWayToTheQueuesOnceForAnEventHoweverManyReadIt) {
    ReaderRig rig;
    rig.start();
    RecordingSink one;
    RecordingSink other;
    const auto first = rig.follow(one, {"tick/a"});
    const auto second = rig.follow(other, {"tick/a"});
    rig.turn();
    const Grown to_queue{Histogram::kPublishToQueue};
    rig.publish("tick/a");
    rig.clock.advance(3ms);
    rig.turn();
    EXPECT_EQ(one.offsets("tick/a").size() + other.offsets("tick/a").size(), 2U);
    EXPECT_EQ(to_queue.count(), 1U);
    EXPECT_EQ(to_queue.time(), 3ms);
}

TEST(Hub, ObservesTheWayToTheKernelOnceForARoundOfWritesFromItsOldestEvent) {
    ReaderRig rig;
    rig.start();
    RecordingSink sink;
    const auto reader = rig.follow(sink, {"tick/a"});
    rig.turn();
    rig.hub.on_written();
    const Grown to_kernel{Histogram::kPublishToKernel};
    rig.publish("tick/a");
    rig.clock.advance(3ms);
    rig.publish("tick/a");
    rig.turn();
    rig.clock.advance(2ms);
    rig.hub.on_written();
    rig.hub.on_written();
    EXPECT_EQ(to_kernel.count(), 1U);
    EXPECT_EQ(to_kernel.time(), 5ms);
}

TEST(Hub, ObservesNothingOfAnEventThatNobodyReadsHere) {
    ReaderRig rig;
    rig.start();
    const Grown to_queue{Histogram::kPublishToQueue};
    const Grown to_kernel{Histogram::kPublishToKernel};
    rig.publish("tick/a");
    rig.turn();
    rig.hub.on_written();
    EXPECT_EQ(to_queue.count() + to_kernel.count(), 0U);
}

TEST(Hub, ObservesTheSizeOfAReplayAndNotThatSomebodyMissedNothing) {
    ReaderRig rig;
    rig.start();
    rig.publish("a");
    rig.publish("a");
    rig.publish("a");
    rig.turn();
    const Grown replays{Histogram::kReplaySize};
    RecordingSink behind;
    RecordingSink up_to_date;
    const auto first = rig.follow(behind, {"a"}, rig.at(1));
    const auto second = rig.follow(up_to_date, {"a"}, rig.at(3));
    rig.turn();
    EXPECT_EQ(replays.count(), 1U);
    EXPECT_EQ(replays.sum(), 2U);
}

}  // namespace
}  // namespace howl::hub
