// SPDX-License-Identifier: Apache-2.0
// The crowd talks to a server of a few lines in the same thread: what one has sent waits in the
// kernel until the other reads.
#include "loadtest/chat_crowd.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace howl::loadtest {
namespace {

using namespace std::chrono_literals;

/// Accepts one connection at a time and plays a chat server on it, word by word.
class ScriptedServer {
public:
    ScriptedServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const sockaddr_in any = loopback_endpoint(0).address;
        EXPECT_EQ(::bind(listener_.number(), reinterpret_cast<const sockaddr*>(&any), sizeof any),
                  0);
        EXPECT_EQ(::listen(listener_.number(), 8), 0);
        give_up_after(listener_);
    }

    [[nodiscard]] Endpoint endpoint() const {
        sockaddr_in address{};
        socklen_t length = sizeof address;
        ::getsockname(listener_.number(), reinterpret_cast<sockaddr*>(&address), &length);
        return loopback_endpoint(ntohs(address.sin_port));
    }

    void accept() {
        socket_ = Descriptor{::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC)};
        EXPECT_TRUE(socket_.is_open());
        give_up_after(socket_);
    }
    [[nodiscard]] std::string receive() {
        std::string bytes(4096, '\0');
        const auto got = ::recv(socket_.number(), bytes.data(), bytes.size(), 0);
        bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        return bytes;
    }
    void send(std::string_view bytes) {
        EXPECT_EQ(::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(bytes.size()));
    }
    void send_text(std::string_view text) {
        ASSERT_LT(text.size(), 126U);
        send(fmt::format("\x81{}{}", static_cast<char>(text.size()), text));
    }

private:
    /// A test that waits for what does not come fails instead of hanging.
    static void give_up_after(const Descriptor& socket) {
        constexpr timeval kPatience{.tv_sec = 10, .tv_usec = 0};
        ::setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    }

    Descriptor listener_;
    Descriptor socket_;
};

std::string unmasked(std::string_view frame) {
    std::string text{frame.substr(6)};
    for (std::size_t place = 0; place < text.size(); ++place) {
        text[place] = static_cast<char>(text[place] ^ frame[2 + place % 4]);
    }
    return text;
}

constexpr std::string_view kSwitching =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
constexpr std::string_view kSnapshot = R"({"type":"snapshot","members":[],"messages":[]})";

class ChatRoom : public ::testing::Test {
protected:
    ChatRoom() {
        crowd = ChatCrowd::create(
                    {.crowd = {.endpoint = server.endpoint(), .connections = 2, .openings_max = 1},
                     .room = "den",
                     .name = "wolf"})
                    .value();
        crowd->open_all();
    }

    template <class Condition>
    void turn_until(Condition condition) {
        const auto deadline = std::chrono::steady_clock::now() + 10s;
        while (!condition() && std::chrono::steady_clock::now() < deadline) {
            crowd->turn(1ms);
        }
        EXPECT_TRUE(condition());
    }
    /// The next member's handshake; the name it asks for.
    std::string greet_one() {
        const std::size_t bytes = crowd->wire_bytes();
        turns(4);
        server.accept();
        turns(4);
        request = server.receive();
        server.send(kSwitching);
        server.send_text(R"({"type":"welcome"})");
        turn_until([&] { return crowd->wire_bytes() > bytes; });
        return unmasked(server.receive());
    }
    void turns(int count) {
        for (int turn = 0; turn < count; ++turn) {
            crowd->turn(1ms);
        }
    }

    ScriptedServer server;
    std::unique_ptr<ChatCrowd> crowd;
    std::string request;
};

TEST_F(ChatRoom, IsAskedForByItsName) {
    EXPECT_EQ(greet_one(), R"({"type":"register","name":"wolf-0"})");
    EXPECT_TRUE(request.starts_with("GET /api/chat/rooms/den/ws HTTP/1.1\r\n")) << request;
}

TEST_F(ChatRoom, IsJoinedWithTheSnapshotAndNotBefore) {
    greet_one();
    EXPECT_EQ(crowd->open_count(), 0U);
    server.send_text(kSnapshot);
    turn_until([&] { return crowd->open_count() == 1; });
    EXPECT_TRUE(crowd->is_open(ConnectionIndex{0}));
    EXPECT_FALSE(crowd->all_settled());
    EXPECT_EQ(greet_one(), R"({"type":"register","name":"wolf-1"})");
}

TEST_F(ChatRoom, SaysWhyAMemberCouldNotJoin) {
    greet_one();
    server.send_text(R"({"type":"refused","code":"name_taken","name":"wolf-0"})");
    turn_until([&] { return crowd->failed_count() == 1; });
    EXPECT_EQ(crowd->first_failure(), "refused: name_taken");
    EXPECT_EQ(crowd->open_count(), 0U);
}

TEST_F(ChatRoom, HearsWhatWasSaid) {
    greet_one();
    server.send_text(kSnapshot);
    turn_until([&] { return crowd->open_count() == 1; });
    const Stamp stamp = crowd->say(ConnectionIndex{0}, 1, kStampBytes);
    EXPECT_EQ(unmasked(server.receive()), make_send(stamp, kStampBytes));
    server.send_text(fmt::format(R"({{"type":"message","offset":1,"text":"{}"}})",
                                 make_payload(kStampBytes, stamp)));
    server.send_text(R"({"type":"ack","id":"bench-1","offset":1})");
    turn_until([&] { return crowd->witness().counts().acknowledged == 1; });
    EXPECT_EQ(crowd->witness().counts().deliveries, 1U);
    EXPECT_EQ(crowd->witness().lost(), 0U);
}

TEST_F(ChatRoom, LosesAMemberThatIsClosed) {
    greet_one();
    server.send_text(kSnapshot);
    turn_until([&] { return crowd->open_count() == 1; });
    server.send("\x88\x06\x03\xF5slow");
    turn_until([&] { return crowd->ended_count() == 1; });
    EXPECT_EQ(crowd->endings().at("1013 slow"), 1U);
}

}  // namespace
}  // namespace howl::loadtest
