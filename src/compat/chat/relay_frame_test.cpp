// SPDX-License-Identifier: Apache-2.0
#include "compat/chat/relay_frame.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "products/chat/message.hpp"

namespace howl::compat::chat {

using products::chat::Message;

namespace {

using enum RelayFrame::Type;

struct Shape {
    std::string_view client;
    std::string_view frame;
    Assertion assertion;
};

const Assertion kBoth{"7d0c", "Anna"};
const Assertion kNamed{"", "Anna"};

/// What real clients send. All send `hello`.
const std::vector<Shape> kShapes{
    {"the original", R"({"type":"send","message":"hello","user":{"id":"7d0c","name":"Anna"}})",
     kBoth},
    {"neondoll", R"({"msg":"hello","type":"send","user":{"id":"7d0c","name":"Anna"}})", kBoth},
    {"kos4", R"({"type":"send","msg":"hello","date":1795254678884,"userId":"7d0c"})", {"7d0c", ""}},
    {"VorobevDenis95",
     R"({"type":"send","message":{"text":"hello","time":"09:51 21.11.2026"},"name":"Anna"})",
     kNamed},
    {"nmovchanskaya", R"({"text":"hello","user":"Anna","date":1795254696717,"type":"send"})",
     kNamed},
    {"marinaustinovich",
     R"({"type":"send","message":{"text":"hello","time":"2026-11-21T09:51:46.551Z"},"user":{"id":"7d0c","name":"Anna"}})",
     kBoth},
    {"Nazgulius", R"({"type":"send","message":"hello","user":{"name":"Anna"}})", kNamed},
    {"chernikov",
     R"({"type":"send","user":"Anna","message":"hello","date":"2026-11-21T09:51:46.551Z"})",
     kNamed},
    {"Lanoriya", R"({"msg":"hello","type":"send","user":"Anna"})", kNamed},
    {"OksanaBannova",
     R"({"type":"send","msg":"hello","user":{"id":"7d0c","name":"Anna"},"created":"09:51 21.11.2026"})",
     kBoth},
    {"Pastila-147",
     R"({"text":"hello","user":{"id":"7d0c","name":"Anna"},"date":1795254696717,"type":"send"})",
     kBoth},
    {"MarkinAO",
     R"({"author":{"id":"7d0c","name":"Anna"},"date":"2026-11-21T09:51:46.551Z","text":"hello","type":"send"})",
     kBoth},
    {"DmitriyNov",
     R"({"type":"send","text":"hello","time":1795254696717,"user":{"id":"7d0c","name":"Anna"}})",
     kBoth},
};

TEST(RelayFrame, EveryClientsSendSaysWhoItIs) {
    for (const auto& [client, text, assertion] : kShapes) {
        const auto frame = read_relay_frame(text);
        EXPECT_EQ(frame.type, kSend) << client;
        EXPECT_EQ(frame.assertion, assertion) << client;
    }
}

TEST(RelayFrame, EveryClientsTextIsReadableThroughOtherEndpoints) {
    for (const auto& [client, text, assertion] : kShapes) {
        const Message message{.author = {}, .relayed = std::string{text}};
        const auto stored = Message::parse(message.data());
        ASSERT_TRUE(stored) << client;
        EXPECT_EQ(stored->readable_text(), "hello") << client;
        EXPECT_EQ(stored->relay_text({}), text) << client;
    }
}

TEST(RelayFrame, ItsTypeSaysWhatItWants) {
    EXPECT_EQ(read_relay_frame(R"({"type":"exit","user":{"name":"Anna"}})").type, kExit);
    EXPECT_EQ(read_relay_frame(R"({"type":"exit","user":{"name":"Anna"}})").assertion, kNamed);
    EXPECT_EQ(read_relay_frame(R"({"type":"join","user":{"id":"7d0c","name":"Anna"}})").type,
              kJoin);
    EXPECT_EQ(read_relay_frame(R"({"type":"ping"})").type, kPing);
    EXPECT_EQ(read_relay_frame(R"({"type":"get_users"})").type, kGetUsers);
}

TEST(RelayFrame, WhatIsNoFrameOfOursSaysNothing) {
    for (const auto* text :
         {"", "hello", "{", "[]", "[1]", "null", "5", "\"send\"", "{}", R"({"type":5})",
          R"({"type":null,"user":null})", R"({"type":"new-user","user":{"name":"Anna"}})",
          R"({"type":"SEND"})", "\xFF\xFE", R"({"type":"send"}})"}) {
        EXPECT_EQ(read_relay_frame(text).type, kOther) << text;
    }
    const std::string deep = R"({"type":"send","x":)" + std::string(20'000, '[');
    EXPECT_EQ(read_relay_frame(deep).type, kOther);
}

TEST(RelayFrame, AnIdentityThatIsNothingIsNone) {
    for (const auto* text :
         {R"({"type":"send"})", R"({"type":"exit","author":{"id":null}})",
          R"({"type":"send","user":{"name":""}})", R"({"type":"send","user":null,"name":null})",
          R"({"type":"send","user":{"id":"","name":""},"userId":"","author":""})"}) {
        const auto assertion = read_relay_frame(text).assertion;
        EXPECT_TRUE(assertion.empty() && assertion.consistent) << text;
    }
}

TEST(RelayFrame, AnIdentityOfAnotherKindCannotBeRead) {
    for (const auto* text :
         {R"({"type":"send","user":5})", R"({"type":"send","user":["Anna"]})",
          R"({"type":"send","user":{"name":["Anna"]}})", R"({"type":"send","userId":{}})",
          R"({"type":"send","name":true})", R"({"type":"send","author":{"id":["7d0c"]}})"}) {
        EXPECT_FALSE(read_relay_frame(text).assertion.consistent) << text;
    }
}

TEST(RelayFrame, WhatSaysSeveralThingsIsNotConsistent) {
    for (const auto* text : {R"({"type":"send","user":{"id":"7d0c","name":"Petr"},"name":"Anna"})",
                             R"({"type":"send","user":"Petr","author":{"name":"Anna"}})",
                             R"({"type":"send","user":"Petr","author":"Anna"})",
                             R"({"type":"send","user":{"id":"1"},"userId":"2"})",
                             R"({"type":"send","userId":"1","author":{"id":"2"}})"}) {
        EXPECT_FALSE(read_relay_frame(text).assertion.consistent) << text;
    }
    const auto same = read_relay_frame(
        R"({"type":"send","user":{"id":"7d0c","name":"Anna"},"name":"Anna","author":"Anna"})");
    EXPECT_EQ(same.assertion, kBoth);
}

TEST(RelayFrame, ANameThatIsLongerThanAnyOfOursCannotBeRead) {
    const auto frame = [](std::size_t bytes) {
        return R"({"type":"send","name":")" + std::string(bytes, 'a') + R"("})";
    };
    EXPECT_EQ(read_relay_frame(frame(128)).assertion.name.size(), 128);
    EXPECT_FALSE(read_relay_frame(frame(129)).assertion.consistent);
}

}  // namespace
}  // namespace howl::compat::chat
