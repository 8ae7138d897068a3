// SPDX-License-Identifier: Apache-2.0
#include "broker/kafka/partition_worker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/kafka/node_rig_for_test.hpp"
#include "broker/kafka/topic_flow.hpp"
#include "telemetry/metrics.hpp"

namespace howl::broker::kafka {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using namespace std::chrono_literals;

/// A worker of a source whose records become events of the topic that their key names.
class PartitionWorkerTest : public ::testing::Test {
protected:
    void SetUp() override { begin(); }
    void TearDown() override {
        if (worker_) {
            end();
        }
    }

    void begin(std::string dead_letters = {}) { begin_with(flow_, std::move(dead_letters)); }
    void begin_with(RecordFlow& flow, std::string dead_letters = {}) {
        StoredCheckpoint stored;
        node_.memory.get(kKey, [&](auto record) { stored = *stored_checkpoint_of(record); });
        PartitionWorker::Sinks sinks{
            .send = [this](runtime::Shard&,
                           std::vector<OutRecord> records) { return send(std::move(records)); },
            .dead_letters = std::move(dead_letters),
            .on_done = [this](PartitionWorker::Done done) { done_.push_back(done.next); },
            .on_end = [this] { ended_ = true; }};
        ended_ = false;
        worker_ = std::make_shared<PartitionWorker>(
            node_.hub(), flow, PartitionWorker::Partition{"orders", 3},
            CheckpointStore{node_.hub(), node_.store, kKey, stored}, std::move(sinks));
        PartitionWorker::start(worker_);
    }
    void end() {
        worker_->close();
        worker_.reset();
        node_.settle();
        EXPECT_TRUE(ended_);
    }
    runtime::Task<Result<void>> send(std::vector<OutRecord> records) {
        if (send_error_) {
            co_return fail(*send_error_, "test");
        }
        std::size_t bytes = 0;
        for (const auto& record : records) {
            bytes += record.value->size();
        }
        if (bytes > bytes_max_) {
            co_return fail(Errc::kBodyTooLarge, "test");
        }
        std::ranges::move(records, std::back_inserter(dead_letters_));
        co_return Result<void>{};
    }
    static Record record(std::uint64_t offset, std::string value) {
        return {.offset = offset, .key = "a", .value = std::move(value)};
    }
    void add(std::vector<Record> records) {
        worker_->add(std::move(records));
        node_.settle();
    }

