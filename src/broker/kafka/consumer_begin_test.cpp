// SPDX-License-Identifier: Apache-2.0
// Where reading of a partition begins, and what happens when its checkpoint can't be read.
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/kafka/consumer_rig_for_test.hpp"
#include "telemetry/metrics.hpp"

namespace howl::broker::kafka {
namespace {

using telemetry::Counter;
using telemetry::Gauge;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

/// A source without a setting for its begin.
void by_default(KafkaSettings& settings) {
    settings.sources[0].begin = {};
}

TEST_F(ConsumerTest, RecordsOlderThanTheTakeoverAreNotRead) {
    kafka_.create("orders", 1);
    kafka_.write("orders", 0, numbers(0, 3), "a");
    {
        Reader reader{node_, kafka_.brokers(), by_default};
        node_.until("it has a checkpoint", [&] { return node_.checkpoints().size() == 1; });
        EXPECT_EQ(node_.checkpoints()[0].second.next, 3U);
        kafka_.write("orders", 0, numbers(3, 5), "a");
        await("in/a", numbers(3, 5));
    }
    kafka_.write("orders", 0, numbers(5, 7), "a");
    Reader reader{node_, kafka_.brokers(), by_default};
    await("in/a", numbers(3, 7));
}

TEST_F(ConsumerTest, WhatIsWrittenBetweenTwoStartsIsReadThoughNothingCameBefore) {
    kafka_.create("orders", 1);
    kafka_.write("orders", 0, numbers(0, 3), "a");
    {
        Reader reader{node_, kafka_.brokers(), by_default};
        node_.until("it has a checkpoint", [&] { return node_.checkpoints().size() == 1; });
    }
    kafka_.write("orders", 0, numbers(3, 5), "a");
    Reader reader{node_, kafka_.brokers(), by_default};
    await("in/a", numbers(3, 5));
}

TEST_F(ConsumerTest, ATopicThatWasMadeAfterTheTakeoverIsReadWhole) {
    {
        Reader reader{node_, kafka_.brokers(), by_default};
        node_.until("it has looked", [&] { return node_.sources().size() == 1; });
        // The mock creates a topic on a metadata request; with or without it there is no record.
        EXPECT_THAT(node_.sources(),
                    ElementsAre(testing::AnyOf(R"({"ends":[]})", R"({"ends":[0,0,0,0]})")));
    }
    kafka_.write("orders", 0, numbers(0, 3), "a");
    Reader reader{node_, kafka_.brokers(), by_default};
    await("in/a", numbers(0, 3));
}

TEST_F(ConsumerTest, ANodeThatHasLostItsDiskGoesOnAtWhatTheGroupHasCommitted) {
    kafka_.create("orders", 1);
    kafka_.write("orders", 0, numbers(0, 10), "a");
    {
        Reader reader{node_, kafka_.brokers()};
        await("in/a", numbers(0, 10));
    }
    kafka_.write("orders", 0, numbers(10, 20), "a");
    NodeRig bare;
    {
        Reader reader{bare, kafka_.brokers(), by_default};
        bare.until("they come", [&] { return bare.events("in/a").size() >= 10; });
    }
    EXPECT_THAT(bare.events("in/a"), ElementsAreArray(numbers(10, 20)));
    NodeRig another;
    Reader reader{another, kafka_.brokers(),
                  [](auto& settings) { settings.sources[0].begin = {.at = Begin::At::kEnd}; }};
    another.until("it has a checkpoint", [&] { return another.checkpoints().size() == 1; });
    EXPECT_EQ(another.checkpoints()[0].second.next, 20U) << "whatever the group has committed";
}

TEST_F(ConsumerTest, ATimeBehindEveryRecordIsTheEnd) {
    kafka_.create("orders", 1);
    kafka_.write("orders", 0, numbers(0, 3), "a");
    Reader reader{node_, kafka_.brokers(), [](auto& settings) {
                      settings.sources[0].begin = {
                          .at = Begin::At::kTime,
                          .time = WallTime{std::chrono::sys_days{std::chrono::year{2100} / 1 / 1}}};
                  }};
    node_.until("it has a checkpoint", [&] { return node_.checkpoints().size() == 1; });
    EXPECT_EQ(node_.checkpoints()[0].second.next, 3U);
}

// --- Records of ours that can't be read ---

TEST_F(ConsumerTest, ACheckpointThatCantBeReadStopsItsPartitionAndNoOther) {
    kafka_.create("orders", 2);
    kafka_.write("orders", 0, numbers(0, 3), "a");
    kafka_.write("orders", 1, numbers(0, 3), "b");
    {
        Reader reader{node_, kafka_.brokers()};
        await("in/a", numbers(0, 3));
        await("in/b", numbers(0, 3));
    }
    damage(kCheckpointKind, "/orders/0");
    kafka_.write("orders", 0, numbers(3, 6), "a");
    kafka_.write("orders", 1, numbers(3, 6), "b");
    const auto before = telemetry::value(Counter::kRecordsUnreadable);
    Reader reader{node_, kafka_.brokers()};
    await("in/b", numbers(0, 6));
    EXPECT_EQ(telemetry::value(Counter::kRecordsUnreadable), before + 1);
    EXPECT_EQ(telemetry::value(Gauge::kKafkaPartitions), 1);
    EXPECT_THAT(node_.events("in/a"), ElementsAreArray(numbers(0, 3)));
}

TEST_F(ConsumerTest, ASourceThatCantBeReadStopsNoOtherAndNoneThatHasCheckpoints) {
    kafka_.create("orders", 1);
    kafka_.create("bare", 1);
    kafka_.create("other", 1);
    const auto of_three = [](auto& settings) {
        settings.sources = {{.topic = "orders", .target = "in/{key}"},
                            {.topic = "bare", .target = "in/{key}"},
                            {.topic = "other", .target = "in/{key}"}};
    };
    {
        Reader reader{node_, kafka_.brokers(), of_three};
        node_.until("each has a checkpoint", [&] { return node_.checkpoints().size() == 3; });
    }
    damage(kSourceKind, "/orders");
    damage(kSourceKind, "/bare");
    for (const auto& checkpoint : node_.checkpoint_records()) {
        if (checkpoint.key.id.ends_with("/bare/0")) {
            node_.memory.commit({checkpoint.key, checkpoint.version, {}, std::nullopt},
                                {{}, [](const auto& done) { EXPECT_TRUE(done); }});
        }
    }
    for (const char* topic : {"orders", "bare", "other"}) {
        kafka_.write(topic, 0, numbers(0, 3), topic);
    }
    const auto before = telemetry::value(Counter::kRecordsUnreadable);
    Reader reader{node_, kafka_.brokers(), [&](auto& settings) {
                      of_three(settings);
                      settings.group = "that has committed nothing";
                  }};
    await("in/other", numbers(0, 3));
    await("in/orders", numbers(0, 3));
    EXPECT_TRUE(reader.has_begun());
    EXPECT_EQ(telemetry::value(Counter::kRecordsUnreadable), before + 2);
    EXPECT_EQ(telemetry::value(Gauge::kKafkaPartitions), 2);
    EXPECT_TRUE(node_.events("in/bare").empty());
}

}  // namespace
}  // namespace howl::broker::kafka
