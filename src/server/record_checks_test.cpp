// SPDX-License-Identifier: Apache-2.0
#include "server/record_checks.hpp"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "broker/kafka/checkpoint.hpp"
#include "registry/products.hpp"

namespace howl::server {
namespace {

TEST(CheckRecord, KnowsTheTextOfEveryKindThatHowlReads) {
    std::vector<std::string_view> kinds{broker::kafka::kCheckpointKind, broker::kafka::kSourceKind};
    for (const auto& records : registry::all_of(&products::Product::records)) {
        kinds.push_back(records.kind);
    }
    EXPECT_GE(kinds.size(), 5U);
    for (const auto kind : kinds) {
        hub::Record record;
        record.key = {std::string{kind}, "one"};
        record.data = "{}";
        EXPECT_FALSE(check_record(record)) << kind;
    }
}

TEST(CheckRecord, WhatHowlWritesOfKafkaIsSound) {
    hub::Record record;
    record.key = {std::string{broker::kafka::kSourceKind}, "cluster/orders"};
    record.data = broker::kafka::Takeover{{3, 0}}.text();
    EXPECT_TRUE(check_record(record));
    record.key.kind = broker::kafka::kCheckpointKind;
    record.data = broker::kafka::Checkpoint{7, "word"}.text();
    EXPECT_TRUE(check_record(record));
}

}  // namespace
}  // namespace howl::server
