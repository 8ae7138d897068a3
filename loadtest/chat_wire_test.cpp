// SPDX-License-Identifier: Apache-2.0
// The texts are those of docs/API.md, "Chat".
#include "loadtest/chat_wire.hpp"

#include <gtest/gtest.h>

namespace howl::loadtest {
namespace {

constexpr std::string_view kMessage =
    R"({"type":"message","cursor":"e1-9","offset":12,"time":"2026-11-21T12:45:37.251Z",)"
    R"("user":{"id":"0b3e","name":"Anna"},)"
    R"("text":"~howl~0000000000123456789-000000042~ww","clientId":"bench-42"})";

TEST(ChatWire, WritesMessagesOfAClient) {
    EXPECT_EQ(make_register("Anna"), R"({"type":"register","name":"Anna"})");
    EXPECT_EQ(make_send({.nanos = 123456789, .number = 42}, 38),
              R"({"type":"send","id":"bench-42","text":"~howl~0000000000123456789-000000042~ww"})");
}

TEST(ChatWire, FindsTheStampOfAMessage) {
    const ChatItem item = parse_chat_item(kMessage);
    EXPECT_EQ(item.kind, ChatItemKind::kMessage);
    EXPECT_EQ(item.offset, 12U);
    ASSERT_TRUE(item.stamp);
    EXPECT_EQ(item.stamp->nanos, 123456789U);
    EXPECT_EQ(item.stamp->number, 42U);
}

TEST(ChatWire, FindsNoStampInForeignMessages) {
    const ChatItem item = parse_chat_item(R"({"type":"message","offset":1,"text":"hello"})");
    EXPECT_EQ(item.kind, ChatItemKind::kMessage);
    EXPECT_FALSE(item.stamp);
}

TEST(ChatWire, ReadsAnAck) {
    const ChatItem item = parse_chat_item(
        R"({"type":"ack","id":"bench-42","offset":12,"epoch":"e1","time":"2026-11-21T12:45:37Z"})");
    EXPECT_EQ(item.kind, ChatItemKind::kAck);
    EXPECT_EQ(item.offset, 12U);
    EXPECT_EQ(item.number, 42U);
}

TEST(ChatWire, FindsTheNewestMessageOfASnapshot) {
    const ChatItem item = parse_chat_item(
        R"({"type":"snapshot","cursor":"c","members":[{"id":"0b3e","name":"Anna"}],)"
        R"("messages":[{"offset":3,"text":"a"},{"offset":4,"text":"b"}],"more":true})");
    EXPECT_EQ(item.kind, ChatItemKind::kSnapshot);
    EXPECT_EQ(item.offset, 4U);
    EXPECT_EQ(parse_chat_item(R"({"type":"snapshot","members":[],"messages":[]})").offset, 0U);
}

TEST(ChatWire, ReadsWhatWentWrong) {
    const ChatItem refused = parse_chat_item(
        R"({"type":"refused","code":"name_taken","name":"Anna","suggestion":"Anna 2"})");
    EXPECT_EQ(refused.kind, ChatItemKind::kRefused);
    EXPECT_EQ(refused.code, "name_taken");
    const ChatItem error =
        parse_chat_item(R"({"type":"error","code":"rate_limited","id":"bench-7","title":"..."})");
    EXPECT_EQ(error.kind, ChatItemKind::kError);
    EXPECT_EQ(error.code, "rate_limited");
    EXPECT_EQ(error.number, 7U);
    EXPECT_EQ(parse_chat_item(R"({"type":"reset","cursor":"c"})").kind, ChatItemKind::kReset);
}

TEST(ChatWire, IgnoresOtherItems) {
    for (const auto* text : {R"({"type":"join","user":{"id":"0b3e","name":"Anna"}})",
                             R"({"type":"registered","room":"lobby","token":"00"})",
                             R"({"type":"pong"})", R"({"type":"news from tomorrow"})"}) {
        EXPECT_EQ(parse_chat_item(text).kind, ChatItemKind::kOther) << text;
    }
}

TEST(ChatWire, RefusesInvalidServerMessages) {
    for (const auto* text :
         {"", "[]", "{", R"({"offset":1})", R"({"type":1})", R"({"type":"message","text":"x"})",
          R"({"type":"message","offset":0,"text":"x"})", R"({"type":"message","offset":1})",
          R"({"type":"ack","offset":1,"id":"bench-x"})", R"({"type":"ack","id":"bench-1"})",
          R"({"type":"snapshot"})", R"({"type":"snapshot","messages":[1]})",
          R"({"type":"refused"})", R"({"type":"error"})"}) {
        EXPECT_EQ(parse_chat_item(text).kind, ChatItemKind::kMalformed) << text;
    }
}

TEST(ChatItemReader, ReadsTheSameAndAnotherText) {
    ChatItemReader reader;
    EXPECT_EQ(reader.read(kMessage).offset, 12U);
    EXPECT_EQ(reader.read(kMessage).offset, 12U);
    EXPECT_EQ(reader.read(R"({"type":"message","offset":13,"text":"x"})").offset, 13U);
    EXPECT_EQ(reader.read("").kind, ChatItemKind::kMalformed);
}

}  // namespace
}  // namespace howl::loadtest
