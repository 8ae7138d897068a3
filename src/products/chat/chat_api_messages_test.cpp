// SPDX-License-Identifier: Apache-2.0
// What the chat's API says on the wire of messages, history and typing, through a whole server.
#include "products/chat/chat_api_rig_for_test.hpp"

namespace howl::products::chat {

using server::body_of;
using server::Config;
using server::LiveServer;
using server::masked_text;
using server::status_of;

namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// --- Messages ---

TEST_F(ChatApiTest, AMessageIsToldToAllAndAcknowledged) {
    auto anna = arrive("Anna");
    auto petr = arrive("Petr");
    static_cast<void>(anna.read_to("join"));
    anna.say(sending("c 1", R"(Hi \"you\" \ud83d\udc3a)"));
    const auto told =
        fmt::format(R"("offset":1,"time":"{}","user":{},"text":"Hi \"you\" {}","clientId":"c 1"}})",
                    kNow, anna.user(), "\xF0\x9F\x90\xBA");
    const auto heard = anna.read();
    EXPECT_EQ(heard, fmt::format(R"(81:{{"type":"message","cursor":"{}",{})", anna.cursor, told));
    EXPECT_EQ(petr.read(), heard);
    const auto ack = anna.read();
    EXPECT_EQ(ack,
              fmt::format(R"(81:{{"type":"ack","id":"c 1","offset":1,"epoch":"{}","time":"{}"}})",
                          anna.cursor.substr(0, anna.cursor.find('.')), kNow));
    const auto mia = arrive("Mia");
    EXPECT_THAT(mia.snapshot, HasSubstr(fmt::format(R"("messages":[{{{}],"more":false}})", told)));
}

TEST_F(ChatApiTest, ARepeatedMessageIsAcknowledgedAgainAndToldOnce) {
    auto anna = arrive("Anna");
    anna.say(sending("c-1", "hello"));
    const auto ack = anna.read_to("ack");
    howl_.advance(3s);
    anna.say(sending("c-1", "hello"));
    EXPECT_EQ(anna.read(), ack);
    auto again = come_back(anna, anna.cursor);
    EXPECT_EQ(again.read(), R"(81:{"type":"resumed"})");
    again.say(sending("c-1", "hello"));
    EXPECT_EQ(again.read(), ack) << "also over another connection";
    anna.say(sending("c-1", "something else"));
    EXPECT_THAT(anna.read(), StartsWith(error_frame("idempotency_conflict", "c-1")));
    auto petr = arrive("Petr");
    EXPECT_THAT(petr.snapshot,
                AllOf(HasSubstr(R"("offset":1,)"), Not(HasSubstr(R"("offset":2,)"))));
    petr.say(sending("c-1", "my own first"));
    EXPECT_THAT(petr.read_to("ack"), HasSubstr(R"("offset":2,)")) << "another user, another scope";
}

TEST_F(ChatApiTest, OneSocketWaitsForSoManyAcknowledgements) {
    auto anna = arrive("Anna");
    std::string burst;
    for (int i = 0; i < 66; ++i) {
        burst += masked_text(sending(fmt::format("c-{}", i), "hello"));
    }
    anna.socket.send(burst);
    EXPECT_THAT(anna.read(), StartsWith(error_frame("overloaded", "c-64")));
    EXPECT_THAT(anna.read(), StartsWith(error_frame("overloaded", "c-65")));
    for (int i = 0; i < 64; ++i) {
        EXPECT_EQ(member_of(anna.read_to("ack"), "id"), fmt::format("c-{}", i));
    }
    send(anna, "c-64", "hello");
}

TEST_F(ChatApiTest, ATextHasALimit) {
    auto anna = arrive("Anna");
    send(anna, "1", std::string(100, 'x'));
    anna.say(sending("2", std::string(101, 'x')));
    EXPECT_THAT(anna.read(), StartsWith(error_frame("message_too_big", "2")));
    anna.say(sending("2", ""));
    EXPECT_THAT(anna.read(), StartsWith(error_frame("bad_request", "2")));
    EXPECT_THAT(body_of(get("messages")), Not(HasSubstr(R"("offset":2)")));
}

TEST(ChatApiLimits, WhoWritesTooFastIsToldSoMessageByMessage) {
    LiveServer howl{[](Config& config) {
        config.transport.ws_ping_interval = 1h;
        config.of<ChatSettings>().messages_per_second = 1;
    }};
    auto socket = howl.open_socket(fmt::format("{}ws", kLobbyPath));
    socket.say(registering("Anna"));
    const auto ask = [&](std::string_view id) {
        socket.say(sending(id, "x"));
        auto frame = socket.read_frame();
        while (!frame.starts_with(R"(81:{"type":"ack")") && !frame.contains("error")) {
            frame = socket.read_frame();
        }
        return frame;
    };
    EXPECT_THAT(ask("1"), HasSubstr(R"("ack")"));
    EXPECT_THAT(ask("2"), HasSubstr(R"("ack")"));
    EXPECT_EQ(ask("3"), R"(81:{"type":"error","code":"rate_limited","id":"3",)"
                        R"("title":"Too many in a short time; try again shortly."})");
    howl.advance(1s);
    EXPECT_THAT(ask("3"), HasSubstr(R"("ack")"));
    EXPECT_THAT(ask("4"), HasSubstr("rate_limited"));
}

