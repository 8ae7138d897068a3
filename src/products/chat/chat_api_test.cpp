// SPDX-License-Identifier: Apache-2.0
// What the chat's API says on the wire of who comes, comes back and goes, through a whole server.
#include "products/chat/chat_api_rig_for_test.hpp"

namespace howl::products::chat {

using server::body_of;
using server::Config;
using server::kUpgradeHeaders;
using server::LiveServer;
using server::masked;
using server::masked_text;
using server::status_of;
using server::WebSocketClient;

namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

// --- Registering ---

TEST_F(ChatApiTest, WhoRegistersIsShownTheRoom) {
    auto socket = open();
    socket.say(registering("Anna"));
    const auto registered = socket.read_frame();
    EXPECT_THAT(registered,
                MatchesRegex(fmt::format(R"re(81:\{{"type":"registered","room":"lobby",)re"
                                         R"re("user":\{{"id":"{}","name":"Anna"\}},)re"
                                         R"re("token":"[0-9a-f]{{32}}"\}})re",
                                         kUuid4)));
    EXPECT_THAT(socket.read_frame(),
                MatchesRegex(fmt::format(R"re(81:\{{"type":"snapshot","cursor":"[a-z0-9.]+",)re"
                                         R"re("members":\[\{{"id":"{}","name":"Anna"\}}\],)re"
                                         R"re("messages":\[\],"more":false\}})re",
                                         member_of(registered, "id"))));
}

TEST_F(ChatApiTest, ANameThatIsNotFreeIsRefusedWithASuggestionAndTheSocketStays) {
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

TEST_F(ChatApiTest, OthersHearOfWhoComes) {
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

TEST_F(ChatApiTest, OneSocketIsOneMember) {
    auto anna = arrive("Anna");
    anna.say(registering("Petr"));
    EXPECT_THAT(anna.read(), StartsWith(error_frame("illegal_state")));
    anna.say(fmt::format(R"({{"type":"rejoin","token":"{}"}})", anna.token));
    EXPECT_THAT(anna.read(), StartsWith(error_frame("illegal_state")));
}

TEST_F(ChatApiTest, ASocketThatSpeaksForNobodyIsClosed) {
    auto socket = open();
    auto anna = arrive("Anna");
    howl_.advance(30s);
    EXPECT_EQ(socket.read_frame(), "88:1001 The request did not arrive in time.");
    expect_silence(anna);
}

TEST_F(ChatApiTest, WhatIsSaidWhileRegisteringIsDoneAfterwards) {
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

// --- Coming back ---

TEST_F(ChatApiTest, WhoWasCutOffGetsExactlyWhatWasMissed) {
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

TEST_F(ChatApiTest, WithoutACursorThatHoldsTheRoomIsShownAgain) {
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

TEST_F(ChatApiTest, ACursorThatCannotBeReadRegistersNobody) {
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

TEST_F(ChatApiTest, AnUnknownTokenIsRefusedAndTheSocketStays) {
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

TEST_F(ChatApiTest, WhoIsCutOffLeavesAfterTheGrace) {
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

TEST_F(ChatApiTest, ATabThatIsClosedIsNoLeavingWhileAnotherIsOpen) {
    auto anna = arrive("Anna");
    auto tab = come_back(anna, {});
    static_cast<void>(tab.read_to("snapshot"));
    anna.socket.reset();
    howl_.settle();
    howl_.advance(1min);
    expect_silence(tab);
}

TEST_F(ChatApiTest, LeavingEndsEverySocketOfTheMember) {
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

// --- Whatever else is said ---

TEST_F(ChatApiTest, BadInputGetsAnErrorAndTheSocketStays) {
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

TEST_F(ChatApiTest, NobodySpeaksBeforeRegistering) {
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

TEST(ChatApiLimits, AFullRoomIsToldToTheNewcomer) {
    LiveServer howl{[](Config& config) { config.of<ChatSettings>().members_max = 1; }};
    auto anna = howl.open_socket(fmt::format("{}ws", kLobbyPath));
    anna.say(registering("Anna"));
    EXPECT_THAT(anna.read_frame(), StartsWith(R"(81:{"type":"registered",)"));
    auto petr = howl.open_socket(fmt::format("{}ws", kLobbyPath));
    petr.say(registering("Petr"));
    EXPECT_EQ(petr.read_frame(), R"(81:{"type":"refused","code":"limit_reached","name":"Petr"})");
}

TEST(ChatApiLimits, ASnapshotFitsIntoTheSmallestQueue) {
    constexpr int kMembers = 200;
    LiveServer howl{[](Config& config) { config.transport.session.queue_bytes_max = 64 * 1024; }};
    std::vector<WebSocketClient> crowd;
    std::string snapshot;
    const auto arrive = [&](int number) {
        crowd.push_back(howl.open_socket(fmt::format("{}ws", kLobbyPath)));
        crowd.back().say(registering(fmt::format("Somebody called {:0>8}", number)));
        EXPECT_THAT(crowd.back().read_frame(), StartsWith(R"(81:{"type":"registered",)"));
        snapshot = crowd.back().read_frame();
    };
    arrive(0);
    for (int i = 0; i < 20; ++i) {
        crowd.back().say(sending(fmt::format("c-{}", i), std::string(8'000, 'x')));
    }
    howl.eventually([&] {
        return howl.get(fmt::format("{}messages?limit=1", kLobbyPath)).contains(R"("offset":20)");
    });
    for (int i = 1; i < kMembers; ++i) {
        arrive(i);
    }
    EXPECT_THAT(snapshot, StartsWith(R"(81:{"type":"snapshot",)"));
    EXPECT_THAT(snapshot, HasSubstr(R"("moreMembers":true)"));
    EXPECT_THAT(snapshot, HasSubstr(R"("more":true)"));
    EXPECT_THAT(snapshot, HasSubstr(R"("offset":20)"));
    EXPECT_LT(snapshot.size(), 64U * 1024);
    const auto members = howl.get(fmt::format("{}members", kLobbyPath));
    EXPECT_THAT(members, HasSubstr(fmt::format("{:0>8}", kMembers - 1)));
    EXPECT_THAT(members, Not(HasSubstr(R"("next")")));
    EXPECT_THAT(howl.get(fmt::format("{}members?after=9999999999999", kLobbyPath)),
                HasSubstr(R"("members":[]})"));
}

// --- REST ---

TEST_F(ChatApiTest, ANameIsJudgedBeforeAnybodyRegisters) {
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

TEST_F(ChatApiTest, ARoomThatNobodyIsInIsEmpty) {
    EXPECT_EQ(body_of(get("members")), R"({"room":"lobby","members":[]})");
    EXPECT_EQ(body_of(get("messages")), R"({"room":"lobby","messages":[],"more":false})");
}

TEST_F(ChatApiTest, EveryMistakeHasItsStatus) {
    for (const char* path : {"members", "messages", "ws", "names/x"}) {
        const auto reply = howl_.get(fmt::format("/api/chat/rooms/UPPER/{}", path));
        EXPECT_EQ(status_of(reply), 400) << path;
        EXPECT_EQ(member_of(reply, "code"), "invalid_topic") << path;
        EXPECT_EQ(status_of(howl_.post(fmt::format("{}{}", kLobbyPath, path), "x")), 405) << path;
    }
    EXPECT_EQ(status_of(get("nothing")), 404);
    EXPECT_EQ(status_of(howl_.get("/api/chat/rooms/lobby")), 404);
    EXPECT_EQ(status_of(get("ws")), 426);
    auto client = howl_.connect();
    client.send(fmt::format("GET {}ws HTTP/1.1\r\nOrigin: http://evil.example\r\n{}", kLobbyPath,
                            kUpgradeHeaders));
    EXPECT_THAT(client.read_reply(), StartsWith("HTTP/1.1 403 "));
}

}  // namespace
}  // namespace howl::products::chat
