// SPDX-License-Identifier: Apache-2.0
// What a whole server keeps in memory for peers that begin to send and never end.
#include "transport/input_memory.hpp"

#include "server/live_server_for_test.hpp"

namespace howl::server {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using transport::InputMemory;

constexpr std::size_t kBodyBytes = 900'000;

/// A request whose body wants one byte more.
RawClient begin_request(LiveServer& howl) {
    RawClient client{howl.port()};
    client.send("POST /api/topics/a/events HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                std::to_string(kBodyBytes + 1) + "\r\n\r\n" + std::string(kBodyBytes, 'x'));
    return client;
}

/// As many as there is room for.
std::vector<RawClient> fill(LiveServer& howl) {
    std::vector<RawClient> crowd;
    while ((crowd.size() + 1) * (kBodyBytes + 200) <= limits::kInputBytesMax) {
        crowd.push_back(begin_request(howl));
    }
    howl.settle();
    EXPECT_EQ(crowd.front().poll(), "");
    return crowd;
}

TEST(InputMemory, RequestsThatNeverEndAreGivenUpTheOldestFirst) {
    LiveServer howl;
    auto crowd = fill(howl);
    auto newcomer = begin_request(howl);
    const auto reply = crowd.front().read_reply();
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 503 "));
    EXPECT_THAT(reply, HasSubstr("Retry-After: 1\r\n"));
    EXPECT_THAT(reply, HasSubstr(R"("code":"overloaded")"));
    EXPECT_EQ(status_of(howl.post("/api/topics/a/events", std::string(60'000, 'y'))), 201);
    newcomer.send("x");  // It is heard: the body is too large for an event, but it was read.
    EXPECT_EQ(status_of(newcomer.read_reply()), 413);
    EXPECT_FALSE(InputMemory::is_full());
}

TEST(InputMemory, AMessageThatNeverEndsIsCutWhereThereIsNoRoom) {
    LiveServer howl;
    const auto crowd = fill(howl);
    const auto piece = masked(codec::websocket::Opcode::kText, std::string(30'000, 'x'),
                              codec::websocket::Fin::kNo);
    std::vector<WebSocketClient> sockets;
    for (int i = 0; i < 40; ++i) {
        sockets.push_back(howl.open_socket("/api/topics/a/ws"));
        sockets.back().send(piece);
    }
    EXPECT_EQ(sockets.back().read_to_end(), "");
    auto whole = howl.open_socket("/compat/echo");
    whole.say("hello");
    EXPECT_EQ(whole.read_frame(), "81:hello");
}

TEST(InputMemory, NothingIsHeldWhenNobodyIsThere) {
    {
        LiveServer howl;
        fill(howl);
        howl.post("/api/topics/a/events", std::string(60'000, 'y'));
    }
    EXPECT_EQ(InputMemory::held(), 0U);
}

}  // namespace
}  // namespace howl::server