TEST_F(ChatApiTest, AMessageOfTheRelayIsReadableHere) {
    auto anna = arrive("Anna");
    const auto reply = howl_.post("/compat/chat-relay/new-user", R"({"name":"Petr"})");
    auto relay = howl_.open_socket("/compat/chat-relay/ws");
    const auto id = member_of(body_of(reply), "id");
    relay.say(
        fmt::format(R"({{"type":"send","msg":"hi","user":{{"id":"{}","name":"Petr"}}}})", id));
    const auto told = anna.read_to("message");
    EXPECT_THAT(told,
                HasSubstr(fmt::format(R"("user":{{"id":"{}","name":"Petr"}},"text":"hi"}})", id)));
    anna.say(sending("c-1", "hello"));
    auto frame = relay.read_frame();
    while (!frame.contains("hello")) {
        frame = relay.read_frame();
    }
    EXPECT_THAT(frame, StartsWith(fmt::format(R"(81:{{"type":"send","message":"hello","user":{},)",
                                              anna.user())));
}

// --- History ---

TEST_F(ChatApiTest, HistoryComesInPagesAndEndsAtTheBeginning) {
    auto anna = arrive("Anna");
    for (int i = 1; i <= 5; ++i) {
        send(anna, fmt::format("c-{}", i), fmt::format("m{}", i));
    }
    struct Page {
        std::string asked;
        std::string rest;
        std::vector<int> messages;
        bool more;
    };
    for (const auto& [asked, echoed, messages, more] : std::initializer_list<Page>{
             {R"("limit":2)", "", {4, 5}, true},
             {R"("before":4,"limit":2)", R"("before":4,)", {2, 3}, true},
             {R"("before":2,"limit":2)", R"("before":2,)", {1}, false},
             {R"("before":1)", R"("before":1,)", {}, false},
             {R"("before":0)", R"("before":0,)", {}, false},
             {R"("before":9223372036854775807,"limit":1)",
              R"("before":9223372036854775807,)",
              {5},
              true},
             {R"("before":6,"limit":200)", R"("before":6,)", {1, 2, 3, 4, 5}, false}}) {
        std::string texts;
        for (const int i : messages) {
            texts += fmt::format(
                R"({}{{"offset":{},"time":"{}","user":{},"text":"m{}","clientId":"c-{}"}})",
                texts.empty() ? "" : ",", i, kNow, anna.user(), i, i);
        }
        const auto page = fmt::format(R"("messages":[{}],"more":{}}})", texts, more);
        anna.say(fmt::format(R"({{"type":"history",{}}})", asked));
        EXPECT_EQ(anna.read(), fmt::format(R"(81:{{"type":"history",{}{})", echoed, page));
        auto query = asked;
        std::erase(query, '"');
        std::ranges::replace(query, ':', '=');
        std::ranges::replace(query, ',', '&');
        EXPECT_EQ(body_of(get("messages?" + query)), fmt::format(R"({{"room":"lobby",{})", page));
    }
}

TEST_F(ChatApiTest, HistoryTakesNoOtherNumbers) {
    auto anna = arrive("Anna");
    for (const char* asked :
         {R"("limit":0)", R"("limit":201)", R"("limit":"2")", R"("limit":1.5)", R"("before":-1)",
          R"("before":null)", R"("before":9223372036854775808)"}) {
        anna.say(fmt::format(R"({{"type":"history",{}}})", asked));
        EXPECT_THAT(anna.read(), StartsWith(error_frame("bad_request"))) << asked;
    }
    for (const char* asked : {"limit=0", "limit=201", "limit=x", "before=-1", "before=x"}) {
        EXPECT_EQ(status_of(get(fmt::format("messages?{}", asked))), 400) << asked;
    }
}

// --- Typing ---

TEST_F(ChatApiTest, TypingIsToldOnceASecondAndKeptNowhere) {
    auto anna = arrive("Anna");
    auto petr = arrive("Petr");
    static_cast<void>(anna.read_to("join"));
    anna.say(R"({"type":"typing"})");
    anna.say(R"({"type":"typing"})");
    const auto heard = petr.read();
    EXPECT_EQ(heard, fmt::format(R"(81:{{"type":"typing","cursor":"{}","user":{}}})", petr.cursor,
                                 anna.user()));
    EXPECT_EQ(anna.read(), heard);
    expect_silence(petr);
    howl_.advance(1s);
    anna.say(R"({"type":"typing"})");
    EXPECT_EQ(member_of(petr.read(), "type"), "typing");
    auto mia = arrive("Mia");
    expect_silence(mia);
}

}  // namespace
}  // namespace howl::products::chat
