// SPDX-License-Identifier: Apache-2.0
// Whom the server answers.
#include "server/live_server_for_test.hpp"

namespace howl::server {
namespace {

using ::testing::StartsWith;

TEST(Hosts, APageOfAnotherNameCanNotReadFromAServerOnLoopback) {
    LiveServer howl{[](Config& config) { config.hosts = {"howl.example.com"}; }};
    const auto ask = [&](const std::string& host) {
        return howl.ask("GET /api/stats HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    };
    const auto refused = ask("evil.example:8080");
    EXPECT_THAT(refused, StartsWith("HTTP/1.1 421 Misdirected Request\r\n"));
    EXPECT_EQ(code_in(refused), "misdirected");
    for (const char* host : {"localhost:8080", "127.0.0.1", "[::1]:8080", "howl.example.com"}) {
        EXPECT_EQ(status_of(ask(host)), 200) << host;
    }
    EXPECT_EQ(status_of(howl.ask("GET /healthz HTTP/1.0\r\n\r\n")), 200);
}

TEST(HttpService, AHostOfAnyFormThatMeansThisMachineIsAnswered) {
    LiveServer howl{[](Config& config) { config.hosts.clear(); }};
    for (const std::string host : {"", "localhost:", "localhost.", "app.localhost:8080"}) {
        EXPECT_EQ(status_of(howl.ask("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\n\r\n")), 200)
            << host;
    }
    EXPECT_EQ(status_of(howl.ask("GET /healthz HTTP/1.1\r\nHost: evil.localhost.example\r\n\r\n")),
              421);
}

}  // namespace
}  // namespace howl::server
