// SPDX-License-Identifier: Apache-2.0
#include "products/system/stats.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hub/reader_rig_for_test.hpp"
#include "products/product_rig_for_test.hpp"
#include "telemetry/metrics.hpp"

namespace howl::products::system {
namespace {

using namespace std::chrono_literals;
using telemetry::Counter;
using telemetry::Gauge;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

std::int64_t number(const std::string& text, std::string_view name) {
    return boost::json::parse(text).at(name).to_number<std::int64_t>();
}

TEST(Stats, AreWrittenLikeThis) {
    const ManualClock clock;
    EXPECT_THAT(Stats{clock}.text(),
                MatchesRegex(R"(\{"time":"2023-11-14T22:13:20.000Z","uptimeSeconds":0,)"
                             R"("connections":[0-9]+,"streams":[0-9]+,"topics":[0-9]+,)"
                             R"("published":[0-9]+,"delivered":[0-9]+\})"));
}

TEST(Stats, CountTheSecondsSinceTheStartWhateverTheTimeOfDay) {
    ManualClock clock;
    const Stats stats{clock};
    clock.advance(61'999ms);
    clock.step_wall(std::chrono::hours{-5});
    EXPECT_EQ(number(stats.text(), "uptimeSeconds"), 61);
}

TEST(Stats, AreTheNumbersOfTheMetrics) {
    const ManualClock clock;
    const Stats stats{clock};
    const auto before = stats.text();
    telemetry::adjust(Gauge::kConnections, 5);
    telemetry::adjust(Gauge::kSseSessions, 2);
    telemetry::adjust(Gauge::kWebSocketSessions, 1);
    telemetry::count(Counter::kEventsPublished, 10);
    telemetry::count(Counter::kEventsDelivered, 30);
    const auto after = stats.text();
    telemetry::adjust(Gauge::kConnections, -5);
    telemetry::adjust(Gauge::kSseSessions, -2);
    telemetry::adjust(Gauge::kWebSocketSessions, -1);
    const auto grown = [&](std::string_view name) {
        return number(after, name) - number(before, name);
    };
    EXPECT_EQ(grown("connections"), 5);
    EXPECT_EQ(grown("streams"), 3);
    EXPECT_EQ(grown("published"), 10);
    EXPECT_EQ(grown("delivered"), 30);
}

class StatsTickerTest : public ::testing::Test {
protected:
    StatsTickerTest() { ticker_.start(); }
    ~StatsTickerTest() override { ticker_.stop(); }

    std::unique_ptr<hub::Reader> read() {
        return std::make_unique<hub::Reader>(rig_.elsewhere(), sink_, encoder_,
                                             std::vector{*hub::TopicName::parse(kStatsTopic)},
                                             hub::FromNow{});
    }
    std::vector<hub::EventRef> published() { return rig_.events(kStatsTopic); }

    ProductRig rig_{{{std::string{kStatsTopic}, {hub::Lane::kVolatile, {.count_max = 10}}}}};
    const Stats stats_{rig_.clock};
    StatsTicker ticker_{rig_.home(), stats_, {.tick = 1s}};
    hub::WordEncoder encoder_;
    hub::RecordingSink sink_;
};

TEST_F(StatsTickerTest, NobodyReadsSoNothingIsPublished) {
    rig_.advance(10s);
    EXPECT_THAT(published(), IsEmpty());
}

TEST_F(StatsTickerTest, AReaderOnAnyShardHearsEveryTickUntilItLeaves) {
    auto reader = read();
    rig_.advance(3s);
    ASSERT_THAT(published(), SizeIs(3));
    EXPECT_EQ(number(published()[2]->data, "uptimeSeconds"), 3);
    EXPECT_EQ(published()[2]->content_type, "application/json");
    reader.reset();
    rig_.advance(10s);
    EXPECT_THAT(published(), SizeIs(3));
    reader = read();
    rig_.advance(1s);
    EXPECT_THAT(published(), SizeIs(4));
}

TEST_F(StatsTickerTest, TheTopicsThatThereAreAreCounted) {
    const auto before = number(stats_.text(), "topics");
    for (const char* name : {"a", "b", "a"}) {
        std::vector<hub::NewEvent> events;
        events.push_back({.topic = *hub::TopicName::parse(name)});
        rig_.sequencer.publish(rig_.home().shard_id(), std::move(events), [](const auto&) {});
    }
    rig_.settle();
    EXPECT_EQ(number(stats_.text(), "topics"), before + 2);
}

}  // namespace
}  // namespace howl::products::system
