// SPDX-License-Identifier: Apache-2.0
#include "server/record_checks.hpp"

#include <gtest/gtest.h>

#include "broker/kafka/checkpoint.hpp"
#include "products/chat/chat_app.hpp"
#include "products/cloud/cloud_app.hpp"
#include "products/reports/reports_app.hpp"

namespace howl::server {
namespace {

TEST(CheckRecord, KnowsTheTextOfEveryKindThatHowlReads) {
    for (const auto kind :
         {products::chat::kRecordKind, products::cloud::kRecordKind, products::reports::kRecordKind,
          broker::kafka::kCheckpointKind, broker::kafka::kSourceKind}) {
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
