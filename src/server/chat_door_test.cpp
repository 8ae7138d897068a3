// SPDX-License-Identifier: Apache-2.0
// What the chat's API says on the wire, through a whole server.
#include <fmt/format.h>

#include "server/live_server_for_test.hpp"

namespace howl::server {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kLobby = "/api/chat/rooms/lobby/";
constexpr const char* kNow = "2023-11-14T22:13:20.000Z";  // Where a manual clock begins.
constexpr const char* kLeft = R"(81:{"type":"left"})";
constexpr const char* kUuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

/// The string that is the member `name` of a text's first object that has it.
std::string member_of(const std::string& text, const std::string& name) {
    const auto before = fmt::format(R"("{}":")", name);
    const auto at = text.find(before);
    const auto start = at + before.size();
    return at == std::string::npos ? "" : text.substr(start, text.find('"', start) - start);
}
std::string registering(std::string_view name) {
    return fmt::format(R"({{"type":"register","name":"{}"}})", name);
}
std::string sending(std::string_view id, std::string_view text) {
    return fmt::format(R"({{"type":"send","id":"{}","text":"{}"}})", id, text);
}
std::string error_frame(std::string_view code, std::string_view id = {}) {
    return fmt::format(R"(81:{{"type":"error","code":"{}"{},"title":)", code,
                       id.empty() ? "" : fmt::format(R"(,"id":"{}")", id));
}

class ChatDoor : public ::testing::Test {
protected:
    /// A member whose socket has got its first snapshot.
    struct Client {
        WebSocketClient socket;
        std::string id{};
        std::string name{};
        std::string token{};
        std::string snapshot{};
        std::string cursor{};  ///< The last one heard.

        [[nodiscard]] std::string user() const {
            return fmt::format(R"({{"id":"{}","name":"{}"}})", id, name);
        }
        void say(std::string_view text) { socket.say(text); }
        std::string read() {
            auto frame = socket.read_frame();
            if (auto heard = member_of(frame, "cursor"); !heard.empty()) {
                cursor = std::move(heard);
            }
            return frame;
        }
        /// Reads up to the frame of this type, which is returned.
        std::string read_to(std::string_view type) {
            auto frame = read();
            while (member_of(frame, "type") != type && !HasFailure()) {
                frame = read();
            }
            return frame;
        }
    };

    WebSocketClient open() { return howl_.open_socket(fmt::format("{}ws", kLobby)); }
    Client arrive(const std::string& name) {
        Client client{.socket = open(), .name = name};
        client.say(registering(name));
        const auto registered = client.read();
        EXPECT_EQ(member_of(registered, "type"), "registered") << registered;
        client.id = member_of(registered, "id");
        client.token = member_of(registered, "token");
        client.snapshot = client.read();
        return client;
    }
    /// One more socket of the same member.
    Client come_back(const Client& from, const std::string& cursor) {
        Client client{.socket = open(), .id = from.id, .name = from.name, .token = from.token};
        client.say(cursor.empty() ? fmt::format(R"({{"type":"rejoin","token":"{}"}})", from.token)
                                  : fmt::format(R"({{"type":"rejoin","token":"{}","cursor":"{}"}})",
                                                from.token, cursor));
        EXPECT_EQ(
            client.read(),
            fmt::format(R"(81:{{"type":"registered","room":"lobby","user":{}}})", from.user()));
        return client;
    }
    void send(Client& from, std::string_view id, std::string_view text) {
        from.say(sending(id, text));
        EXPECT_EQ(member_of(from.read_to("ack"), "id"), id);
    }
    /// All that was sent to the socket before has been read.
    void expect_silence(Client& client) {
        howl_.settle();
        client.say(R"({"type":"ping"})");
        EXPECT_THAT(client.read(), StartsWith(R"(81:{"type":"pong",)"));
    }
    std::string get(std::string_view path) { return howl_.get(fmt::format("{}{}", kLobby, path)); }

