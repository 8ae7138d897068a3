// SPDX-License-Identifier: Apache-2.0
// What the compatibility endpoint `chat-relay` says over its sockets, through a whole server.
#include "server/live_server_for_test.hpp"

namespace howl::compat::chat {

using server::body_of;
using server::Config;
using server::LiveServer;
using server::masked;
using server::masked_text;
using server::status_of;
using server::WebSocketClient;

namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kEndpoint = "/compat/chat-relay/";
const std::string kPing = R"({"type":"ping"})";
const std::string kPong = R"(81:{"type":"pong"})";

struct User {
    std::string id;
    std::string name;
    [[nodiscard]] std::string text() const {
        return R"({"id":")" + id + R"(","name":")" + name + R"("})";
    }
};

std::string list_of(const std::vector<User>& users) {
    std::string list;
    for (const auto& user : users) {
        list += (list.empty() ? "" : ",") + user.text();
    }
    return "81:[" + list + "]";
}

/// What follows `before` in `text`, up to the next quote.
std::string quoted_behind(std::string_view before, const std::string& text) {
    const auto at = text.find(before);
    EXPECT_NE(at, std::string::npos) << text;
    const auto start = at + before.size();
    return at == std::string::npos ? "" : text.substr(start, text.find('"', start) - start);
}

/// The frame of a close: its code, and the text that a client may read.
constexpr const char* kTooBig = "88:1009 The message is over the limit.";
constexpr const char* kTooMany = "88:1008 Too many in a short time; try again shortly.";
constexpr const char* kBusy = "88:1013 The server is busy; try again shortly.";

class RelayCompatTest : public ::testing::Test {
protected:
    std::string add(const std::string& body, const std::string& headers = {}) {
        return howl_.post(std::string{kEndpoint} + "new-user", body, headers);
    }
    User add_user(const std::string& name) {
        const auto reply = add(R"({"name":")" + name + R"("})");
        EXPECT_EQ(status_of(reply), 200) << reply;
        return {quoted_behind(R"("id":")", reply), name};
    }
    WebSocketClient open(const std::string& path = "ws") {
        return howl_.open_socket(kEndpoint + path);
    }

    /// A user whose socket has got its first list.
    struct Client {
        User user;
        WebSocketClient socket;
        std::string first;

        void say(std::string_view text) { socket.say(text); }
        /// A message that says who it is from.
        std::string message(std::string_view text) const {
            return R"({"type":"send","message":")" + std::string{text} + R"(","user":)" +
                   user.text() + "}";
        }
    };
    Client arrive(const std::string& name) {
        auto user = add_user(name);
        auto socket = open();
        auto first = socket.read_frame();
        return {std::move(user), std::move(socket), std::move(first)};
    }
    /// The next frame that is not a list.
    static std::string read_message(WebSocketClient& socket) {
        auto frame = socket.read_frame();
        while (frame.starts_with("81:[")) {
            frame = socket.read_frame();
        }
        return frame;
    }
    /// All that was sent to the socket before has been read.
    void expect_silence(WebSocketClient& socket) {
        howl_.settle();
        socket.say(kPing);
        EXPECT_EQ(socket.read_frame(), kPong);
    }
    /// The list as a newcomer gets it.
    std::string list() { return open().read_frame(); }

    LiveServer howl_;
};

// --- The list ---

TEST_F(RelayCompatTest, TheListIsTheFirstFrameOnAnyPath) {
    for (const auto* path : {"/compat/chat-relay", "/compat/chat-relay/", "/compat/chat-relay/ws",
                             "/compat/chat-relay/any/path?at=all"}) {
        EXPECT_EQ(howl_.open_socket(path).read_frame(), "81:[]") << path;
    }
}

TEST_F(RelayCompatTest, EachConnectIsToldToAll) {
    auto anna = arrive("Anna");
    EXPECT_EQ(anna.first, list_of({anna.user}));
    auto petr = arrive("Petr");
    EXPECT_EQ(petr.first, list_of({anna.user, petr.user}));
    EXPECT_EQ(anna.socket.read_frame(), petr.first) << "registered";
    EXPECT_EQ(anna.socket.read_frame(), petr.first) << "connected";
    expect_silence(anna.socket);
    expect_silence(petr.socket);
}

TEST_F(RelayCompatTest, EachRegistrationIsToldToTheOpenSockets) {
    auto one = open();
    EXPECT_EQ(one.read_frame(), "81:[]");
    auto other = open();
    EXPECT_EQ(one.read_frame(), "81:[]");
    EXPECT_EQ(other.read_frame(), "81:[]");
    const auto anna = add_user("Anna");
    const auto petr = add_user("Petr");
    for (auto* const socket : {&one, &other}) {
        EXPECT_EQ(socket->read_frame(), list_of({anna}));
        EXPECT_EQ(socket->read_frame(), list_of({anna, petr}));
    }
}

TEST_F(RelayCompatTest, TheListIsToldToWhoAsks) {
    auto anna = arrive("Anna");
    const auto petr = add_user("Petr");
    EXPECT_EQ(anna.socket.read_frame(), list_of({anna.user, petr}));
    anna.say(R"({"type":"get_users"})");
    EXPECT_EQ(anna.socket.read_frame(), list_of({anna.user, petr}));
}

TEST_F(RelayCompatTest, AClosedSocketLeavesTheListAfterTheGrace) {
    auto petr = arrive("Petr");
    {
        auto anna = arrive("Anna");
        EXPECT_EQ(petr.socket.read_frame(), anna.first) << "registered";
        EXPECT_EQ(petr.socket.read_frame(), anna.first) << "connected";
    }
    expect_silence(petr.socket);
    howl_.advance(5100ms);
    EXPECT_EQ(petr.socket.read_frame(), list_of({petr.user}));
}

// --- Messages ---

/// One frame of each known client, and one with everything that JSON allows.
std::vector<std::string> frames_from(const User& user) {
    const auto whole = [&user](std::string_view before, std::string_view behind) {
        return std::string{before} + user.text() + std::string{behind};
    };
    const auto named = [&user](std::string_view before, std::string_view behind) {
        return std::string{before} + '"' + user.name + '"' + std::string{behind};
    };
    return {
        whole(R"({"type":"send","message":"hello","user":)", "}"),
        whole(R"({"msg":"hello","type":"send","user":)", "}"),
        R"({"type":"send","msg":"hello","date":1795254678884,"userId":")" + user.id + R"("})",
        named(R"({"type":"send","message":{"text":"hello","time":"09:51"},"name":)", "}"),
        named(R"({"text":"hello","user":)", R"(,"date":1795254696717,"type":"send"})"),
        whole(R"({"type":"send","message":{"text":"hello","time":"2026"},"user":)", "}"),
        named(R"({"type":"send","message":"hello","user":{"name":)", "}}"),
        named(R"({"type":"send","user":)", R"(,"message":"hello","date":"2026"})"),
        named(R"({"msg":"hello","type":"send","user":)", "}"),
        whole(R"({"type":"send","msg":"hello","user":)", R"(,"created":"09:51 21.11.2026"})"),
        whole(R"({"text":"hello","user":)", R"(,"date":1795254696717,"type":"send"})"),
        whole(R"({"author":)", R"(,"date":"2026","text":"hello","type":"send"})"),
        whole(R"({"type":"send","text":"hello","time":1795254696717,"user":)", "}"),
        "{ \"zzz\" : [1, 2.50],\t\"type\":\"send\" ,\n \"a\":null, \"\u00fc\":\"\\u00fc\" }",
    };
}

TEST_F(RelayCompatTest, WhatEachClientSendsIsRelayedByteForByte) {
    auto anna = arrive("Anna");
    auto petr = arrive("Petr");
    for (const auto& frame : frames_from(anna.user)) {
        for (const auto opcode :
             {codec::websocket::Opcode::kText, codec::websocket::Opcode::kBinary}) {
            anna.socket.send(masked(opcode, frame));
            const std::string kind = opcode == codec::websocket::Opcode::kText ? "81:" : "82:";
            EXPECT_EQ(read_message(anna.socket), kind + frame);
            EXPECT_EQ(read_message(petr.socket), kind + frame);
        }
    }
}

TEST_F(RelayCompatTest, ABurstIsRelayedInItsOrder) {
    auto anna = arrive("Anna");
    anna.say(anna.message("first"));
    EXPECT_EQ(read_message(anna.socket), "81:" + anna.message("first"));
    anna.say(anna.message("second"));  // From here on the socket is known to be hers.
    EXPECT_EQ(read_message(anna.socket), "81:" + anna.message("second"));
    std::string burst;
    for (int i = 0; i < 90; ++i) {
        burst += masked_text(anna.message(std::to_string(i)));
    }
    anna.socket.send(burst);
    for (int i = 0; i < 90; ++i) {
        EXPECT_EQ(read_message(anna.socket), "81:" + anna.message(std::to_string(i)));
    }
}

TEST_F(RelayCompatTest, WhatIsSaidBeforeTheListHasComeIsRelayedBehindIt) {
    const auto anna = add_user("Anna");
    const std::string frame = R"({"type":"send","message":"early","user":)" + anna.text() + "}";
    WebSocketClient socket{howl_.port(), kEndpoint, masked_text(frame)};
    EXPECT_EQ(socket.read_frame(), list_of({anna}));
    EXPECT_EQ(socket.read_frame(), "81:" + frame);
}

TEST_F(RelayCompatTest, NobodyIsHeardInAnothersName) {
    auto anna = arrive("Anna");
    auto petr = arrive("Petr");
    auto stranger = open();
    anna.say(anna.message("It is me"));
    EXPECT_EQ(read_message(anna.socket), "81:" + anna.message("It is me"));
    petr.say(R"({"type":"send","message":"I am Anna","user":"Anna"})");
    petr.say(petr.message("I am Petr"));
    EXPECT_EQ(read_message(anna.socket), "81:" + petr.message("I am Petr"));
    for (const auto& user : {anna.user.text(), std::string{R"("\u0410nna")"},
                             std::string{R"({"id":"","name":"Admin"})"},
                             R"({"id":")" + petr.user.id + R"(","name":"Anna"})",
                             R"({"name":"Petr"},"name":"Anna","author":)" + anna.user.text()}) {
        petr.say(R"({"type":"send","message":"I am another","user":)" + user + "}");
        stranger.say(R"({"type":"send","message":"I am another","user":)" + user + "}");
    }
    petr.say(petr.message("truly"));
    EXPECT_EQ(read_message(anna.socket), "81:" + petr.message("truly"));
    stranger.say(R"({"type":"send","message":"nobody"})");
    EXPECT_EQ(read_message(anna.socket), R"(81:{"type":"send","message":"nobody"})");
}

TEST_F(RelayCompatTest, InputThatKilledTheOriginalIsIgnored) {
    auto anna = arrive("Anna");
    auto petr = arrive("Petr");
    for (const std::string_view bytes :
         {"not json", "{", "\"text\"", "5", "null", "[]", "[{\"type\":\"exit\"}]", "{}", "",
          R"({"type":5})", R"({"type":null,"user":null})", R"({"type":"exit"})",
          R"({"type":"exit","user":null})", R"({"type":"exit","user":{}})",
          R"({"type":"exit","user":{"name":"Nobody"}})",
          R"({"type":"new-user","user":{"name":"X"}})", R"({"type":"history"})"}) {
        anna.say(bytes);
        anna.socket.send(masked(codec::websocket::Opcode::kBinary, bytes));
    }
    anna.socket.send(masked(codec::websocket::Opcode::kBinary, "\xFF\xFE"));
    anna.say(anna.message("still here"));
    EXPECT_EQ(read_message(anna.socket), "81:" + anna.message("still here"));
    EXPECT_EQ(list(), list_of({anna.user, petr.user}));
}

TEST_F(RelayCompatTest, AFrameThatIsTooLongEndsTheSocket) {
    auto anna = arrive("Anna");
    const auto base = anna.message("").size();
    const auto longest = anna.message(std::string(24 * 1024 - base, 'x'));
    anna.say(longest);
    EXPECT_EQ(read_message(anna.socket), "81:" + longest);
    anna.say(anna.message(std::string(24 * 1024 - base + 1, 'x')));
    EXPECT_EQ(read_message(anna.socket), kTooBig);
}

TEST_F(RelayCompatTest, TooManyFramesInAMomentEndTheSocket) {
    auto client = open();
    EXPECT_EQ(client.read_frame(), "81:[]");
    std::string flood;
    for (int i = 0; i < 101; ++i) {
        flood += masked_text(kPing);
    }
    client.send(flood);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(client.read_frame(), kPong);
    }
    EXPECT_EQ(client.read_frame(), kTooMany);
}

TEST_F(RelayCompatTest, TooManyFramesThatWaitEndTheSocket) {
    auto client = open();
    EXPECT_EQ(client.read_frame(), "81:[]");
    std::string flood;
    for (int i = 0; i < 80; ++i) {
        flood += masked_text(R"({"type":"send","message":"who am I?"})");
    }
    client.send(flood);
    EXPECT_EQ(read_message(client), kBusy);
}

// --- Leaving ---

TEST_F(RelayCompatTest, AnExitIsToldToAllTheLeaverToo) {
    auto anna = arrive("Anna");
    auto petr = arrive("Petr");
    EXPECT_EQ(anna.socket.read_frame(), petr.first) << "registered";
    EXPECT_EQ(anna.socket.read_frame(), petr.first) << "connected";
    petr.say(R"({"type":"exit","user":{"name":"Petr"},"msg":"bye"})");
    EXPECT_EQ(anna.socket.read_frame(), list_of({anna.user}));
    EXPECT_EQ(petr.socket.read_frame(), list_of({anna.user}));
    EXPECT_EQ(status_of(add(R"({"name":"Petr"})")), 200) << "the name is free";
}

TEST_F(RelayCompatTest, ALastWordBeforeTheCloseIsHeard) {
    auto anna = arrive("Anna");
    auto petr = arrive("Petr");
    EXPECT_EQ(anna.socket.read_frame(), petr.first) << "registered";
    EXPECT_EQ(anna.socket.read_frame(), petr.first) << "connected";
    petr.socket.send(masked_text(petr.message("bye")) +
                     masked_text(R"({"type":"exit","user":)" + petr.user.text() + "}") +
                     masked(codec::websocket::Opcode::kClose, "\x03\xE9"));
    EXPECT_EQ(anna.socket.read_frame(), "81:" + petr.message("bye"));
    EXPECT_EQ(anna.socket.read_frame(), list_of({anna.user}));
}

TEST_F(RelayCompatTest, NobodyRemovesAnother) {
    auto anna = arrive("Anna");
    auto petr = arrive("Petr");
    petr.say(petr.message("hi"));
    EXPECT_EQ(read_message(anna.socket), "81:" + petr.message("hi"));
    for (const auto& user : {std::string{R"({"name":"Anna"})"}, anna.user.text(),
                             std::string{R"({"name":"Nobody"})"}, std::string{R"("Anna")"}}) {
        petr.say(R"({"type":"exit","user":)" + user + "}");
    }
    EXPECT_EQ(read_message(petr.socket), "81:" + petr.message("hi"));
    expect_silence(petr.socket);
    expect_silence(anna.socket);
    EXPECT_EQ(list(), list_of({anna.user, petr.user}));
}

// --- The same room through the API ---

TEST_F(RelayCompatTest, TheApiShowsWhoSaidWhat) {
    auto anna = arrive("Anna");
    anna.say(R"({"msg":"hello","type":"send","user":"Anna"})");
    static_cast<void>(read_message(anna.socket));
    EXPECT_THAT(body_of(howl_.get("/api/chat/rooms/lobby/messages")),
                AllOf(HasSubstr(R"("text":"hello")"), HasSubstr(anna.user.text())));
    EXPECT_EQ(body_of(howl_.get("/api/chat/rooms/lobby/members")),
              R"({"room":"lobby","members":[)" + anna.user.text() + "]}");
}

TEST_F(RelayCompatTest, AMemberOfTheApiIsSeenAndHeard) {
    auto anna = arrive("Anna");
    auto vera = howl_.open_socket("/api/chat/rooms/lobby/ws");
    vera.say(R"({"type":"register","name":"Vera"})");
    const User user{quoted_behind(R"("user":{"id":")", vera.read_frame()), "Vera"};
    EXPECT_EQ(anna.socket.read_frame(), list_of({anna.user, user}));
    vera.say(R"({"type":"send","id":"c-1","text":"hello \"all\""})");
    EXPECT_THAT(anna.socket.read_frame(),
                AllOf(StartsWith(R"(81:{"type":"send","message":"hello \"all\"","user":)" +
                                 user.text() + R"(,"msg":"hello \"all\"","text":)"),
                      HasSubstr(R"("userId":")" + user.id + R"(","name":"Vera","author":)" +
                                user.text() + R"(,"date":")")));
    anna.say(R"({"type":"send","message":"I am Vera","user":)" + user.text() + "}");
    anna.say(R"({"type":"exit","user":)" + user.text() + "}");
    expect_silence(anna.socket);
    vera.say(R"({"type":"leave"})");
    EXPECT_EQ(anna.socket.read_frame(), list_of({anna.user}));
}

TEST_F(RelayCompatTest, TheApiTellsWhereNobodyVouchesForTheAuthor) {
    auto anna = arrive("Anna");
    auto stranger = open();
    stranger.say(R"({"type":"send","message":"hello","user":{"id":"7d0c","name":"Robert"}})");
    static_cast<void>(read_message(anna.socket));
    EXPECT_THAT(body_of(howl_.get("/api/chat/rooms/lobby/messages")),
                HasSubstr(R"("user":{"id":"","name":"Robert"},"text":"hello","unverified":true)"));
}

// --- The upgrade ---

/// The head of an upgrade, with an offer of subprotocols or without.
std::string upgrade_of(const std::string& path, const std::string& offer = {}) {
    return "GET /compat/chat-relay/" + path + " HTTP/1.1\r\nHost: localhost\r\n" + offer +
           "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
}

TEST_F(RelayCompatTest, TheFirstSubprotocolThatIsOfferedIsAgreedTo) {
    EXPECT_THAT(howl_.ask(upgrade_of("ws", "Sec-WebSocket-Protocol: chat, superchat\r\n")),
                AllOf(StartsWith("HTTP/1.1 101 "), HasSubstr("Sec-WebSocket-Protocol: chat\r\n")));
    EXPECT_THAT(
        howl_.ask(upgrade_of("ws")),
        AllOf(StartsWith("HTTP/1.1 101 "), ::testing::Not(HasSubstr("Sec-WebSocket-Protocol"))));
    EXPECT_EQ(status_of(howl_.ask(upgrade_of("ws", "Sec-WebSocket-Protocol: a b\r\n"))), 400);
    EXPECT_THAT(howl_.ask(upgrade_of("ws",
                                     "Sec-WebSocket-Protocol: , chat\r\n"
                                     "Sec-WebSocket-Protocol: superchat\r\n")),
                HasSubstr("Sec-WebSocket-Protocol: chat\r\n"));
}

TEST_F(RelayCompatTest, ASocketThatSpeaksAnotherProtocolIsRefused) {
    for (const auto* path :
         {"socket.io/?EIO=4&transport=websocket", "socket.io/", "sockjs-node/1/abcdefgh/websocket",
          "instance/?EIO=4&transport=websocket&sid=abc"}) {
        EXPECT_EQ(status_of(howl_.ask(upgrade_of(path))), 404) << path;
    }
    EXPECT_EQ(status_of(howl_.ask(upgrade_of("", "Sec-WebSocket-Protocol: vite-hmr\r\n"))), 404);
    EXPECT_EQ(open().read_frame(), "81:[]");
}

TEST(RelayCompatShards, SocketsOfSeveralShardsAreOneRoom) {
    LiveServer howl{[](Config& config) { config.shards = 4; }};
    std::vector<WebSocketClient> sockets;
    for (int i = 0; i < 16; ++i) {
        sockets.push_back(howl.open_socket(kEndpoint));
        EXPECT_EQ(sockets.back().read_frame(), "81:[]");
    }
    const std::string frame = R"({"type":"send","message":"to all"})";
    sockets.front().say(frame);
    for (auto& socket : sockets) {
        auto heard = socket.read_frame();
        while (heard == "81:[]") {
            heard = socket.read_frame();
        }
        EXPECT_EQ(heard, "81:" + frame);
    }
}

}  // namespace
}  // namespace howl::compat::chat
