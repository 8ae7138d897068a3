// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/curl_loop.hpp"

#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <future>
#include <memory>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace howl::storage::dynamodb {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

/// A socket on a free port of loopback, which answers as the test says.
class Listener {
public:
    Listener() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(::bind(socket_, any, size), 0);
        EXPECT_EQ(::listen(socket_, 8), 0);
        EXPECT_EQ(::getsockname(socket_, any, &size), 0);
        endpoint = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    }
    ~Listener() { ::close(socket_); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// A connection, from its first byte on.
    int accept() const { return ::accept(socket_, nullptr, nullptr); }
    /// Reads one request whose body is `body`.
    static std::string read_request(int connection, const std::string& body) {
        std::string text;
        std::array<char, 4096> bytes{};
        while (!text.ends_with("\r\n\r\n" + body)) {
            const auto count = ::read(connection, bytes.data(), bytes.size());
            if (count <= 0) {
                break;
            }
            text.append(bytes.data(), static_cast<std::size_t>(count));
        }
        return text;
    }
    static void write(int connection, const std::string& text) {
        EXPECT_EQ(::write(connection, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }

    std::string endpoint;

private:
    const int socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
};

class CurlLoopTest : public testing::Test {
protected:
    void start(std::string endpoint, Credentials credentials = {"the-id", "the-secret", ""}) {
        settings.endpoint = std::move(endpoint);
        loop = CurlLoop::start(settings, std::move(credentials), clock).value();
    }
    std::future<Result<HttpAnswer>> send(std::string body,
                                         std::chrono::milliseconds time_max = 10s) {
        auto promise = std::make_shared<std::promise<Result<HttpAnswer>>>();
        loop->post([this, promise, body = std::move(body), time_max] {
            loop->send({"GetItem", body, time_max}, [promise](Result<HttpAnswer> answer) {
                promise->set_value(std::move(answer));
            });
        });
        return promise->get_future();
    }

    const SystemClock clock;
    DynamoSettings settings;
    std::unique_ptr<CurlLoop> loop;
};

constexpr const char* kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

TEST_F(CurlLoopTest, SignsWhatItSendsAndShowsNoSecret) {
    const Listener listener;
    start(listener.endpoint, {"the-id", "the-secret", "the-session"});
    auto answer = send(R"({"a":1})");
    const int connection = listener.accept();
    const auto request = Listener::read_request(connection, R"({"a":1})");
    EXPECT_THAT(request, testing::StartsWith("POST / HTTP/1.1\r\n"));
    EXPECT_THAT(request, HasSubstr("X-Amz-Target: DynamoDB_20120810.GetItem\r\n"));
    EXPECT_THAT(request, HasSubstr("Content-Type: application/x-amz-json-1.0\r\n"));
    EXPECT_THAT(request, HasSubstr("X-Amz-Security-Token: the-session\r\n"));
    // What is signed has to be sent, and all of it.
    EXPECT_THAT(request,
                ContainsRegex("Authorization: AWS4-HMAC-SHA256 Credential=the-id/[0-9]+/us-east-1/"
                              "dynamodb/aws4_request, SignedHeaders=content-type;host;x-amz-date;"
                              "x-amz-security-token;x-amz-target, Signature=[0-9a-f]+"));
    EXPECT_THAT(request, Not(HasSubstr("the-secret")));
    EXPECT_THAT(request, Not(HasSubstr("Expect")));
    Listener::write(connection, kAnswer);
    EXPECT_EQ(answer.get()->body, "{}");
    ::close(connection);
}

TEST_F(CurlLoopTest, KeepsItsConnections) {
    const Listener listener;
    settings.requests_max = 1;
    start(listener.endpoint);
    auto first = send("1");
    auto second = send("2");
    const int connection = listener.accept();
    Listener::read_request(connection, "1");
    Listener::write(connection, kAnswer);
    EXPECT_EQ(first.get()->status, 200);
    Listener::read_request(connection, "2");
    Listener::write(connection, "HTTP/1.1 500 Oops\r\nContent-Length: 1\r\n\r\nx");
    EXPECT_EQ(second.get()->status, 500);
    ::close(connection);
}

TEST_F(CurlLoopTest, WhatIsNotAnsweredEndsInTimeAlsoInTheQueue) {
    const Listener listener;
    settings.requests_max = 1;
    start(listener.endpoint);
    auto first = send("1", 50ms);
    auto second = send("2", 50ms);
    EXPECT_EQ(first.get().error().code, Errc::kPeerTimeout);
    EXPECT_EQ(second.get().error().code, Errc::kPeerTimeout);
}

TEST_F(CurlLoopTest, ACutConnectionAndARefusedOneAreTold) {
    std::string endpoint;
    {
        const Listener listener;
        endpoint = listener.endpoint;
        start(endpoint);
        auto answer = send("1");
        const int connection = listener.accept();
        Listener::read_request(connection, "1");
        ::close(connection);
        EXPECT_EQ(answer.get().error().code, Errc::kPeerClosed);
    }
    EXPECT_EQ(send("2").get().error().code, Errc::kPeerClosed);
}

TEST_F(CurlLoopTest, RunsWhatIsPostedAndWhatIsDue) {
    start("http://127.0.0.1:1");
    std::promise<std::string> words;
    loop->post([&] {
        loop->after(20ms,
                    [&, said = std::make_shared<std::string>("later")] { words.set_value(*said); });
    });
    EXPECT_EQ(words.get_future().get(), "later");
}

TEST_F(CurlLoopTest, RefusesWhatIsNoEndpointOrRegion) {
    const auto refusal = [this](std::string endpoint, std::string region) {
        settings.endpoint = std::move(endpoint);
        settings.region = std::move(region);
        return CurlLoop::start(settings, {"i", "s", ""}, clock).error().code;
    };
    EXPECT_EQ(refusal("ftp://x", "us-east-1"), Errc::kInvalidConfig);
    EXPECT_EQ(refusal("127.0.0.1:8000", "us-east-1"), Errc::kInvalidConfig);
    EXPECT_EQ(refusal("", "us east"), Errc::kInvalidConfig);
    EXPECT_EQ(refusal("", ""), Errc::kInvalidConfig);
    settings.requests_max = 0;
    EXPECT_EQ(refusal("", "us-east-1"), Errc::kInvalidConfig);
}

}  // namespace
}  // namespace howl::storage::dynamodb
