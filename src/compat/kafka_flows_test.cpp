// SPDX-License-Identifier: Apache-2.0
// The flows of `/v3` and `/v4` against a mock cluster over TCP, and a PUT's way through it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/kafka/kafka_mock_for_test.hpp"
#include "broker/kafka/kafka_service.hpp"
#include "broker/kafka/node_rig_for_test.hpp"
#include "compat/inbox/kafka_inbox_flow.hpp"
#include "compat/reports/kafka_move_dispatcher.hpp"
#include "compat/reports/kafka_reports_flow.hpp"
#include "compat/reports/wanted_move.hpp"
#include "products/reports/report_notice.hpp"
#include "telemetry/metrics.hpp"

namespace howl::compat {
namespace {

using broker::kafka::KafkaMock;
using broker::kafka::KafkaService;
using broker::kafka::KafkaSettings;
using products::reports::ReportsApp;
using products::reports::Status;
using reports::KafkaMoveDispatcher;
using reports::MoveDispatcher;
using reports::WantedMove;
using telemetry::Counter;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::string_view kUser = "6f2d3a44-0001-4000-8000-000000000001";
constexpr std::string_view kOther = "6f2d3a44-0001-4000-8000-000000000002";

class KafkaFlows : public ::testing::Test {
protected:
    KafkaFlows() {
        kafka_.create("v3_messages", 1);
        kafka_.create("v4_messages", 1);
        settings_.brokers = kafka_.brokers();
        read_from({.at = broker::kafka::Begin::At::kBeginning});
    }
    void TearDown() override { stop(); }

    void read_from(broker::kafka::Begin begin) {
        settings_.sources = {{.topic = "v3_messages", .flow = "inbox", .begin = begin},
                             {.topic = "v4_messages", .flow = "reports", .begin = begin}};
    }
    std::unique_ptr<broker::RecordFlow> make_flow(std::string_view flow,
                                                  const broker::SourceLink& source) {
        if (flow == "inbox") {
            return std::make_unique<inbox::KafkaInboxFlow>();
        }
        dispatcher_ = std::make_unique<KafkaMoveDispatcher>(source, "process");
        return std::make_unique<reports::KafkaReportsFlow>(reports_, *dispatcher_);
    }
    Result<std::unique_ptr<KafkaService>> make() {
        return KafkaService::create(
            settings_, {node_.shards, node_.hubs(), node_.store,
                        [this](std::string_view flow, const broker::SourceLink& source) {
                            return make_flow(flow, source);
                        }});
    }
    void start() {
        auto made = make();
        ASSERT_TRUE(made) << made.error().describe();
        service_ = std::move(*made);
        service_->start();
        node_.until("it knows its sources", [this] { return node_.sources().size() == 2; });
    }
    void stop() {
        if (service_) {
            node_.while_running([this] { service_->stop(); });
            service_.reset();
        }
    }

    template <class T>
    static runtime::Task<void> keep(runtime::Task<T> task, std::optional<T>& outcome) {
        outcome.emplace(co_await std::move(task));
    }
    template <class T>
    T result_of(runtime::Task<T> task) {
        std::optional<T> outcome;
        node_.hub().shard().tasks().spawn("test", keep(std::move(task), outcome));
        node_.until("the task ends", [&] { return outcome.has_value(); });
        return std::move(*outcome);
    }
    std::string new_report() {
        return result_of(reports_.create(node_.hub(), random_,
                                         {std::string{kUser}, {std::string{kUser}, "v4"}}))
            ->stored.report.id;
    }
    Result<MoveDispatcher::Progress> put(const std::string& report, Status to,
                                         std::string_view user = kUser) {
        ReportsApp::MoveRequest request;
        request.report_id = report;
        request.to = to;
        request.actor = {std::string{user}, "v4"};
        request.owner = user;
        return result_of(dispatcher_->send(node_.hub(), std::move(request)));
    }
    /// The first one: moves are taken a moment after the sources are known.
    Result<MoveDispatcher::Progress> first_put(const std::string& report, Status to) {
        std::optional<Result<MoveDispatcher::Progress>> progress;
        node_.until("it is taken", [&] {
            progress = put(report, to);
            return *progress || progress->error().code != Errc::kBrokerUnavailable;
        });
        return *progress;
    }
    std::vector<std::string> moves() {
        return node_.events(products::reports::topic_of(kUser).text());
    }
    static std::string move_text(const std::string& report, Status to) {
        return WantedMove{report, to}.text();
    }

