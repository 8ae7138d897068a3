// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "server/live_server_for_test.hpp"

namespace howl::compat::cloud {

using server::body_of;
using server::Config;
using server::LiveServer;
using server::RawClient;
using server::status_of;

inline constexpr const char* kUuid =
    "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}";
inline const std::string kCommands = "/compat/cloud-commands/";
inline const std::string kToggle = "/compat/cloud-toggle/";
inline const std::string kNobody = "00000000-0000-4000-8000-000000000000";

class CloudEndpoints : public ::testing::Test {
protected:
    RawClient stream(const std::string& target, const std::string& headers = {}) {
        auto client = howl_.connect();
        client.send("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n");
        return client;
    }
    std::string request(const std::string& method, const std::string& target,
                        const std::string& headers = {}) {
        return howl_.ask(method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers +
                         "\r\n");
    }
    /// An instance that is there, made through `cloud-toggle`.
    std::string make_instance() {
        const auto before = body_of(howl_.get(kToggle));
        EXPECT_EQ(status_of(howl_.post(kToggle, "")), 201);
        howl_.advance(std::chrono::seconds{11});
        howl_.eventually([&] { return body_of(howl_.get(kToggle)) != before; });
        const auto list = body_of(howl_.get(kToggle));
        const auto last = list.rfind(R"("id":")");
        EXPECT_NE(last, std::string::npos) << list;
        return last == std::string::npos ? kNobody : list.substr(last + 6, 36);
    }
    /// The id of what has come through a stream with `bytes`.
    static std::string id_in(const std::string& bytes) {
        const auto start = bytes.rfind("id:") + 3;
        return bytes.substr(start, bytes.find('\n', start) - start);
    }

    LiveServer howl_;
};

/// A server with a second listener that `endpoint` has for itself, open to every page.
inline LiveServer with_root_of(const std::string& endpoint) {
    return LiveServer{[&](Config& config) {
        config.listeners.push_back({"127.0.0.1:0", {{endpoint, "/", {"*"}}}});
    }};
}

inline std::string ask_root(const LiveServer& howl, const std::string& request) {
    RawClient client{howl.port(1)};
    client.send(request);
    return client.read_reply();
}

}  // namespace howl::compat::cloud
