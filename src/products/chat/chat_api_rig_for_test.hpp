// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "products/chat/chat_app.hpp"
#include "server/live_server_for_test.hpp"

namespace howl::products::chat {

using server::Config;
using server::LiveServer;
using server::WebSocketClient;

inline constexpr const char* kLobbyPath = "/api/chat/rooms/lobby/";
inline constexpr const char* kNow = "2023-11-14T22:13:20.000Z";  // Where a manual clock begins.
inline constexpr const char* kLeft = R"(81:{"type":"left"})";
inline constexpr const char* kUuid4 =
    "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

/// The string that is the member `name` of a text's first object that has it.
inline std::string member_of(const std::string& text, const std::string& name) {
    const auto before = fmt::format(R"("{}":")", name);
    const auto at = text.find(before);
    const auto start = at + before.size();
    return at == std::string::npos ? "" : text.substr(start, text.find('"', start) - start);
}
inline std::string registering(std::string_view name) {
    return fmt::format(R"({{"type":"register","name":"{}"}})", name);
}
inline std::string sending(std::string_view id, std::string_view text) {
    return fmt::format(R"({{"type":"send","id":"{}","text":"{}"}})", id, text);
}
inline std::string error_frame(std::string_view code, std::string_view id = {}) {
    return fmt::format(R"(81:{{"type":"error","code":"{}"{},"title":)", code,
                       id.empty() ? "" : fmt::format(R"(,"id":"{}")", id));
}

/// Members of the lobby, and what their sockets hear.
class ChatApiTest : public ::testing::Test {
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

    WebSocketClient open() { return howl_.open_socket(fmt::format("{}ws", kLobbyPath)); }
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
        EXPECT_THAT(client.read(), ::testing::StartsWith(R"(81:{"type":"pong",)"));
    }
    std::string get(std::string_view path) {
        return howl_.get(fmt::format("{}{}", kLobbyPath, path));
    }

    /// Pings would only be in the way.
    LiveServer howl_{[](Config& config) {
        config.transport.ws_ping_interval = std::chrono::hours{1};
        config.of<ChatSettings>().message_bytes_max = 100;
    }};
};

}  // namespace howl::products::chat
