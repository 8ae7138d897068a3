// SPDX-License-Identifier: Apache-2.0
// What a whole server keeps in memory for peers that ask and don't read.
#include "hub/output_memory.hpp"

#include "server/live_server_for_test.hpp"

namespace howl::server {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kPage = "/api/topics/a/events?format=json&limit=1000";

void publish_large(LiveServer& howl, int count) {
    for (int i = 0; i < count; ++i) {
        ASSERT_EQ(status_of(howl.post("/api/topics/a/events", std::string(60'000, 'd'))), 201);
    }
}

RawClient ask_and_not_read(LiveServer& howl) {
    RawClient client{howl.port(), RawClient::Hurry::kTinyReceiveBuffer};
    client.send("GET " + std::string{kPage} + " HTTP/1.1\r\nHost: a\r\n\r\n");
    return client;
}

TEST(OutputMemory, APageIsBoundedInBytesAndSaysThatThereIsMore) {
    LiveServer howl;
    publish_large(howl, 30);
    std::string seen;
    std::string after = "0";
    int pages = 0;
    for (bool more = true; more; ++pages) {
        const auto body = body_of(howl.get(std::string{kPage} + "&after=" + after));
        EXPECT_LE(body.size(), limits::kPageBytesMax + 1024);
        more = body.contains("\"more\":true");
        const auto last = body.rfind("{\"offset\":") + 10;
        after = body.substr(last, body.find(',', last) - last);
    }
    EXPECT_EQ(after, "30");
    EXPECT_EQ(pages, 2);
}

TEST(OutputMemory, APageOfWhatJsonMakesLongerIsBoundedToo) {
    LiveServer howl;
    for (int i = 0; i < 10; ++i) {
        howl.post("/api/topics/a/events", std::string(60'000, '\x01'));  // Six bytes for each.
    }
    const auto body = body_of(howl.get(std::string{kPage}));
    EXPECT_LE(body.size(), limits::kPageBytesMax + 1024);
    EXPECT_THAT(body, HasSubstr("\"more\":true"));
}

TEST(OutputMemory, WhoAsksWhileItIsFullIsRefusedAndPublishersAreNot) {
    LiveServer howl{[](Config& config) {
        config.output_bytes_max = 2 * 1024 * 1024;
        config.transport.socket_send_bytes = 16 * 1024;
    }};
    publish_large(howl, 20);
    std::vector<RawClient> silent;
    while (hub::OutputMemory::has_room()) {
        silent.push_back(ask_and_not_read(howl));
        static_cast<void>(howl.get("/healthz"));
        ASSERT_LT(silent.size(), 100U);
    }
    EXPECT_LT(hub::OutputMemory::held(), 2U * 2 * 1024 * 1024);
    for (const auto& target : {std::string{kPage}, std::string{"/api/topics/a/events"}}) {
        const auto refused = howl.get(target);
        EXPECT_EQ(status_of(refused), 503) << target;
        EXPECT_THAT(refused, HasSubstr("Retry-After: 1\r\n"));
        EXPECT_THAT(refused, HasSubstr(R"("code":"overloaded")"));
    }
    EXPECT_EQ(status_of(howl.post("/api/topics/a/events", "x")), 201);
    EXPECT_EQ(status_of(howl.get("/healthz")), 200);
    silent.clear();
    howl.eventually([&] { return status_of(howl.get("/api/stats")) == 200; });
}

TEST(OutputMemory, ManyWhoAskAtTheSameMomentDoNotAllCountOnTheSameRoom) {
    LiveServer howl{[](Config& config) {
        config.output_bytes_max = 2 * 1024 * 1024;
        config.transport.socket_send_bytes = 16 * 1024;
    }};
    publish_large(howl, 20);
    std::vector<RawClient> crowd;
    for (int i = 0; i < 40; ++i) {
        crowd.push_back(ask_and_not_read(howl));
    }
    const auto served = std::ranges::count_if(
        crowd, [](RawClient& client) { return status_of(client.read_until("\r\n")) == 200; });
    EXPECT_GE(served, 2);
    EXPECT_LE(served, 8);
}

TEST(OutputMemory, NothingIsHeldWhenNobodyIsThere) {
    {
        LiveServer howl;
        publish_large(howl, 5);
        static_cast<void>(howl.get(std::string{kPage}));
        const auto reader = ask_and_not_read(howl);
    }
    EXPECT_EQ(hub::OutputMemory::held(), 0U);
}

}  // namespace
}  // namespace howl::server
