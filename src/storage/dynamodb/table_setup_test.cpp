// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/table_setup.hpp"

#include <optional>
#include <string>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/dynamodb/scripted_loop_for_test.hpp"

namespace howl::storage::dynamodb {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

const Table kThings{.kind = "thing", .name = "things"};

constexpr const char* kGood = R"({"TableStatus":"ACTIVE",
    "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
    "AttributeDefinitions":[{"AttributeName":"owner","AttributeType":"S"},
                            {"AttributeName":"id","AttributeType":"S"}],
    "GlobalSecondaryIndexes":[{"IndexName":"Other"},
        {"IndexName":"OwnerIndex","IndexStatus":"ACTIVE",
         "KeySchema":[{"AttributeName":"owner","KeyType":"HASH"}],
         "Projection":{"ProjectionType":"ALL"}}]})";

/// A description that is good but for one thing.
std::string with(std::string_view right, std::string_view wrong) {
    std::string text = kGood;
    const auto at = text.find(right);
    return text.replace(at, right.size(), wrong);
}

TEST(TableShape, TheRightOneIsTaken) {
    EXPECT_TRUE(check_shape(kThings, boost::json::parse(kGood).as_object()));
}

TEST(TableShape, EveryOtherIsNamedWithWhatIsWrong) {
    const auto complaint = [](std::string_view right, std::string_view wrong) {
        const auto refused =
            check_shape(kThings, boost::json::parse(with(right, wrong)).as_object());
        return refused ? std::string{"nothing"} : refused.error().detail;
    };
    EXPECT_EQ(complaint(R"("id","KeyType")", R"("key","KeyType")"),
              "table things needs the key id of type S and no sort key");
    EXPECT_EQ(complaint(R"("id","AttributeType":"S")", R"("id","AttributeType":"N")"),
              "table things needs the key id of type S and no sort key");
    EXPECT_EQ(complaint(R"("OwnerIndex")", R"("OwnersIndex")"),
              "table things has no index OwnerIndex");
    EXPECT_THAT(complaint(R"("owner","KeyType")", R"("user","KeyType")"),
                HasSubstr("needs owner of type S as the key of its index"));
    EXPECT_EQ(complaint(R"("ALL")", R"("KEYS_ONLY")"),
              "table things needs all attributes in its index OwnerIndex");
}

class TableSetupTest : public testing::Test {
protected:
    void run() {
        setup.run({kThings}, [this](auto made) { outcome = std::move(made); });
    }
    void describe(const std::string& text) { loop.answer(200, R"({"Table":)" + text + "}"); }

    ManualClock clock;
    SeededRandom random{1};
    const DynamoSettings settings;
    ScriptedLoop loop{clock};
    Calls calls{loop, clock, random, settings};
    TableSetup setup{calls, loop, clock};
    std::optional<Result<std::vector<TableSetup::Outcome>>> outcome;
};

TEST_F(TableSetupTest, MakesATableAndWaitsUntilItCanBeUsed) {
    run();
    EXPECT_EQ(loop.sent.front().request.operation, "CreateTable");
    loop.answer(200, "{}");
    loop.answer(400, R"({"__type":"x#ResourceNotFoundException"})");
    loop.advance(TableSetup::kLookEvery);
    describe(with(R"("TableStatus":"ACTIVE")", R"("TableStatus":"CREATING")"));
    loop.advance(TableSetup::kLookEvery);
    describe(with(R"("IndexStatus":"ACTIVE")", R"("IndexStatus":"CREATING")"));
    EXPECT_FALSE(outcome);
    loop.advance(TableSetup::kLookEvery);
    describe(kGood);
    EXPECT_EQ(outcome.value()->at(0).fate, TableSetup::Fate::kMade);
}

TEST_F(TableSetupTest, ChecksATableThatIsThere) {
    run();
    loop.answer(400, R"({"__type":"x#ResourceInUseException"})");
    describe(kGood);
    EXPECT_EQ(outcome.value()->at(0).fate, TableSetup::Fate::kFound);
    run();
    loop.answer(400, R"({"__type":"x#ResourceInUseException"})");
    describe(with("ALL", "INCLUDE"));
    EXPECT_EQ(outcome.value().error().code, Errc::kInvalidConfig);
}

TEST_F(TableSetupTest, GivesUpOnATableThatNeverBecomesActive) {
    run();
    loop.answer(200, "{}");
    while (!outcome) {
        describe(with(R"("TableStatus":"ACTIVE")", R"("TableStatus":"CREATING")"));
        loop.advance(1s);
    }
    EXPECT_EQ(outcome.value().error().code, Errc::kStorageFailed);
}

TEST_F(TableSetupTest, AStoreSaysHowToMakeAMissingTable) {
    std::optional<Result<void>> checked;
    const Tables tables{{kThings}};
    check_tables(calls, tables, [&](Result<void> result) { checked = result; });
    loop.answer(400, R"({"__type":"x#ResourceNotFoundException"})");
    EXPECT_EQ(checked.value().error().detail,
              "there is no table things; make it with: howl store init");
}

}  // namespace
}  // namespace howl::storage::dynamodb
