// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/lister.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/dynamodb/item_inspection.hpp"
#include "storage/dynamodb/scripted_loop_for_test.hpp"
#include "telemetry/metrics.hpp"

namespace howl::storage::dynamodb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// What other programs, or a hand in the console, may release in a table of ours.
constexpr const char* kPage = R"({"Items":[
    {"id":{"S":"a"},"version":{"N":"1"},"data":{"S":"one"}},
    {"id":{"S":"zero"},"version":{"N":"0"},"data":{"S":"x"}},
    {"id":{"S":"text"},"version":{"S":"1.0"},"data":{"S":"x"}},
    {"id":{"S":"null"},"version":{"NULL":true},"data":{"S":"x"}},
    {"id":{"S":"pending"},"version":{"N":"1"},"pending":{"L":[{"S":"x"}]},"data":{"S":"x"}},
    {"id":{"S":"b"},"version":{"N":"2"},"data":{"S":"two"}}]})";

class ListerTest : public testing::Test {
protected:
    std::vector<std::string> read() {
        std::vector<std::string> ids;
        lister_.read(
            table_, list_request(table_, {.kind = "thing"}, Columns::kAll),
            [&ids](std::vector<Item> page, Lister::GoOn go_on) {
                for (const auto& item : page) {
                    ids.push_back(item.key.id);
                }
                go_on({});
            },
            [this](Result<void> outcome) { done_ = outcome.has_value(); });
        loop_.answer(200, kPage);
        return ids;
    }

    const Table table_{.kind = "thing", .name = "howl_thing"};
    ManualClock clock_;
    SeededRandom random_{7};
    const DynamoSettings settings_;
    ScriptedLoop loop_{clock_};
    Calls calls_{loop_, clock_, random_, settings_};
    Lister lister_{calls_};
    bool done_ = false;
};

TEST_F(ListerTest, LeavesOutWhatCannotBeReadAndCountsIt) {
    const auto before = telemetry::value(telemetry::Counter::kRecordsUnreadable);
    EXPECT_THAT(read(), ElementsAre("a", "b"));
    EXPECT_TRUE(done_);
    EXPECT_EQ(telemetry::value(telemetry::Counter::kRecordsUnreadable), before + 4);
}

TEST_F(ListerTest, AnInspectionFindsThemAndThoseThatTheirAppRefuses) {
    std::vector<hub::UnreadableRecord> found;
    ItemInspection inspection{calls_};
    inspection.find(
        table_,
        [](const hub::Record& record) -> Result<void> {
            return record.data == "two" ? fail(Errc::kInvalidJson, "test") : Result<void>{};
        },
        [&](Result<std::vector<hub::UnreadableRecord>> records) { found = records.value(); });
    EXPECT_EQ(loop_.sent.front().request.operation, "Scan");
    loop_.answer(200, kPage);
    std::vector<std::string> ids;
    for (const auto& record : found) {
        EXPECT_EQ(record.table, "howl_thing");
        ids.push_back(record.id);
    }
    EXPECT_THAT(ids, ElementsAre("zero", "text", "null", "pending", "b"));
    EXPECT_THAT(found.at(0).content, HasSubstr(R"("version":{"N":"0"})"));

    bool removed = false;
    inspection.remove(table_, found.at(0),
                      [&removed](Result<void> outcome) { removed = outcome.has_value(); });
    EXPECT_EQ(loop_.sent.front().request.operation, "DeleteItem");
    EXPECT_EQ(loop_.sent.front().request.body,
              R"({"TableName":"howl_thing","Key":{"id":{"S":"zero"}}})");
    loop_.answer(200, "{}");
    EXPECT_TRUE(removed);
}

}  // namespace
}  // namespace howl::storage::dynamodb
