// SPDX-License-Identifier: Apache-2.0
#include "broker/kafka/producer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/kafka/kafka_mock_for_test.hpp"
#include "broker/kafka/node_rig_for_test.hpp"

namespace howl::broker::kafka {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::SizeIs;

class ProducerTest : public ::testing::Test {
protected:
    ProducerTest() {
        kafka_.create("out", 1);
        KafkaSettings settings;
        settings.brokers = kafka_.brokers();
        settings.write_time = std::chrono::seconds{3};
        producer_ = std::move(*Producer::create(settings));
    }

    static runtime::Task<void> keep(runtime::Task<Result<void>> task,
                                    std::optional<Result<void>>& outcome) {
        outcome.emplace(co_await std::move(task));
    }
    Result<void> send_all(std::vector<OutRecord> records) {
        std::optional<Result<void>> outcome;
        auto& shard = node_.hub().shard();
        shard.tasks().spawn("test", keep(producer_->send_all(shard, std::move(records)), outcome));
        node_.until("all are settled", [&] { return outcome.has_value(); });
        return std::move(*outcome);
    }

    KafkaMock kafka_;
    NodeRig node_;
    std::unique_ptr<Producer> producer_;
};

TEST_F(ProducerTest, ConfirmsWhatHasArrivedAsItWasGiven) {
    EXPECT_TRUE(send_all({{"out", std::string{"\0k", 2}, "one", {{"a", "1"}, {"a", "2"}}},
                          {"out", std::nullopt, "two", {}}}));
    const auto records = kafka_.read("out", 0, 2);
    ASSERT_THAT(records, SizeIs(2));
    EXPECT_EQ(records[0].key, (std::string{"\0k", 2}));
    EXPECT_EQ(records[0].value, "one");
    EXPECT_THAT(records[0].headers, ElementsAre(Pair("a", "1"), Pair("a", "2")));
    EXPECT_EQ(records[1].key, std::nullopt);
}

TEST_F(ProducerTest, TemporaryErrorsAreRetriedAndLeaveOneRecord) {
    kafka_.fail_next(KafkaMock::kProduce, {RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                                           RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS});
    EXPECT_TRUE(send_all({{"out", std::nullopt, "one", {}}}));
    EXPECT_TRUE(send_all({{"out", std::nullopt, "two", {}}}));
    const auto records = kafka_.read("out", 0, 2);
    ASSERT_THAT(records, SizeIs(2));
    EXPECT_EQ(records[1].value, "two");
}

TEST_F(ProducerTest, ReportsARetryableErrorRatherThanAFinalOne) {
    const OutRecord large{"out", std::nullopt, std::string(17 * 1024 * 1024, 'x'), {}};
    EXPECT_EQ(send_all({large}).error().code, Errc::kBodyTooLarge);
    kafka_.take_down();
    EXPECT_EQ(send_all({large, {"out", std::nullopt, "small", {}}}).error().code,
              Errc::kBrokerUnavailable);
}

TEST_F(ProducerTest, StopsInTimeWithoutBrokersAndTakesNothingMore) {
    kafka_.take_down();
    std::optional<Result<void>> outcome;
    producer_->send({"out", std::nullopt, "one", {}},
                    [&](Result<void> result) { outcome = std::move(result); });
    producer_->stop();
    ASSERT_TRUE(outcome);
    EXPECT_FALSE(*outcome);
    EXPECT_EQ(send_all({{"out", std::nullopt, "two", {}}}).error().code, Errc::kDraining);
}

}  // namespace
}  // namespace howl::broker::kafka
