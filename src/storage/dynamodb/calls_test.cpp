// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/calls.hpp"

#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/dynamodb/scripted_loop_for_test.hpp"
#include "telemetry/metrics.hpp"

namespace howl::storage::dynamodb {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kThrottled =
    R"({"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"m"})";

class CallsTest : public testing::Test {
protected:
    void make() {
        calls.make("GetItem", {{"TableName", "t"}}, calls.deadline(),
                   [this](Result<boost::json::object> answer) { outcome = std::move(answer); });
    }
    Errc failure() { return outcome.value().error().code; }

    ManualClock clock;
    SeededRandom random{7};
    const DynamoSettings settings;
    ScriptedLoop loop{clock};
    Calls calls{loop, clock, random, settings};
    std::optional<Result<boost::json::object>> outcome;
};

TEST_F(CallsTest, SendsTheOperationAndGivesTheAnswer) {
    make();
    EXPECT_EQ(loop.sent.front().request.operation, "GetItem");
    EXPECT_EQ(loop.sent.front().request.body, R"({"TableName":"t"})");
    EXPECT_EQ(loop.sent.front().request.time_max, 1s);
    loop.answer(200, R"({"Item":{}})");
    EXPECT_TRUE(outcome.value().value().contains("Item"));
}

TEST_F(CallsTest, TriesAgainWhatMaySucceed) {
    const auto retries = telemetry::value(telemetry::Counter::kDynamoRetries);
    make();
    loop.answer(400, kThrottled);
    loop.advance(400ms);
    loop.answer(500, R"({"__type":"InternalServerError"})");
    loop.advance(400ms);
    loop.fail_with(Errc::kPeerTimeout);
    loop.advance(400ms);
    loop.fail_with(Errc::kPeerClosed);
    loop.advance(400ms);
    loop.answer(200, "{}");
    EXPECT_TRUE(outcome.value());
    EXPECT_EQ(telemetry::value(telemetry::Counter::kDynamoRetries) - retries, 4U);
}

TEST_F(CallsTest, EndsAtItsDeadlineAndNotBehindIt) {
    make();
    const auto begin = clock.steady_now();
    while (!outcome) {
        loop.answer(400, kThrottled);
        loop.advance(outcome ? 0ms : loop.pauses.back());
    }
    EXPECT_EQ(failure(), Errc::kStorageFailed);
    EXPECT_LE(clock.steady_now() - begin, settings.commit_time);
    EXPECT_THAT(loop.pauses, Each(testing::Le(Calls::kPauseMax)));
    EXPECT_LE(loop.pauses.front(), Calls::kFirstPauseMax);
    EXPECT_GT(loop.pauses.size(), 5U);
}

TEST_F(CallsTest, TheLastTryGetsOnlyTheTimeThatIsLeft) {
    make();
    loop.advance(1700ms);
    loop.fail_with(Errc::kPeerTimeout);
    loop.advance(loop.pauses.back());
    ASSERT_EQ(loop.sent.size(), 1U);
    EXPECT_LE(loop.sent.front().request.time_max, 300ms);
}

TEST_F(CallsTest, WhatCannotSucceedIsSaidAtOnceByItsNameAlone) {
    make();
    loop.answer(400, R"({"__type":"com.amazon.coral.service#InvalidSignatureException",)"
                     R"("message":"The Canonical String was x-amz-security-token:SECRET"})");
    EXPECT_EQ(failure(), Errc::kStorageFailed);
    EXPECT_THAT(outcome.value().error().describe(), HasSubstr("InvalidSignatureException"));
    EXPECT_THAT(outcome.value().error().describe(), Not(HasSubstr("SECRET")));
}

TEST_F(CallsTest, TellsAConditionFromAMissingTable) {
    make();
    loop.answer(400, R"({"__type":"x#ConditionalCheckFailedException"})");
    EXPECT_EQ(failure(), Errc::kVersionConflict);
    make();
    loop.answer(400, R"({"__type":"x#ResourceNotFoundException"})");
    EXPECT_EQ(failure(), Errc::kNotFound);
}

TEST_F(CallsTest, AnAnswerThatIsNoJsonIsTriedAgain) {
    make();
    loop.answer(200, "<html>");
    loop.advance(400ms);
    loop.answer(200, "{}");
    EXPECT_TRUE(outcome.value());
}

}  // namespace
}  // namespace howl::storage::dynamodb