    KafkaMock kafka_;
    broker::kafka::NodeRig node_;
    SeededRandom random_{1};
    hub::FallibleStore report_store_{node_.memory};
    ReportsApp reports_{report_store_, {}};
    KafkaSettings settings_;
    std::unique_ptr<KafkaMoveDispatcher> dispatcher_;
    std::unique_ptr<KafkaService> service_;
};

TEST_F(KafkaFlows, AMessageGoesToTheInboxOfItsUser) {
    kafka_.write("v3_messages", 0, {"john:hi: there 🐺", "no colon", ":nobody", "john:"});
    start();
    node_.until("all are read", [&] { return node_.events("howl:inbox/v3/john").size() == 2; });
    EXPECT_THAT(node_.events("howl:inbox/v3/john"), ElementsAre("hi: there 🐺", ""));
    EXPECT_THAT(node_.events("howl:inbox/v3/~"), ElementsAre("nobody"));
}

TEST_F(KafkaFlows, AMoveFromOutsideGoesToTheStateMachine) {
    const auto report = new_report();
    const auto refused = telemetry::value(Counter::kKafkaRefusedMoves);
    kafka_.write("v4_messages", 0,
                 {move_text(report, Status::kQueued), move_text(report, Status::kCompleted), "{",
                  move_text(report, Status::kProcessing)});
    start();
    node_.until("all are read", [&] { return moves().size() == 3; });
    EXPECT_THAT(moves()[2], HasSubstr(R"("status":"processing")"));
    EXPECT_EQ(telemetry::value(Counter::kKafkaRefusedMoves), refused + 1);
}

TEST_F(KafkaFlows, APutComesBackThroughKafka) {
    start();
    const auto report = new_report();
    const auto progress = first_put(report, Status::kQueued);
    ASSERT_TRUE(progress) << progress.error().describe();
    EXPECT_EQ(*progress, MoveDispatcher::Progress::kApplied);
    const auto records = kafka_.read("v4_messages", 0, 1);
    ASSERT_THAT(records, SizeIs(1));
    EXPECT_EQ(records[0].value, fmt::format(R"({{"id":"{}","status":"queued"}})", report));
    ASSERT_TRUE(records[0].key);
    EXPECT_EQ(records[0].key->size(), 16U);
    EXPECT_EQ(records[0].header("howl-by"), kUser);
}

TEST_F(KafkaFlows, MovesThatAnotherServerHasJudgedAreLeftAlone) {
    const auto report = new_report();
    kafka_.write("v4_messages", 0,
                 {move_text(report, Status::kQueued), move_text(report, Status::kProcessing),
                  move_text(report, Status::kFailed)});
    kafka_.write("v3_messages", 0, {"john:of yesterday"});
    read_from({});  // As it is by default.
    start();
    // Refused until the ends of the sources are known.
    node_.until("it is taken", [&] { return put(report, Status::kCanceled).has_value(); });
    EXPECT_THAT(moves(), SizeIs(2)) << "created, canceled";
    kafka_.write("v3_messages", 0, {"john:of today"});
    node_.until("it is read", [&] { return !node_.events("howl:inbox/v3/john").empty(); });
    EXPECT_THAT(node_.events("howl:inbox/v3/john"), ElementsAre("of today"));
}

TEST_F(KafkaFlows, APutBeforeTheSourcesAreKnownIsRefused) {
    kafka_.take_down();
    read_from({});
    auto made = make();
    ASSERT_TRUE(made);
    service_ = std::move(*made);
    service_->start();
    const auto report = new_report();
    EXPECT_EQ(put(report, Status::kQueued).error().code, Errc::kBrokerUnavailable);
    kafka_.bring_up();
    node_.until("it is taken", [&] { return put(report, Status::kQueued).has_value(); });
}

TEST_F(KafkaFlows, APutHearsWhyItWasRefused) {
    start();
    const auto report = new_report();
    EXPECT_EQ(first_put(report, Status::kCompleted).error().code, Errc::kIllegalState);
    EXPECT_EQ(put(report, Status::kQueued, kOther).error().code, Errc::kNotFound);
    EXPECT_EQ(put("00000000-0000-4000-8000-000000000000", Status::kQueued).error().code,
              Errc::kNotFound);
    EXPECT_TRUE(put(report, Status::kQueued));
    EXPECT_THAT(moves(), SizeIs(2));
}

TEST_F(KafkaFlows, APutThatDoesNotComeBackInTimeIsUnderway) {
    start();
    const auto report = new_report();
    ASSERT_TRUE(first_put(report, Status::kQueued));
    report_store_.refusal = Errc::kStorageFull;
    std::optional<Result<MoveDispatcher::Progress>> progress;
    ReportsApp::MoveRequest request;
    request.report_id = report;
    request.to = Status::kProcessing;
    request.actor = {std::string{kUser}, "v4"};
    node_.hub().shard().tasks().spawn(
        "test", keep(dispatcher_->send(node_.hub(), std::move(request)), progress));
    const auto written = telemetry::value(Counter::kKafkaWrites);
    node_.until("it is written", [&] { return telemetry::value(Counter::kKafkaWrites) > written; });
    node_.until("it is given up for now", [&] {
        node_.advance(settings_.reply_time);
        return progress.has_value();
    });
    EXPECT_EQ(**progress, MoveDispatcher::Progress::kUnderway);
    report_store_.refusal.reset();
    node_.until("it is done later", [&] {
        node_.advance(std::chrono::seconds{1});
        return moves().size() == 3;
    });
}

TEST_F(KafkaFlows, APutWithoutBrokersIsRefusedInTime) {
    settings_.write_time = std::chrono::milliseconds{200};
    start();
    const auto report = new_report();
    kafka_.take_down();
    EXPECT_EQ(put(report, Status::kQueued).error().code, Errc::kBrokerUnavailable);
    kafka_.bring_up();
    node_.until("it works again", [&] { return put(report, Status::kQueued).has_value(); });
}

TEST_F(KafkaFlows, AReportStoreThatFailsHoldsUpTheMovesAlone) {
    const auto report = new_report();
    report_store_.refusal = Errc::kStorageFailed;
    kafka_.write("v4_messages", 0, {move_text(report, Status::kQueued)});
    start();
    const auto before = telemetry::value(Errc::kStorageFailed);
    node_.until("it fails", [&] { return telemetry::value(Errc::kStorageFailed) > before; });
    kafka_.write("v3_messages", 0, {"john:hi"});
    node_.until("the message comes",
                [&] { return node_.events("howl:inbox/v3/john").size() == 1; });
    EXPECT_THAT(moves(), SizeIs(1));
    report_store_.refusal.reset();
    node_.until("the move comes", [&] {
        node_.advance(std::chrono::seconds{1});
        return moves().size() == 2;
    });
}

TEST_F(KafkaFlows, AReportThatIsDamagedHoldsUpNoOther) {
    const auto report = new_report();
    report_store_.read_refusal = Errc::kDamaged;
    kafka_.write("v4_messages", 0, {move_text(report, Status::kQueued)});
    const auto before = telemetry::value(Counter::kKafkaRefusedMoves);
    start();
    node_.until("it is left out",
                [&] { return telemetry::value(Counter::kKafkaRefusedMoves) == before + 1; });
    report_store_.read_refusal.reset();
    kafka_.write("v4_messages", 0, {move_text(report, Status::kQueued)});
    node_.until("the next one comes", [&] { return moves().size() == 2; });
}

TEST_F(KafkaFlows, RecordsThatComeAgainMoveNothing) {
    const auto report = new_report();
    std::vector<std::string> cycle;
    for (const auto status : {Status::kQueued, Status::kCanceled, Status::kPending}) {
        cycle.push_back(move_text(report, status));
    }
    kafka_.write("v4_messages", 0, cycle);
    start();
    node_.until("all are read", [&] { return moves().size() == 4; });
    const auto checkpoint = node_.checkpoints()[0];
    stop();
    // As if the moves had been made and the checkpoint behind them had not been stored.
    bool stored = false;
    const auto key = hub::RecordKey{"kafka-place", checkpoint.first};
    std::uint64_t version = 0;
    node_.memory.get(key, [&](auto record) { version = (*record)->version.value(); });
    node_.memory.commit({key,
                         Version{version},
                         {},
                         broker::kafka::Checkpoint{0, checkpoint.second.incarnation}.text()},
                        {{}, [&](auto receipts) { stored = receipts.has_value(); }});
    ASSERT_TRUE(stored);
    const auto repeated = telemetry::value(Counter::kKafkaRepeated);
    kafka_.write("v4_messages", 0, {move_text(report, Status::kQueued)});
    start();
    node_.until("the new one is read", [&] { return moves().size() >= 5; });
    EXPECT_THAT(moves(), SizeIs(5));
    EXPECT_EQ(telemetry::value(Counter::kKafkaRepeated), repeated + 3);
}

TEST_F(KafkaFlows, RefusesATargetAmongHowlsOwnTopics) {
    settings_.sources = {{.topic = "a", .target = "howl:mine"}};
    const auto made = make();
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::kInvalidConfig);
}

}  // namespace
}  // namespace howl::compat
