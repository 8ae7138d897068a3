// SPDX-License-Identifier: Apache-2.0
#include "products/chat/chat_json.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "products/chat/message.hpp"

namespace howl::products::chat {
namespace {

namespace json = boost::json;

const hub::Cursor kCursor{{Epoch{"d"}, Epoch{"v"}}, {Sequence{5}, Sequence{9}}};
const RoomName kRoom{"lobby"};
const User kAnna{"id-1", "Anna"};

hub::Event event_of(hub::TopicName topic, std::string type, std::string data) {
    return {.topic = std::move(topic),
            .offset = Offset{3},
            .sequence = Sequence{5},
            .time = WallTime{std::chrono::milliseconds{1'700'000'000'007}},
            .type = std::move(type),
            .content_type = "application/json",
            .data = std::move(data)};
}
hub::Event message_event(const Message& message, std::string type = {}) {
    return event_of(messages_topic(kRoom), std::move(type), message.data());
}
std::string told(const hub::Event& event) {
    return ChatEncoder{}.encode(event, kCursor);
}

TEST(ChatEncoder, TellsAMessageWithItsPlaceAndTime) {
    const Message message{.author = kAnna, .text = "a \"b\"", .client_id = "c-1"};
    const auto text =
        R"({"type":"message","cursor":"d.5.v.9","offset":3,"time":"2023-11-14T22:13:20.007Z",)"
        R"("user":{"id":"id-1","name":"Anna"},"text":"a \"b\"","clientId":"c-1"})";
    EXPECT_EQ(told(message_event(message)), text);
    EXPECT_EQ(told(message_event(message, "message")), text);
}

TEST(ChatEncoder, TellsTheTextOfARelayedFrame) {
    const Message message{.author = kAnna, .relayed = R"({"type":"send","msg":"hi"})"};
    EXPECT_EQ(
        told(message_event(message)),
        R"({"type":"message","cursor":"d.5.v.9","offset":3,"time":"2023-11-14T22:13:20.007Z",)"
        R"("user":{"id":"id-1","name":"Anna"},"text":"hi"})");
}

TEST(ChatEncoder, TellsWhereNobodyVouchesForTheAuthor) {
    const Message message{.author = {"", "Petr"}, .relayed = R"({"type":"send","msg":"hi"})"};
    EXPECT_EQ(told(message_event(message)),
              R"({"type":"message","cursor":"d.5.v.9","offset":3,)"
              R"("time":"2023-11-14T22:13:20.007Z","user":{"id":"","name":"Petr"},"text":"hi",)"
              R"("unverified":true})");
}

TEST(ChatEncoder, TellsWhoCameAndWentButNotOfReservedNames) {
    for (const std::string type : {"join", "leave", "typing"}) {
        EXPECT_EQ(
            told(event_of(members_topic(kRoom), type, user_text(kAnna))),
            R"({"type":")" + type + R"(","cursor":"d.5.v.9","user":{"id":"id-1","name":"Anna"}})");
    }
    for (const std::string type : {"reserve", "release", "later"}) {
        EXPECT_EQ(told(event_of(members_topic(kRoom), type, user_text(kAnna))), "") << type;
    }
}

TEST(ChatEncoder, WhatCannotBeReadIsNotTold) {
    EXPECT_EQ(told(event_of(messages_topic(kRoom), "", "no json")), "");
    EXPECT_EQ(told(event_of(members_topic(kRoom), "join", "{}")), "");
}

TEST(ChatEncoder, ALostSignOfTypingIsNoLoss) {
    const ChatEncoder encoder;
    EXPECT_EQ(encoder.encode_reset(messages_topic(kRoom), kCursor),
              R"({"type":"reset","cursor":"d.5.v.9"})");
    EXPECT_EQ(encoder.encode_reset(members_topic(kRoom), kCursor),
              R"({"type":"reset","cursor":"d.5.v.9"})");
    EXPECT_EQ(encoder.encode_reset(typing_topic(kRoom), kCursor), "");
}

TEST(ChatJson, APageLeavesOutWhatIsNoMessage) {
    MessagePage page{.older = MessagePage::Older::kSome};
    page.events.push_back(
        std::make_shared<hub::Event>(event_of(messages_topic(kRoom), "", R"({"user":"broken"})")));
    page.events.push_back(std::make_shared<hub::Event>(
        message_event({.author = kAnna, .text = "hello", .client_id = "c"})));
    json::object out;
    add_page(out, page);
    EXPECT_EQ(json::serialize(out),
              R"({"messages":[{"offset":3,"time":"2023-11-14T22:13:20.007Z",)"
              R"("user":{"id":"id-1","name":"Anna"},"text":"hello","clientId":"c"}],"more":true})");
}

}  // namespace
}  // namespace howl::products::chat
