// SPDX-License-Identifier: Apache-2.0
#include "compat/inbox/kafka_inbox_flow.hpp"

#include <string>

#include <gtest/gtest.h>

namespace howl::compat::inbox {
namespace {

TEST(KafkaInboxFlow, SaysWhyATextIsNoMessage) {
    const auto error_of = [](std::string_view text) { return inbox_event_of(text).error().code; };
    EXPECT_EQ(error_of("no colon"), Errc::kBadRequest);
    EXPECT_EQ(error_of(""), Errc::kBadRequest);
    EXPECT_EQ(error_of("\xff:a"), Errc::kInvalidUtf8);
    EXPECT_EQ(error_of("a:\xff"), Errc::kInvalidUtf8);
    EXPECT_EQ(error_of("a:" + std::string(65'537, 'x')), Errc::kBodyTooLarge);
    EXPECT_EQ(error_of(std::string(256, 'a') + ":x"), Errc::kInvalidTopic);
}

}  // namespace
}  // namespace howl::compat::inbox