    const hub::RecordKey kKey = checkpoint_key("cluster", "orders", 3);
    NodeRig node_{{{"fleeting/*", {hub::Lane::kVolatile, {}}}}};
    TopicFlow flow_ = *TopicFlow::create({"in/{key}", "", "howl:"});
    std::shared_ptr<PartitionWorker> worker_;
    std::vector<std::uint64_t> done_;
    std::vector<OutRecord> dead_letters_;
    std::optional<Errc> send_error_;
    std::size_t bytes_max_ = 1'000;  ///< Of what is sent together.
    bool ended_ = false;
};

TEST_F(PartitionWorkerTest, StoresRecordsInOrderAndTheCheckpointBehindThem) {
    add({record(7, "one"), record(8, "two"), record(11, "three")});
    EXPECT_THAT(node_.events("in/a"), ElementsAre("one", "two", "three"));
    ASSERT_THAT(node_.checkpoints(), ElementsAre(Pair("cluster/orders/3", ::testing::_)));
    EXPECT_EQ(node_.checkpoints()[0].second.next, 12U);
    EXPECT_THAT(done_, ElementsAre(12U));
}

TEST_F(PartitionWorkerTest, TakesAThousandRecordsInOneCommit) {
    std::vector<Record> records;
    for (std::uint64_t i = 0; i < 2'500; ++i) {
        records.push_back(record(i, "x"));
    }
    add(std::move(records));
    EXPECT_THAT(done_, ElementsAre(1'000U, 2'000U, 2'500U));
}

TEST_F(PartitionWorkerTest, KeepsTheIncarnationOfItsStreamOverARestart) {
    add({record(0, "one")});
    const auto before = node_.checkpoints()[0].second;
    end();
    begin();
    add({record(1, "two")});
    EXPECT_EQ(node_.checkpoints()[0].second.incarnation, before.incarnation);
    EXPECT_EQ(node_.checkpoints()[0].second.next, 2U);
}

TEST_F(PartitionWorkerTest, BeginsANewStreamWhereTheTopicWasMadeAnew) {
    add({record(50, "old")});
    const auto before = node_.checkpoints()[0].second;
    auto first = record(0, "new");
    first.stream = Stream::kAnew;
    add({record(51, "last"), std::move(first), record(1, "newer")});
    EXPECT_THAT(node_.events("in/a"), ElementsAre("old", "last", "new", "newer"));
    EXPECT_NE(node_.checkpoints()[0].second.incarnation, before.incarnation);
    EXPECT_EQ(node_.checkpoints()[0].second.next, 2U);
}

TEST_F(PartitionWorkerTest, TriesAgainForEverWithGrowingPausesAndKeepsTheOrder) {
    add({record(0, "one")});
    node_.store.refusal = Errc::kStorageFull;
    add({record(1, "two")});
    add({record(2, "three")});
    const auto tries = [] { return telemetry::value(Errc::kStorageFull); };
    const auto first = tries();
    node_.advance(150ms);
    EXPECT_GE(tries(), first + 1);
    node_.advance(60s);
    EXPECT_LT(tries(), first + 40);
    const auto late = tries();
    node_.advance(10s);
    EXPECT_GE(tries(), late + 2);
    EXPECT_THAT(node_.events("in/a"), ElementsAre("one"));
    node_.store.refusal.reset();
    node_.advance(6s);
    EXPECT_THAT(node_.events("in/a"), ElementsAre("one", "two", "three"));
}

TEST_F(PartitionWorkerTest, EndsWhileTheStoreFailsAndStoresNothing) {
    node_.store.refusal = Errc::kStorageFull;
    add({record(0, "one")});
    end();
    EXPECT_THAT(node_.events("in/a"), IsEmpty());
    EXPECT_THAT(done_, IsEmpty());
}

/// Closes its worker when it sees a certain record.
class ClosingFlow final : public RecordFlow {
public:
    ClosingFlow(TopicFlow& flow, std::function<void()> close)
        : flow_(flow), close_(std::move(close)) {}
    runtime::Task<Result<Effect>> take(hub::Hub& hub, const Record& record,
                                       const std::string& stream) override {
        if (record.value == "close") {
            close_();
        }
        co_return co_await flow_.take(hub, record, stream);
    }

private:
    TopicFlow& flow_;
    std::function<void()> close_;
};

TEST_F(PartitionWorkerTest, KeepsFinishedEffectsWhenItIsClosedAmidARange) {
    end();
    ClosingFlow closing{flow_, [this] { worker_->close(); }};
    begin_with(closing);
    add({record(0, "one"), record(1, "close"), record(2, "three")});
    EXPECT_TRUE(ended_);
    EXPECT_THAT(node_.events("in/a"), ElementsAre("one", "close"));
    EXPECT_THAT(done_, ElementsAre(2U));
    worker_.reset();
}

TEST_F(PartitionWorkerTest, StoresNothingTwiceAfterALostCompletion) {
    add({record(0, "one")});
    // As if a commit had been made and its completion lost: "two" and its checkpoint are stored
    // already.
    CheckpointStore other{
        node_.hub(), node_.memory, kKey, {node_.checkpoints()[0].second, Version{2}}};
    std::vector<hub::NewEvent> events;
    events.push_back({.topic = *hub::TopicName::parse("in/a"), .data = "two"});
    const auto advance = [](CheckpointStore& checkpoint,
                            std::vector<hub::NewEvent> batch) -> runtime::Task<void> {
        EXPECT_TRUE(co_await checkpoint.advance(2, std::move(batch)));
    };
    node_.hub().shard().tasks().spawn("test", advance(other, std::move(events)));
    node_.settle();
    add({record(1, "two"), record(2, "three")});
    node_.advance(1s);
    EXPECT_THAT(node_.events("in/a"), ElementsAre("one", "two", "three"));
    EXPECT_EQ(node_.checkpoints()[0].second.next, 3U);
}

TEST_F(PartitionWorkerTest, SkipsPoisonAndCountsIt) {
    const auto before = telemetry::value(telemetry::Counter::kKafkaPoison);
    Record keyless{.offset = 1, .value = "no key"};
    Record garbled{.offset = 2, .key = "\xff", .value = "no topic's name"};
    Record large{.offset = 3, .key = "a", .value = std::string(65'537, 'x')};
    Record broken{.offset = 4, .key = "a", .value = "\xff"};
    add({record(0, "one"), keyless, garbled, large, broken, record(5, "two")});
    EXPECT_THAT(node_.events("in/a"), ElementsAre("one", "two"));
    EXPECT_EQ(telemetry::value(telemetry::Counter::kKafkaPoison), before + 4);
    EXPECT_THAT(done_, ElementsAre(6U));
}

TEST_F(PartitionWorkerTest, ConfirmsADeadLetterBeforeTheCheckpointPassesIt) {
    end();
    begin("dead");
    send_error_ = Errc::kBrokerUnavailable;
    Record poison{.offset = 4, .value = "no key", .headers = {{"mine", "1"}}};
    add({poison});
    EXPECT_THAT(done_, IsEmpty());
    send_error_.reset();
    node_.advance(1s);
    EXPECT_THAT(done_, ElementsAre(5U));
    ASSERT_EQ(dead_letters_.size(), 1U);
    EXPECT_EQ(dead_letters_[0].topic, "dead");
    EXPECT_EQ(dead_letters_[0].value, "no key");
    EXPECT_THAT(dead_letters_[0].headers,
                ElementsAre(Pair("mine", "1"), Pair("howl-source-topic", "orders"),
                            Pair("howl-source-partition", "3"), Pair("howl-source-offset", "4"),
                            Pair("howl-reason", "bad_request")));
}

TEST_F(PartitionWorkerTest, GivesUpOnlyTheDeadLetterThatIsTooLargeByItself) {
    end();
    begin("dead");
    const auto keyless = [](std::uint64_t offset, std::size_t bytes) {
        return Record{.offset = offset, .value = std::string(bytes, 'x')};
    };
    add({keyless(0, 600), keyless(1, 1'001), keyless(2, 700)});
    ASSERT_EQ(dead_letters_.size(), 2U);
    EXPECT_EQ(dead_letters_[0].value->size(), 600U);
    EXPECT_EQ(dead_letters_[1].value->size(), 700U);
    EXPECT_THAT(done_, ElementsAre(3U));
}

TEST_F(PartitionWorkerTest, PublishesVolatileEventsAfterTheCheckpoint) {
    flow_ = *TopicFlow::create({"fleeting/{key}", "tick", "howl:"});
    add({record(0, "one"), record(1, "two")});
    EXPECT_THAT(node_.events("fleeting/a"), ElementsAre("one", "two"));
    EXPECT_EQ(node_.checkpoints()[0].second.next, 2U);
}

}  // namespace
}  // namespace howl::broker::kafka