    /// Pings would only be in the way.
    LiveServer howl_{[](Config& config) {
        config.transport.ws_ping_interval = 1h;
        config.chat.message_bytes_max = 100;
    }};
};

// --- Registering ---

TEST_F(ChatDoor, WhoRegistersIsShownTheRoom) {
    auto socket = open();
    socket.say(registering("Anna"));
    const auto registered = socket.read_frame();
    EXPECT_THAT(registered,
                MatchesRegex(fmt::format(R"re(81:\{{"type":"registered","room":"lobby",)re"
                                         R"re("user":\{{"id":"{}","name":"Anna"\}},)re"
                                         R"re("token":"[0-9a-f]{{32}}"\}})re",
                                         kUuid)));
    EXPECT_THAT(socket.read_frame(),
                MatchesRegex(fmt::format(R"re(81:\{{"type":"snapshot","cursor":"[a-z0-9.]+",)re"
                                         R"re("members":\[\{{"id":"{}","name":"Anna"\}}\],)re"
                                         R"re("messages":\[\],"more":false\}})re",
                                         member_of(registered, "id"))));
}

TEST_F(ChatDoor, ANameThatIsNotFreeIsRefusedWithASuggestionAndTheSocketStays) {
    const auto anna = arrive("Anna");
    auto socket = open();
    socket.say(registering("anna"));
    const auto refused = socket.read_frame();
    EXPECT_THAT(refused, StartsWith(R"(81:{"type":"refused","code":"name_taken","name":"anna",)"
                                    R"("suggestion":")"));
    socket.say(registering("\\u0410nna"));
    EXPECT_THAT(socket.read_frame(), HasSubstr(R"("code":"name_confusable")"));
    socket.say(registering("You"));
    EXPECT_THAT(socket.read_frame(), HasSubstr(R"("code":"name_reserved")"));
    socket.say(registering(""));
    EXPECT_THAT(socket.read_frame(), HasSubstr(R"("code":"name_invalid")"));
    socket.say(registering(member_of(refused, "suggestion")));
    EXPECT_THAT(socket.read_frame(), StartsWith(R"(81:{"type":"registered",)"));
}

TEST_F(ChatDoor, OthersHearOfWhoComes) {
    auto anna = arrive("Anna");
    const auto petr = arrive("Petr");
    const auto heard = anna.read();
    EXPECT_EQ(heard, fmt::format(R"(81:{{"type":"join","cursor":"{}","user":{}}})", anna.cursor,
                                 petr.user()));
    EXPECT_THAT(petr.snapshot, HasSubstr(fmt::format(R"("members":[{},{}],"messages")", anna.user(),
                                                     petr.user())));
    EXPECT_EQ(body_of(get("members")),
              fmt::format(R"({{"room":"lobby","members":[{},{}]}})", anna.user(), petr.user()));
}

TEST_F(ChatDoor, OneSocketIsOneMember) {
    auto anna = arrive("Anna");
    anna.say(registering("Petr"));
    EXPECT_THAT(anna.read(), StartsWith(error_frame("illegal_state")));
    anna.say(fmt::format(R"({{"type":"rejoin","token":"{}"}})", anna.token));
    EXPECT_THAT(anna.read(), StartsWith(error_frame("illegal_state")));
}

TEST_F(ChatDoor, ASocketThatSpeaksForNobodyIsClosed) {
    auto socket = open();
    auto anna = arrive("Anna");
    howl_.advance(30s);
    EXPECT_EQ(socket.read_frame(), "88:1001 The request did not arrive in time.");
    expect_silence(anna);
}

TEST_F(ChatDoor, WhatIsSaidWhileRegisteringIsDoneAfterwards) {
    auto socket = open();
    std::string burst = masked_text(registering("Anna"));
    for (int i = 0; i < 66; ++i) {
        burst += masked_text(sending(fmt::format("c-{}", i), "hello"));
    }
    socket.send(burst);
    EXPECT_THAT(socket.read_frame(), StartsWith(error_frame("overloaded", "c-64")));
    EXPECT_THAT(socket.read_frame(), StartsWith(error_frame("overloaded", "c-65")));
    EXPECT_THAT(socket.read_frame(), StartsWith(R"(81:{"type":"registered",)"));
    EXPECT_THAT(socket.read_frame(), StartsWith(R"(81:{"type":"snapshot",)"));
    for (int offset = 1; offset <= 64; ++offset) {
        auto frame = socket.read_frame();
        while (!frame.starts_with(R"(81:{"type":"ack")")) {
            frame = socket.read_frame();
        }
        EXPECT_THAT(frame,
                    HasSubstr(fmt::format(R"("id":"c-{}","offset":{},)", offset - 1, offset)));
    }
}

// --- Messages ---

TEST_F(ChatDoor, AMessageIsToldToAllAndAcknowledged) {
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

TEST_F(ChatDoor, ARepeatedMessageIsAcknowledgedAgainAndToldOnce) {
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

TEST_F(ChatDoor, OneSocketWaitsForSoManyAcknowledgements) {
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

TEST_F(ChatDoor, ATextHasALimit) {
    auto anna = arrive("Anna");
    send(anna, "1", std::string(100, 'x'));
    anna.say(sending("2", std::string(101, 'x')));
    EXPECT_THAT(anna.read(), StartsWith(error_frame("message_too_big", "2")));
    anna.say(sending("2", ""));
    EXPECT_THAT(anna.read(), StartsWith(error_frame("bad_request", "2")));
    EXPECT_THAT(body_of(get("messages")), Not(HasSubstr(R"("offset":2)")));
}

TEST(ChatDoorLimits, WhoWritesTooFastIsToldSoMessageByMessage) {
    LiveServer howl{[](Config& config) {
        config.transport.ws_ping_interval = 1h;
        config.chat.messages_per_second = 1;
    }};
    auto socket = howl.open_socket(fmt::format("{}ws", kLobby));
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

TEST_F(ChatDoor, AMessageOfTheRelayIsReadableHere) {
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
    EXPECT_EQ(frame,
              fmt::format(R"(81:{{"type":"send","message":"hello","user":{}}})", anna.user()));
}

// --- History ---

TEST_F(ChatDoor, HistoryComesInPagesAndEndsAtTheBeginning) {
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

TEST_F(ChatDoor, HistoryTakesNoOtherNumbers) {
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

// --- Coming back ---

TEST_F(ChatDoor, WhoWasCutOffGetsExactlyWhatWasMissed) {
    auto anna = arrive("Anna");
    auto petr = arrive("Petr");
    static_cast<void>(anna.read_to("join"));
    send(petr, "1", "heard");
    static_cast<void>(anna.read_to("message"));
    anna.socket.reset();
    howl_.settle();
    send(petr, "2", "missed");
    petr.say(R"({"type":"typing"})");
    static_cast<void>(petr.read_to("typing"));
    const auto mia = arrive("Mia");
    auto again = come_back(anna, anna.cursor);
    EXPECT_EQ(again.read(), R"(81:{"type":"resumed"})");
    EXPECT_THAT(again.read(), AllOf(StartsWith(R"(81:{"type":"message",)"),
                                    HasSubstr(R"("offset":2,)"), HasSubstr("missed")));
    EXPECT_THAT(again.read(), AllOf(StartsWith(R"(81:{"type":"join",)"), HasSubstr(mia.id)));
    expect_silence(again);
    send(petr, "3", "live");
    EXPECT_THAT(again.read(), HasSubstr(R"("offset":3,)"));
    howl_.advance(1min);
    expect_silence(again);
}

TEST_F(ChatDoor, WithoutACursorThatHoldsTheRoomIsShownAgain) {
    auto anna = arrive("Anna");
    send(anna, "1", "hello");
    const auto dot = anna.cursor.find('.');
    const auto other_epoch = "other" + anna.cursor.substr(dot);
    const auto ahead = anna.cursor.substr(0, dot) + ".999.x.1";
    for (const auto& cursor : {std::string{}, other_epoch, ahead}) {
        auto again = come_back(anna, cursor);
        EXPECT_THAT(again.read(),
                    AllOf(StartsWith(R"(81:{"type":"snapshot",)"), HasSubstr("hello")))
            << cursor;
        send(again, "after " + cursor, "live");
        EXPECT_THAT(anna.read_to("message"), HasSubstr("live"));
    }
}

TEST_F(ChatDoor, ACursorThatCannotBeReadRegistersNobody) {
    const auto anna = arrive("Anna");
    auto socket = open();
    for (const char* cursor : {R"("")", R"("x")", "5", "null", R"("a.1.b")", R"("a.-1.b.2")"}) {
        socket.say(
            fmt::format(R"({{"type":"rejoin","token":"{}","cursor":{}}})", anna.token, cursor));
        EXPECT_THAT(socket.read_frame(), StartsWith(error_frame("invalid_cursor"))) << cursor;
    }
    socket.say(R"({"type":"typing"})");
    EXPECT_THAT(socket.read_frame(), StartsWith(error_frame("not_registered")));
}

TEST_F(ChatDoor, AnUnknownTokenIsRefusedAndTheSocketStays) {
    const auto anna = arrive("Anna");
    auto socket = open();
    for (const auto& token : {std::string{}, std::string(32, '0'), anna.id}) {
        socket.say(fmt::format(R"({{"type":"rejoin","token":"{}"}})", token));
        EXPECT_EQ(socket.read_frame(), R"(81:{"type":"refused","code":"unknown_token"})");
    }
    auto other_room = howl_.open_socket("/api/chat/rooms/other/ws");
    other_room.say(fmt::format(R"({{"type":"rejoin","token":"{}"}})", anna.token));
    EXPECT_EQ(other_room.read_frame(), R"(81:{"type":"refused","code":"unknown_token"})");
    socket.say(registering("Petr"));
    EXPECT_THAT(socket.read_frame(), StartsWith(R"(81:{"type":"registered",)"));
}

// --- Going ---

TEST_F(ChatDoor, WhoIsCutOffLeavesAfterTheGrace) {
    auto anna = arrive("Anna");
    auto petr = arrive("Petr");
    petr.socket.reset();
    static_cast<void>(anna.read_to("join"));
    howl_.advance(4'900ms);
    expect_silence(anna);
    EXPECT_THAT(body_of(get("members")), HasSubstr(petr.id));
    howl_.advance(100ms);
    const auto heard = anna.read();
    EXPECT_EQ(heard, fmt::format(R"(81:{{"type":"leave","cursor":"{}","user":{}}})", anna.cursor,
                                 petr.user()));
    EXPECT_THAT(body_of(get("members")), Not(HasSubstr(petr.id)));
    auto socket = open();
    socket.say(fmt::format(R"({{"type":"rejoin","token":"{}"}})", petr.token));
    EXPECT_EQ(socket.read_frame(), R"(81:{"type":"refused","code":"unknown_token"})");
}

TEST_F(ChatDoor, ATabThatIsClosedIsNoLeavingWhileAnotherIsOpen) {
    auto anna = arrive("Anna");
    auto tab = come_back(anna, {});
    static_cast<void>(tab.read_to("snapshot"));
    anna.socket.reset();
    howl_.settle();
    howl_.advance(1min);
    expect_silence(tab);
}

TEST_F(ChatDoor, LeavingEndsEverySocketOfTheMember) {
    auto anna = arrive("Anna");
    auto tab = come_back(anna, {});
    static_cast<void>(tab.read_to("snapshot"));
    auto petr = arrive("Petr");
    static_cast<void>(anna.read_to("join"));
    static_cast<void>(tab.read_to("join"));
    anna.say(R"({"type":"leave"})");
    for (Client* const client : {&anna, &tab}) {
        EXPECT_EQ(client->read_to("left"), kLeft);
        EXPECT_EQ(client->read(), "88:1000");
    }
    EXPECT_THAT(petr.read(), AllOf(StartsWith(R"(81:{"type":"leave",)"), HasSubstr(anna.id)));
    expect_silence(petr);
    EXPECT_THAT(arrive("Anna").snapshot, HasSubstr(petr.id));
}

// --- Typing ---

TEST_F(ChatDoor, TypingIsToldOnceASecondAndKeptNowhere) {
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

// --- Whatever else is said ---

TEST_F(ChatDoor, BadInputGetsAnErrorAndTheSocketStays) {
    auto anna = arrive("Anna");
    struct Bad {
        std::string text;
        std::string code;
    };
    for (const auto& [text, code] : std::initializer_list<Bad>{
             {"", "invalid_json"},
             {"hello", "invalid_json"},
             {"[]", "bad_request"},
             {"null", "bad_request"},
             {R"({"type":"ping"} x)", "invalid_json"},
             {R"({"type":"send","id":"1","text":"\ud800"})", "invalid_json"},
             {std::string(40, '[') + std::string(40, ']'), "invalid_json"},
             {"{}", "bad_request"},
             {R"({"type":"howl"})", "bad_request"},
             {R"({"type":"PING"})", "bad_request"},
             {R"({"type":5})", "bad_request"},
             {R"({"type":"send"})", "bad_request"},
             {R"({"type":"send","text":"x"})", "bad_request"},
             {R"({"type":"send","id":"","text":"x"})", "bad_request"},
             {R"({"type":"send","id":1,"text":"x"})", "bad_request"},
             {R"({"type":"send","id":"\u0416","text":"x"})", "bad_request"},
             {R"({"type":"send","id":"a\nb","text":"x"})", "bad_request"},
             {sending(std::string(65, 'i'), "x"), "bad_request"},
         }) {
        anna.say(text);
        EXPECT_THAT(anna.read(), StartsWith(error_frame(code))) << text;
    }
    for (const char* text : {R"(5)", R"(null)", R"({"text":"x"})", R"("")"}) {
        anna.say(fmt::format(R"({{"type":"send","id":"c-1","text":{}}})", text));
        EXPECT_THAT(anna.read(), StartsWith(error_frame("bad_request", "c-1"))) << text;
    }
    anna.socket.send(masked(codec::websocket::Opcode::kBinary, R"({"type":"ping"})"));
    EXPECT_THAT(anna.read(), StartsWith(error_frame("unsupported_data")));
    anna.say(R"({"type":"ping"})");
    EXPECT_EQ(anna.read(), fmt::format(R"(81:{{"type":"pong","time":"{}"}})", kNow));
}

TEST_F(ChatDoor, NobodySpeaksBeforeRegistering) {
    auto socket = open();
    for (const char* type : {"send", "typing", "history", "leave", "ping"}) {
        socket.say(fmt::format(R"({{"type":"{}","id":"c-1","text":"x"}})", type));
        EXPECT_THAT(socket.read_frame(), StartsWith(error_frame("not_registered", "c-1"))) << type;
    }
    for (const char* text : {R"({"type":"register"})", R"({"type":"register","name":5})",
                             R"({"type":"rejoin"})", R"({"type":"rejoin","token":5})"}) {
        socket.say(text);
        EXPECT_THAT(socket.read_frame(), StartsWith(error_frame("bad_request"))) << text;
    }
    socket.say(registering("Anna"));
    EXPECT_THAT(socket.read_frame(), StartsWith(R"(81:{"type":"registered",)"));
}

TEST(ChatDoorLimits, AFullRoomIsToldToTheNewcomer) {
    LiveServer howl{[](Config& config) { config.chat.members_max = 1; }};
    auto anna = howl.open_socket(fmt::format("{}ws", kLobby));
    anna.say(registering("Anna"));
    EXPECT_THAT(anna.read_frame(), StartsWith(R"(81:{"type":"registered",)"));
    auto petr = howl.open_socket(fmt::format("{}ws", kLobby));
    petr.say(registering("Petr"));
    EXPECT_EQ(petr.read_frame(), R"(81:{"type":"refused","code":"limit_reached","name":"Petr"})");
}

// --- REST ---

TEST_F(ChatDoor, ANameIsJudgedBeforeAnybodyRegisters) {
    const auto anna = arrive("Anna");
    EXPECT_EQ(body_of(get("names/Petr")), R"({"name":"Petr","verdict":"free","suggestion":""})");
    EXPECT_THAT(body_of(get("names/anna")),
                StartsWith(R"({"name":"anna","verdict":"taken","suggestion":")"));
    EXPECT_THAT(body_of(get("names/%D0%90nna")), HasSubstr(R"("verdict":"confusable")"));
    EXPECT_THAT(body_of(get("names/you")), HasSubstr(R"("verdict":"reserved")"));
    EXPECT_THAT(body_of(get("names/")), HasSubstr(R"("verdict":"invalid")"));
    EXPECT_THAT(body_of(get("names/a%2Fb")), StartsWith(R"({"name":"a/b","verdict":"free")"));
    EXPECT_EQ(status_of(get("names/%FF")), 400);
    EXPECT_EQ(body_of(howl_.get("/api/chat/rooms/other/names/Anna")),
              R"({"name":"Anna","verdict":"free","suggestion":""})");
}

TEST_F(ChatDoor, ARoomThatNobodyIsInIsEmpty) {
    EXPECT_EQ(body_of(get("members")), R"({"room":"lobby","members":[]})");
    EXPECT_EQ(body_of(get("messages")), R"({"room":"lobby","messages":[],"more":false})");
}

TEST_F(ChatDoor, EveryMistakeHasItsStatus) {
    for (const char* path : {"members", "messages", "ws", "names/x"}) {
        const auto reply = howl_.get(fmt::format("/api/chat/rooms/UPPER/{}", path));
        EXPECT_EQ(status_of(reply), 400) << path;
        EXPECT_EQ(member_of(reply, "code"), "invalid_topic") << path;
        EXPECT_EQ(status_of(howl_.post(fmt::format("{}{}", kLobby, path), "x")), 405) << path;
    }
    EXPECT_EQ(status_of(get("nothing")), 404);
    EXPECT_EQ(status_of(howl_.get("/api/chat/rooms/lobby")), 404);
    EXPECT_EQ(status_of(get("ws")), 426);
    auto client = howl_.connect();
    client.send(fmt::format("GET {}ws HTTP/1.1\r\nOrigin: http://evil.example\r\n{}", kLobby,
                            kUpgradeHeaders));
    EXPECT_THAT(client.read_reply(), StartsWith("HTTP/1.1 403 "));
}

}  // namespace
}  // namespace howl::server
