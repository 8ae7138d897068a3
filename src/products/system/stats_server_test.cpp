// SPDX-License-Identifier: Apache-2.0
// The numbers of a whole server.
#include "server/live_server_for_test.hpp"

namespace howl::products::system {

using server::body_of;
using server::LiveServer;

namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Stats, AreAnsweredOnceAndGoOutWhileSomebodyReadsThem) {
    LiveServer howl;
    const auto once = howl.get("/api/stats");
    EXPECT_THAT(once, HasSubstr("Cache-Control: no-store\r\n"));
    EXPECT_THAT(
        body_of(once),
        StartsWith(R"({"time":"2023-11-14T22:13:20.000Z","uptimeSeconds":0,"connections":)"));
    auto page = howl.connect();
    page.send("GET /api/events?topic=howl:stats HTTP/1.1\r\nHost: a\r\n\r\n");
    static_cast<void>(page.read_until("\r\n\r\n"));
    static_cast<void>(page.read_until("\n\n"));
    howl.advance(1s);
    const auto tick = page.read_until("\n\n");
    EXPECT_THAT(tick, HasSubstr(R"("uptimeSeconds":1,"connections":)"));
    EXPECT_THAT(tick, HasSubstr(R"("streams":1,)"));
}

}  // namespace
}  // namespace howl::products::system
