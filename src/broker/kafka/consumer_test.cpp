// SPDX-License-Identifier: Apache-2.0
// The consumer against a mock cluster over TCP. The test drives the shards; the consumer's thread
// and the cluster run by themselves, so each test waits for the outcome that it expects.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "broker/kafka/consumer_rig_for_test.hpp"
#include "broker/kafka/kafka_mock_for_test.hpp"
#include "broker/kafka/node_rig_for_test.hpp"
#include "broker/kafka/topic_flow.hpp"
#include "telemetry/metrics.hpp"

namespace howl::broker::kafka {
namespace {

using telemetry::Counter;
using telemetry::Gauge;
using ::testing::ElementsAreArray;

TEST_F(ConsumerTest, StoresEveryPartitionInItsOrder) {
    kafka_.create("orders", 2);
    kafka_.write("orders", 0, numbers(0, 500), "a");
    kafka_.write("orders", 1, numbers(0, 300), "b");
    Reader reader{node_, kafka_.brokers()};
    await("in/a", numbers(0, 500));
    await("in/b", numbers(0, 300));
    EXPECT_EQ(telemetry::value(Gauge::kKafkaPartitions), 2);
    node_.until("nothing is in work", [] { return telemetry::value(Gauge::kKafkaInWork) == 0; });
    node_.until("there is no lag", [] { return telemetry::value(Gauge::kKafkaLag) == 0; });
    reader.stop();
    EXPECT_EQ(telemetry::value(Gauge::kKafkaPartitions), 0);
}

TEST_F(ConsumerTest, CommitsInKafkaOnlyWhatIsStored) {
    kafka_.create("orders", 1);
    kafka_.write("orders", 0, numbers(0, 10), "a");
    {
        Reader reader{node_, kafka_.brokers()};
        await("in/a", numbers(0, 10));
        node_.store.refusal = Errc::kStorageFull;
        kafka_.write("orders", 0, numbers(10, 20), "a");
        node_.until("they came", [] { return telemetry::value(Gauge::kKafkaInWork) == 10; });
    }
    EXPECT_EQ(kafka_.committed("howl", "orders", 0), 10);
}

TEST_F(ConsumerTest, ARestartGoesOnAtTheCheckpointWhateverKafkaHasCommitted) {
    kafka_.create("orders", 1);
    kafka_.write("orders", 0, numbers(0, 10), "a");
    {
        Reader reader{node_, kafka_.brokers()};
        await("in/a", numbers(0, 10));
    }
    kafka_.write("orders", 0, numbers(10, 20), "a");
    // A group that has committed nothing: as after a crash between the store and Kafka.
    Reader reader{node_, kafka_.brokers(), [](auto& settings) { settings.group = "another"; }};
    await("in/a", numbers(0, 20));
}

TEST_F(ConsumerTest, PoisonGoesToTheDeadLettersAndTheRestGoesOn) {
    kafka_.create("orders", 1);
    kafka_.create("dead", 1);
    const auto before = telemetry::value(Counter::kKafkaPoison);
    kafka_.write("orders", 0, {"0"}, "a");
    kafka_.write("orders", 0, {"no key"});
    kafka_.write("orders", 0, {"1"}, "a");
    Reader reader{node_, kafka_.brokers(),
                  [](auto& settings) { settings.sources[0].dead_letters = "dead"; }};
    await("in/a", numbers(0, 2));
    EXPECT_EQ(telemetry::value(Counter::kKafkaPoison), before + 1);
    const auto dead = kafka_.read("dead", 0, 1);
    ASSERT_EQ(dead.size(), 1U);
    EXPECT_EQ(dead[0].value, "no key");
    EXPECT_EQ(dead[0].header("howl-source-offset"), "1");
    EXPECT_EQ(dead[0].header("howl-reason"), "bad_request");
}

TEST_F(ConsumerTest, WhatIsNullStaysNull) {
    kafka_.create("orders", 1);
    kafka_.create("dead", 1);
    const std::string too_long(limits::kTopicNameBytesMax, 'a');  // Behind "in/".
    kafka_.write_tombstone("orders", 0, too_long);
    kafka_.write("orders", 0, {""}, too_long);
    kafka_.write_tombstone("orders", 0, "a");
    Reader reader{node_, kafka_.brokers(),
                  [](auto& settings) { settings.sources[0].dead_letters = "dead"; }};
    await("in/a", {""});
    const auto dead = kafka_.read("dead", 0, 2);
    ASSERT_EQ(dead.size(), 2U);
    EXPECT_EQ(dead[0].value, std::nullopt);
    ASSERT_FALSE(dead[0].headers.empty());
    EXPECT_EQ(dead[0].headers[0].first, "named");
    EXPECT_EQ(dead[0].headers[0].second, std::nullopt);
    EXPECT_EQ(dead[1].value, "") << "and what is empty stays empty";
}

TEST_F(ConsumerTest, ABrokerThatIsDownAtTheStartIsFoundWhenItComes) {
    kafka_.create("orders", 1);
    kafka_.write("orders", 0, numbers(0, 5), "a");
    kafka_.take_down();
    const auto before = telemetry::value(Counter::kKafkaFailures);
    Reader reader{node_, kafka_.brokers()};
    node_.until("the client says so",
                [&] { return telemetry::value(Counter::kKafkaFailures) > before; });
    kafka_.bring_up();
    await("in/a", numbers(0, 5));
}

TEST_F(ConsumerTest, ABrokerThatGoesAndComesBackLosesNoRecord) {
    kafka_.create("orders", 1);
    kafka_.write("orders", 0, numbers(0, 5), "a");
    Reader reader{node_, kafka_.brokers()};
    await("in/a", numbers(0, 5));
    const auto before = telemetry::value(Counter::kKafkaFailures);
    kafka_.take_down();
    node_.until("the client says so",
                [&] { return telemetry::value(Counter::kKafkaFailures) > before; });
    kafka_.bring_up();
    kafka_.write("orders", 0, numbers(5, 10), "a");
    await("in/a", numbers(0, 10));
}

TEST_F(ConsumerTest, StopsWhileNoBrokerCanBeReached) {
    kafka_.create("orders", 1);
    kafka_.write("orders", 0, numbers(0, 5), "a");
    Reader reader{node_, kafka_.brokers()};
    await("in/a", numbers(0, 5));
    const auto before = telemetry::value(Counter::kKafkaFailures);
    kafka_.take_down();
    node_.until("the client says so",
                [&] { return telemetry::value(Counter::kKafkaFailures) > before; });
    reader.stop();
}

TEST_F(ConsumerTest, ErrorsOfFetchingAreTriedAgain) {
    kafka_.create("orders", 1);
    kafka_.write("orders", 0, numbers(0, 100), "a");
    kafka_.fail_next(KafkaMock::kFetch,
                     {RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR__TRANSPORT,
                      RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT});
    Reader reader{node_, kafka_.brokers()};
    await("in/a", numbers(0, 100));
}

TEST_F(ConsumerTest, ATopicThatIsNotThereYetIsReadWhenItComes) {
    Reader reader{node_, kafka_.brokers()};
    node_.until("partitions come", [] { return telemetry::value(Gauge::kKafkaPartitions) > 0; });
    kafka_.write("orders", 0, numbers(0, 3), "a");
    await("in/a", numbers(0, 3));
}

TEST_F(ConsumerTest, AStoreThatFailsStopsReadingAtTheBoundAndLosesNothing) {
    kafka_.create("orders", 1);
    note_sources();
    node_.store.refusal = Errc::kStorageFull;
    kafka_.write("orders", 0, numbers(0, 900), "a");
    Reader reader{node_, kafka_.brokers(),
                  [](auto& settings) { settings.records_in_work_max = 50; }};
    node_.until("reading pauses", [] { return telemetry::value(Gauge::kKafkaInWork) >= 50; });
    node_.until("the lag shows", [] { return telemetry::value(Gauge::kKafkaLag) == 900; });
    EXPECT_EQ(telemetry::value(Gauge::kKafkaInWork), 50);
    node_.store.refusal.reset();
    node_.advance(std::chrono::seconds{6});
    await("in/a", numbers(0, 900));
}

TEST_F(ConsumerTest, APartitionThatWasPausedIsReadOnAfterARebalance) {
    kafka_.create("orders", 1);
    note_sources();
    node_.store.refusal = Errc::kStorageFull;
    kafka_.write("orders", 0, numbers(0, 900), "a");
    const auto of_few = [](auto& settings) { settings.records_in_work_max = 50; };
    const auto partitions = [] { return telemetry::value(Gauge::kKafkaPartitions); };
    Reader reader{node_, kafka_.brokers(), of_few};
    node_.until("reading pauses", [] { return telemetry::value(Gauge::kKafkaLag) == 900; });
    {
        Reader other{node_, kafka_.brokers(), of_few};
        node_.until("it is given back", [&] { return partitions() == 0; });
        node_.until("it is assigned anew", [&] { return partitions() == 1; });
    }
    node_.until("it is here again", [&] { return partitions() == 1; });
    node_.store.refusal.reset();
    node_.advance(std::chrono::seconds{6});
    await("in/a", numbers(0, 900));
}

TEST_F(ConsumerTest, StopsWhileRecordsFlowAndGoesOnLater) {
    kafka_.create("orders", 1);
    kafka_.write("orders", 0, numbers(0, 950), "a");
    {
        Reader reader{node_, kafka_.brokers(),
                      [](auto& settings) { settings.records_in_work_max = 20; }};
        node_.until("some are stored", [&] { return node_.events("in/a").size() >= 20; });
    }
    EXPECT_EQ(kafka_.committed("howl", "orders", 0),
              static_cast<std::int64_t>(node_.events("in/a").size()));
    Reader reader{node_, kafka_.brokers()};
    await("in/a", numbers(0, 950));
}

TEST(ConsumerClusterTest, FollowsALeaderThatChanges) {
    KafkaMock kafka{2};
    NodeRig node;
    kafka.create("orders", 1, 2);
    kafka.lead("orders", 0, 1);
    kafka.write("orders", 0, numbers(0, 10), "a");
    Reader reader{node, kafka.brokers()};
    node.until("the first come", [&] { return node.events("in/a").size() == 10; });
    kafka.lead("orders", 0, 2);
    kafka.write("orders", 0, numbers(10, 20), "a");
    node.until("the others come", [&] { return node.events("in/a").size() >= 20; });
    EXPECT_THAT(node.events("in/a"), ElementsAreArray(numbers(0, 20)));
}

TEST_F(ConsumerTest, TwoOfAGroupOverOneStoreShareThePartitionsWithoutLossOrRepetition) {
    kafka_.create("orders", 4);
    Reader first{node_, kafka_.brokers()};
    node_.until("the first has all", [] { return telemetry::value(Gauge::kKafkaPartitions) == 4; });
    const auto write = [&](int from, int to) {
        for (int partition = 0; partition < 4; ++partition) {
            kafka_.write("orders", partition, numbers(from, to), fmt::format("p{}", partition));
        }
    };
    const auto partitions = [] { return telemetry::value(Gauge::kKafkaPartitions); };
    write(0, 200);
    Reader second{node_, kafka_.brokers()};
    node_.until("the first gives them back", [&] { return partitions() < 4; });
    write(200, 300);
    node_.until("both have theirs", [&] { return partitions() == 4; });
    write(300, 400);
    for (int partition = 0; partition < 4; ++partition) {
        await(fmt::format("in/p{}", partition), numbers(0, 400));
    }
}

TEST_F(ConsumerTest, ATopicThatWasMadeAnewIsReadFromItsBeginning) {
    kafka_.create("orders", 1);
    kafka_.write("orders", 0, numbers(0, 3), "a");
    {
        Reader reader{node_, kafka_.brokers()};
        await("in/a", numbers(0, 3));
    }
    // As if this topic had once held a hundred records. The version depends on how many batches
    // they came in.
    const auto checkpoint = node_.checkpoint_records().at(0);
    bool stored = false;
    node_.memory.commit({checkpoint.key, checkpoint.version, {}, Checkpoint{100, "old"}.text()},
                        {{}, [&](auto receipts) { stored = receipts.has_value(); }});
    ASSERT_TRUE(stored);
    Reader reader{node_, kafka_.brokers()};
    node_.until("they come again", [&] { return node_.events("in/a").size() >= 6; });
    EXPECT_EQ(node_.checkpoints()[0].second.next, 3U);
    EXPECT_NE(node_.checkpoints()[0].second.incarnation, "old");
}

TEST_F(ConsumerTest, RefusesSourcesThatCantWork) {
    NodeRig node;
    KafkaSettings settings;
    settings.brokers = kafka_.brokers();
    const auto producer = std::move(*Producer::create(settings));
    TopicFlow flow = *TopicFlow::create({"in/a", "", "howl:"});
    const auto refusal = [&](std::vector<Source> sources) {
        std::vector<Consumer::Route> routes;
        for (auto& source : sources) {
            routes.push_back({source, flow});
        }
        const auto made = Consumer::create(settings, std::move(routes),
                                           {node.shards, node.hubs(), node.store, *producer});
        return made ? std::string{} : made.error().detail;
    };
    EXPECT_EQ(refusal({{.topic = "a"}, {.topic = "a"}}), "topic 'a': it is a source twice");
    EXPECT_EQ(refusal({{.topic = "^a.*"}}), "topic '^a.*': expected 1-200 of A-Z a-z 0-9 . _ -");
    EXPECT_EQ(refusal({{.topic = "a", .dead_letters = "a"}}),
              "topic 'a': dead letters can't go to a source");
}

}  // namespace
}  // namespace howl::broker::kafka
