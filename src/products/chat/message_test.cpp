// SPDX-License-Identifier: Apache-2.0
#include "products/chat/message.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "base/utf8.hpp"

namespace howl::products::chat {
namespace {

const User kAnna{"11111111-2222-4333-8444-555555555555", "Anna"};

Message sent(std::string text) {
    return {.author = kAnna, .text = std::move(text), .client_id = "c-1"};
}
Message relayed(std::string frame, FrameKind kind = FrameKind::kText) {
    return {.author = {"", "Petr"}, .relayed = std::move(frame), .frame = kind};
}
Message read_back(const Message& message) {
    return Message::parse(message.data()).value();
}
void expect_equal(const Message& one, const Message& other) {
    EXPECT_EQ(one.author, other.author);
    EXPECT_EQ(one.text, other.text);
    EXPECT_EQ(one.client_id, other.client_id);
    EXPECT_EQ(one.relayed, other.relayed);
    EXPECT_EQ(one.frame, other.frame);
}

TEST(Message, TheDataOfAnEventIsJson) {
    EXPECT_EQ(sent("a \"b\"\n").data(),
              R"({"user":{"id":"11111111-2222-4333-8444-555555555555","name":"Anna"},)"
              R"("text":"a \"b\"\n","clientId":"c-1"})");
    EXPECT_EQ(relayed(R"({"type":"send"})").data(),
              R"({"user":{"id":"","name":"Petr"},"relayed":"{\"type\":\"send\"}","frame":"text"})");
}

TEST(Message, IsReadBackAsItWas) {
    for (const auto& message :
         {sent("hello"), sent("\xF0\x9F\x90\xBA \x01 \x7F"), relayed(R"( {"type" : "send"} )"),
          relayed(R"({"type":"send"})", FrameKind::kBinary)}) {
        expect_equal(read_back(message), message);
    }
}

TEST(Message, WhatIsNoMessageIsRefused) {
    for (const std::string data :
         {"", "hello", "{}", R"({"text":"x","clientId":"c"})",
          R"({"user":{"id":"","name":"A"},"text":"x"})", R"({"user":{"id":"","name":"A"}})",
          R"({"user":{"id":"","name":"A"},"text":1,"clientId":"c"})",
          R"({"user":{"id":1,"name":"A"},"text":"x","clientId":"c"})",
          R"({"user":"A","text":"x","clientId":"c"})"}) {
        const auto message = Message::parse(data);
        ASSERT_FALSE(message) << data;
        EXPECT_EQ(message.error().code, Errc::kInvalidJson) << data;
    }
}

// The payloads of real relay clients.
TEST(Message, FindsTheTextOfEveryRelayClient) {
    for (const std::string frame : {
             R"({"type":"send","message":"hi","user":{"id":"1","name":"A"}})",
             R"({"msg":"hi","type":"send","user":{"id":"1","name":"A"}})",
             R"({"type":"send","msg":"hi","date":1795254678884,"userId":"1"})",
             R"({"type":"send","message":{"text":"hi","time":"09:51"},"name":"A"})",
             R"({"text":"hi","user":"A","date":1795254696717,"type":"send"})",
             R"({"author":{"name":"A"},"date":"x","text":"hi","type":"send"})",
         }) {
        EXPECT_EQ(relayed(frame).readable_text(), "hi") << frame;
    }
}

TEST(Message, AFrameWithoutATextHasNone) {
    for (const std::string frame :
         {R"({"type":"send"})", R"({"type":"send","message":5})", R"({"message":{"text":5}})",
          R"({"message":["hi"]})", "no json", "[]"}) {
        EXPECT_EQ(relayed(frame).readable_text(), "") << frame;
    }
    EXPECT_EQ(relayed(R"({"message":null,"msg":"hi"})").readable_text(), "hi");
}

TEST(Message, RelayClientsGetTheirFramesAsTheyWereAndOursInTheirForm) {
    const std::string frame = " {\"type\" :\t\"send\", \"x\":[1] } ";
    const WallTime time{std::chrono::milliseconds{1'700'000'000'007}};
    EXPECT_EQ(read_back(relayed(frame)).relay_text(time), frame);
    EXPECT_EQ(sent("a \"b\"").relay_text(time),
              R"({"type":"send","message":"a \"b\"",)"
              R"("user":{"id":"11111111-2222-4333-8444-555555555555","name":"Anna"},)"
              R"("msg":"a \"b\"","text":"a \"b\"",)"
              R"("userId":"11111111-2222-4333-8444-555555555555","name":"Anna",)"
              R"("author":{"id":"11111111-2222-4333-8444-555555555555","name":"Anna"},)"
              R"("date":"2023-11-14T22:13:20.007Z","time":"2023-11-14T22:13:20.007Z",)"
              R"("created":"2023-11-14T22:13:20.007Z"})");
    EXPECT_EQ(sent("hello").readable_text(), "hello");
}

TEST(Message, TheLargestFrameFitsIntoAnEvent) {
    const auto message = relayed(std::string(kRelayFrameBytesMax, '\t'));
    EXPECT_LE(message.data().size(), limits::kEventBytesMax);
    EXPECT_TRUE(is_valid_utf8(message.data()));
}

}  // namespace
}  // namespace howl::products::chat
