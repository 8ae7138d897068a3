// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/item.hpp"

#include <chrono>
#include <string>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "storage/dynamodb/attributes.hpp"
#include "storage/dynamodb/pending_for_test.hpp"

namespace howl::storage::dynamodb {
namespace {

namespace json = boost::json;

const Table kThings{.kind = "thing", .name = "things"};
const Table kReports{.kind = "report",
                     .name = "report_status",
                     .key_attribute = "report_id",
                     .owner_attribute = "user_id",
                     .owner_index = "UserIdIndex",
                     .shown_members = {"status"}};

Result<Item> parse(const Table& table, std::string_view text) {
    return parse_item(table, json::parse(text).as_object());
}

TEST(DynamoItem, ReadsARecord) {
    const auto item = parse(kThings, R"({"id":{"S":"a"},"owner":{"S":"ada"},"version":{"N":"12"},
        "data":{"S":"text"},"token":{"S":"t1"}})");
    ASSERT_TRUE(item);
    EXPECT_EQ(item->record, (hub::Record{{"thing", "a"}, "ada", Version{12}, "text"}));
    EXPECT_TRUE(item->has_commit("t1"));
    EXPECT_FALSE(item->has_commit("t2"));
}

TEST(DynamoItem, ReadsWhatTheSeedsProgramWrote) {
    const auto item =
        parse(kReports, R"({"report_id":{"S":"r"},"user_id":{"S":"u"},"status":{"S":"queued"}})");
    ASSERT_TRUE(item);
    EXPECT_EQ(item->record,
              (hub::Record{{"report", "r"}, "u", Version{1}, R"({"status":"queued"})"}));
    EXPECT_EQ(item->token, "");
}

TEST(DynamoItem, ReadsNobodysRecordWithoutTextAndBytesThatAreNoText) {
    EXPECT_EQ(parse(kThings, R"({"id":{"S":"a"},"version":{"N":"1"}})")->record,
              (hub::Record{{"thing", "a"}, "", Version{1}, ""}));
    EXPECT_EQ(
        parse(kThings, R"({"id":{"S":"a"},"version":{"N":"1"},"data":{"B":"/wAB"}})")->record->data,
        std::string("\xFF\0\x01", 3));
}

TEST(DynamoItem, ReadsATombstone) {
    const auto item = parse(kThings, R"({"id":{"S":"a"},"removed":{"N":"1"},"token":{"S":"t"}})");
    EXPECT_TRUE(item->is_tombstone());
}

TEST(DynamoItem, PendingEventsComeBackAsTheyWere) {
    PendingCommit commit{"t9",
                         {pending_event("some/topic", "line\n2", {5, std::chrono::hours{1}}),
                          pending_event("other", "")}};
    commit.events[1].event.type.clear();
    commit.events[1].event.content_type.clear();
    const auto list = pending_list(commit);
    EXPECT_EQ(
        json::serialize(list),
        R"([{"M":{"token":{"S":"t9"},"events":{"L":[)"
        R"({"M":{"topic":{"S":"some/topic"},"keep_count":{"N":"5"},"keep_ms":{"N":"3600000"},)"
        R"("type":{"S":"news"},"content_type":{"S":"text/plain"},"data":{"S":"line\n2"}}},)"
        R"({"M":{"topic":{"S":"other"},"keep_count":{"N":"1000"},"keep_ms":{"N":"86400000"}}})"
        R"(]}}}])");
    json::object attributes{{"id", text_attribute("a")}, {"removed", number_attribute(1)}};
    attributes["pending"] = list_attribute(list);
    const auto item = parse_item(kThings, attributes).value();
    ASSERT_EQ(item.pending.size(), 1U);
    EXPECT_TRUE(item.has_commit("t9"));
    const auto& [event, retention] = item.pending[0].events.at(0);
    EXPECT_EQ(event.topic.text(), "some/topic");
    EXPECT_EQ(event.data, "line\n2");
    EXPECT_EQ(retention.count_max, 5U);
    EXPECT_EQ(retention.age_max, std::chrono::hours{1});
    EXPECT_EQ(item.pending[0].events.at(1).event.data, "");
}

TEST(DynamoItem, ACommitWithoutEventsHasNothingPending) {
    EXPECT_TRUE(pending_list({"t", {}}).empty());
}

TEST(DynamoItem, RefusesWhatNobodyCouldHaveWritten) {
    for (
        const auto* const text :
        {R"({"version":{"N":"1"}})", R"({"id":{"N":"1"},"version":{"N":"1"}})",
         R"({"id":{"S":"a"},"version":{"N":"0"}})", R"({"id":{"S":"a"},"version":{"N":"-1"}})",
         R"({"id":{"S":"a"},"version":{"N":"1x"}})", R"({"id":{"S":"a"},"version":{"S":"1"}})",
         R"({"id":{"S":"a"},"pending":{"L":[{"S":"x"}]}})",
         R"({"id":{"S":"a"},"pending":{"L":[{"M":{"token":{"S":"t"}}}]}})",
         R"({"id":{"S":"a"},"pending":{"L":[{"M":{"events":{"L":[{"M":{}}]}}}]}})",
         R"({"id":{"S":"a"},"pending":{"L":[{"M":{"events":{"L":[{"M":{"topic":{"S":"t"}}}]}}}]}})"}) {
        EXPECT_EQ(parse(kThings, text).error().code, Errc::kDamaged) << text;
    }
}

TEST(DynamoItem, ShowsTheMembersThatAreText) {
    EXPECT_EQ(json::serialize(shown_attributes(kReports, R"({"status":"queued","x":1})")),
              R"({"status":{"S":"queued"}})");
    EXPECT_EQ(json::serialize(shown_attributes(kReports, R"({"status":5})")), "{}");
    EXPECT_EQ(json::serialize(shown_attributes(kReports, "no JSON")), "{}");
}

}  // namespace
}  // namespace howl::storage::dynamodb
