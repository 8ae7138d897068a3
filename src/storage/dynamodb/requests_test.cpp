// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/requests.hpp"

#include <string>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "storage/dynamodb/pending_for_test.hpp"

namespace howl::storage::dynamodb {
namespace {

namespace json = boost::json;

const Table kReports{.kind = "report",
                     .name = "report_status",
                     .key_attribute = "report_id",
                     .owner_attribute = "user_id",
                     .owner_index = "UserIdIndex",
                     .shown_members = {"status"}};

/// Compared as values: the order of the members does not matter.
void expect_request(const json::object& request, std::string_view expected) {
    EXPECT_EQ(json::value(request), json::parse(expected)) << json::serialize(request);
}

hub::RecordChange change(std::uint64_t expected, std::optional<std::string> data,
                         std::string owner = "u") {
    return {{"report", "r"}, Version{expected}, std::move(owner), std::move(data)};
}

TEST(DynamoRequests, GetIsConsistent) {
    expect_request(get_request(kReports, "r"),
                   R"json({"TableName":"report_status","Key":{"report_id":{"S":"r"}},
                       "ConsistentRead":true})json");
}

TEST(DynamoRequests, TheFirstCommitWantsThatThereIsNone) {
    expect_request(
        commit_request(kReports, change(0, R"json({"status":"pending"})json"),
                       {"t", {pending_event("a", "x", {1, std::chrono::milliseconds{2}})}}),
        R"json({"TableName":"report_status","Key":{"report_id":{"S":"r"}},"ReturnValues":"ALL_NEW",
            "ConditionExpression":"attribute_not_exists(#report_id) OR attribute_exists(#removed)",
            "UpdateExpression":"SET #token = :token, #version = :version, #data = :data, #user_id = :owner, #status = :shown_status, #pending = list_append(if_not_exists(#pending, :none), :events) REMOVE #removed",
            "ExpressionAttributeNames":{"#report_id":"report_id","#removed":"removed","#token":"token",
                "#version":"version","#data":"data","#user_id":"user_id","#status":"status",
                "#pending":"pending"},
            "ExpressionAttributeValues":{
    ":token" : {"S" : "t"},
               ":version" : {"N" : "1"},
                            ":data" : {"S" : "{\"status\":\"pending\"}"},
                                      ":owner" : {"S" : "u"},
                                                 ":shown_status" : {"S" : "pending"},
                                                                   ":none" : {"L" : []},
                                                                             ":events" : {
        "L" : [ {
            "M" : {
                "token" : {"S" : "t"},
                "events" : {
                    "L" : [ {
                        "M" : {
                            "topic" : {"S" : "a"},
                            "keep_count" : {"N" : "1"},
                            "keep_ms" : {"N" : "2"},
                            "type" : {"S" : "news"},
                            "content_type" : {"S" : "text/plain"},
                            "data" : {"S" : "x"}
                        }
                    } ]
                }
            }
        } ]
    }}})json");
}

TEST(DynamoRequests, TheSecondCommitAlsoTakesOverAnotherProgramsItem) {
    const auto request = commit_request(kReports, change(1, "{}", ""), {"t", {}});
    EXPECT_EQ(request.at("ConditionExpression").as_string(),
              "#version = :expected OR (attribute_not_exists(#version) AND "
              "attribute_exists(#report_id) AND attribute_not_exists(#removed))");
    EXPECT_EQ(request.at("UpdateExpression").as_string(),
              "SET #token = :token, #version = :version, #data = :data "
              "REMOVE #user_id, #status, #removed");
}

TEST(DynamoRequests, ALaterCommitNamesItsVersion) {
    const auto request = commit_request(kReports, change(7, "{}"), {"t", {}});
    EXPECT_EQ(request.at("ConditionExpression").as_string(), "#version = :expected");
    EXPECT_EQ(json::serialize(request.at("ExpressionAttributeValues").at(":version")),
              R"({"N":"8"})");
}

TEST(DynamoRequests, ARemovalLeavesATombstone) {
    const auto request = commit_request(kReports, change(7, std::nullopt), {"t", {}});
    EXPECT_EQ(request.at("UpdateExpression").as_string(),
              "SET #token = :token, #removed = :removed "
              "REMOVE #version, #data, #user_id, #status");
}

TEST(DynamoRequests, WhatIsRelayedGoesIfNoCommitHasCome) {
    expect_request(clear_request(kReports, "r", "t"),
                   R"json({"TableName":"report_status","Key":{"report_id":{"S":"r"}},
                       "ConditionExpression":"#token = :token","UpdateExpression":"REMOVE #pending",
                       "ExpressionAttributeNames":{"#token":"token","#pending":"pending"},
                       "ExpressionAttributeValues":{":token":{"S":"t"}}})json");
    expect_request(bury_request(kReports, "r", "t"),
                   R"json({"TableName":"report_status","Key":{"report_id":{"S":"r"}},
            "ConditionExpression":"#token = :token AND attribute_exists(#removed)",
            "ExpressionAttributeNames":{"#token":"token","#removed":"removed"},
            "ExpressionAttributeValues":{
        ":token" : {"S" : "t"}}
})json");
}

TEST(DynamoRequests, AnOwnersListAsksTheIndexAndAllOthersTheTable) {
    const auto owners = list_request(kReports, {"report", "u"}, Columns::kAll);
    EXPECT_EQ(owners.operation, "Query");
    expect_request(owners.body,
                   R"json({"TableName":"report_status","IndexName":"UserIdIndex",
                       "KeyConditionExpression":"#user_id = :owner",
                       "FilterExpression":"attribute_not_exists(#removed)",
                       "ExpressionAttributeNames":{"#removed":"removed","#user_id":"user_id"},
                       "ExpressionAttributeValues":{
        ":owner" : {"S" : "u"}}
})json");
    const auto all = list_request(kReports, {"report", {}}, Columns::kWithoutData);
    EXPECT_EQ(all.operation, "Scan");
    expect_request(all.body,
                   R"json({"TableName":"report_status","ConsistentRead":true,
                       "FilterExpression":"attribute_not_exists(#removed)",
                       "ProjectionExpression":"#report_id, #user_id, #version, #pending",
                       "ExpressionAttributeNames":{"#removed":"removed","#report_id":"report_id",
                           "#user_id":"user_id","#version":"version","#pending":"pending"}
    })json");
    const auto nobodys = list_request(kReports, {"report", ""}, Columns::kAll);
    EXPECT_EQ(nobodys.operation, "Scan");
    EXPECT_EQ(nobodys.body.at("FilterExpression").as_string(),
              "attribute_not_exists(#removed) AND attribute_not_exists(#user_id)");
}

TEST(DynamoRequests, TheTableIsTheSeeds) {
    expect_request(create_table_request(kReports),
                   R"json({"TableName":"report_status","BillingMode":"PAY_PER_REQUEST",
            "AttributeDefinitions":[{"AttributeName":"report_id","AttributeType":"S"},
                                    {"AttributeName":"user_id","AttributeType":"S"}],
            "KeySchema":[{"AttributeName":"report_id","KeyType":"HASH"}],
            "GlobalSecondaryIndexes":[{"IndexName":"UserIdIndex",
                "KeySchema":[{"AttributeName":"user_id","KeyType":"HASH"}],
                "Projection":{"ProjectionType":"ALL"}}]})json");
}

}  // namespace
}  // namespace howl::storage::dynamodb
