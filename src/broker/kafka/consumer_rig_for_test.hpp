// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/kafka/consumer.hpp"
#include "broker/kafka/kafka_mock_for_test.hpp"
#include "broker/kafka/node_rig_for_test.hpp"
#include "broker/kafka/topic_flow.hpp"

namespace howl::broker::kafka {

inline std::vector<std::string> numbers(int from, int to) {
    std::vector<std::string> texts;
    for (int number = from; number < to; ++number) {
        texts.push_back(fmt::to_string(number));
    }
    return texts;
}

/// A consumer of `orders`, whose records become events of `in/{key}`.
class Reader {
public:
    Reader(
        NodeRig& node, const std::string& brokers,
        const std::function<void(KafkaSettings&)>& adjust = [](KafkaSettings&) {})
        : node_(node) {
        KafkaSettings settings;
        settings.brokers = brokers;
        settings.sources = {
            {.topic = "orders", .target = "in/{key}", .begin = {.at = Begin::At::kBeginning}}};
        adjust(settings);
        producer_ = std::move(*Producer::create(settings));
        std::vector<Consumer::Route> routes;
        for (const auto& source : settings.sources) {
            routes.push_back({source, flow_});
        }
        auto made = Consumer::create(settings, std::move(routes),
                                     {node.shards, node.hubs(), node.store, *producer_});
        EXPECT_TRUE(made) << made.error().describe();
        consumer_ = std::move(*made);
        consumer_->start();
    }
    ~Reader() { stop(); }
    [[nodiscard]] bool has_begun() const { return consumer_->has_begun(); }
    void stop() {
        node_.while_running([this] { consumer_->stop(); });
        node_.while_running([this] { producer_->stop(); });
        node_.settle();
    }

private:
    NodeRig& node_;
    TopicFlow flow_ = *TopicFlow::create({"in/{key}", "", "howl:"});
    std::unique_ptr<Producer> producer_;
    std::unique_ptr<Consumer> consumer_;
};

/// A mock cluster over TCP and a node; each test has consumers of its own.
class ConsumerTest : public ::testing::Test {
protected:
    void await(std::string_view topic, const std::vector<std::string>& expected) {
        node_.until(fmt::format("{} events in {}", expected.size(), topic),
                    [&] { return node_.events(topic).size() >= expected.size(); });
        EXPECT_THAT(node_.events(topic), ::testing::ElementsAreArray(expected));
    }

    /// Stores the takeovers of the sources, so that later a failing store does not stop reading.
    void note_sources() {
        const Reader reader{node_, kafka_.brokers()};
        node_.until("its sources are noted", [this] { return !node_.sources().empty(); });
    }

    /// Overwrites the one record of this kind whose id ends with `id_end` by an unreadable text.
    void damage(std::string_view kind, std::string_view id_end) {
        int damaged = 0;
        node_.memory.list({.kind = std::string{kind}}, [&](auto records) {
            for (const auto& record : records->records) {
                if (record.key.id.ends_with(id_end)) {
                    ++damaged;
                    node_.memory.commit({record.key, record.version, {}, "damaged"},
                                        {{}, [](const auto& done) { EXPECT_TRUE(done); }});
                }
            }
        });
        ASSERT_EQ(damaged, 1) << kind << " " << id_end;
    }

    KafkaMock kafka_;
    NodeRig node_;
};

}  // namespace howl::broker::kafka
