// SPDX-License-Identifier: Apache-2.0
// The crowd talks to a scripted server in the same thread: what one side has sent waits in the
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

/// Accepts one connection at a time and acts as a chat server on it, as the test says.
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
    /// Without it a test whose data does not come would hang.
    static void give_up_after(const Descriptor& socket) {
        constexpr timeval kTimeout{.tv_sec = 10, .tv_usec = 0};
        ::setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &kTimeout, sizeof kTimeout);
    }

    Descriptor listener_;
    Descriptor socket_;
};

std::string unmasked(std::string_view frame) {
    std::string text{frame.substr(6)};
    for (std::size_t position = 0; position < text.size(); ++position) {
        text[position] = static_cast<char>(text[position] ^ frame[2 + position % 4]);
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
    /// Answers the next member's handshake; returns the name that it registers.
    std::string accept_member() {
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
    EXPECT_EQ(accept_member(), R"({"type":"register","name":"wolf-0"})");
    EXPECT_TRUE(request.starts_with("GET /api/chat/rooms/den/ws HTTP/1.1\r\n")) << request;
}

TEST_F(ChatRoom, IsJoinedWithTheSnapshotAndNotBefore) {
    accept_member();
    EXPECT_EQ(crowd->open_count(), 0U);
    server.send_text(kSnapshot);
    turn_until([&] { return crowd->open_count() == 1; });
    EXPECT_TRUE(crowd->is_open(ConnectionIndex{0}));
    EXPECT_FALSE(crowd->all_settled());
    EXPECT_EQ(accept_member(), R"({"type":"register","name":"wolf-1"})");
}

TEST_F(ChatRoom, ReportsWhyAMemberCouldNotJoin) {
    accept_member();
    server.send_text(R"({"type":"refused","code":"name_taken","name":"wolf-0"})");
    turn_until([&] { return crowd->failed_count() == 1; });
    EXPECT_EQ(crowd->first_failure(), "refused: name_taken");
    EXPECT_EQ(crowd->open_count(), 0U);
}

TEST_F(ChatRoom, ReceivesMessages) {
    accept_member();
    server.send_text(kSnapshot);
    turn_until([&] { return crowd->open_count() == 1; });
    const Stamp stamp = crowd->send_message(ConnectionIndex{0}, 1, kStampBytes);
    EXPECT_EQ(unmasked(server.receive()), make_send(stamp, kStampBytes));
    server.send_text(fmt::format(R"({{"type":"message","offset":1,"text":"{}"}})",
                                 make_payload(kStampBytes, stamp)));
    server.send_text(R"({"type":"ack","id":"bench-1","offset":1})");
    turn_until([&] { return crowd->checker().counts().acknowledged == 1; });
    EXPECT_EQ(crowd->checker().counts().deliveries, 1U);
    EXPECT_EQ(crowd->checker().lost(), 0U);
}

TEST_F(ChatRoom, LosesAMemberThatIsClosed) {
    accept_member();
    server.send_text(kSnapshot);
    turn_until([&] { return crowd->open_count() == 1; });
    server.send("\x88\x06\x03\xF5slow");
    turn_until([&] { return crowd->ended_count() == 1; });
    EXPECT_EQ(crowd->endings().at("1013 slow"), 1U);
}

}  // namespace
}  // namespace howl::loadtest
