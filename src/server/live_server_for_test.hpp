// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <chrono>
#include <functional>
#include <limits>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "codec/http/chunked_decoder.hpp"
#include "codec/websocket/frame.hpp"
#include "products/echo/echo_api.hpp"
#include "server/server.hpp"

namespace howl::server {

/// A client without response_policy: bytes out, bytes in. A read waits for a time that only a
/// broken server needs. The chunks of a stream are taken off, unless the test is about them.
class RawClient {
public:
    enum class Hurry { kNormal, kTinyReceiveBuffer };
    enum class Chunks { kTakenOff, kShown };

    explicit RawClient(std::uint16_t port, Hurry hurry = Hurry::kNormal)
        : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        const timeval patience{20, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        const int at_once = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
        if (hurry == Hurry::kTinyReceiveBuffer) {
            const int bytes = 4096;
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
        }
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    }
    RawClient(RawClient&& other) noexcept
        : socket_(std::exchange(other.socket_, -1)),
          received_(std::move(other.received_)),
          chunks_(other.chunks_),
          body_(std::move(other.body_)) {}
    RawClient& operator=(RawClient&&) = delete;
    ~RawClient() {
        if (socket_ >= 0) {
            ::close(socket_);
        }
    }

    void show(Chunks chunks) { chunks_ = chunks; }
    /// The body of the stream came to its end, and was not cut.
    [[nodiscard]] bool body_complete() const { return body_ && body_->complete(); }

    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                return;  // The server has hung up; what it said is still to be read.
            }
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    void end_sending() { ::shutdown(socket_, SHUT_WR); }
    /// Ends with RST, as a crashed peer does.
    void reset() {
        const linger at_once{1, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        ::close(std::exchange(socket_, -1));
    }

    /// Everything up to and with `end`.
    std::string read_until(std::string_view end) {
        auto at = received_.find(end);
        while (at == std::string::npos) {
            if (!receive()) {
                ADD_FAILURE() << "no '" << end << "' in '" << received_ << "'";
                return take(received_.size());
            }
            at = received_.find(end);
        }
        return take(at + end.size());
    }
    std::string read_bytes(std::size_t count) {
        while (received_.size() < count) {
            if (!receive()) {
                ADD_FAILURE() << "ended after '" << received_ << "'";
                return take(received_.size());
            }
        }
        return take(count);
    }
    /// A reply with its body.
    std::string read_reply() {
        auto reply = read_until("\r\n\r\n");
        constexpr std::string_view kLength = "Content-Length: ";
        if (const auto at = reply.find(kLength); at != std::string::npos) {
            reply += read_bytes(std::stoul(reply.substr(at + kLength.size())));
        }
        return reply;
    }
    /// The rest, until the server hangs up.
    std::string read_to_end() {
        while (receive()) {
        }
        EXPECT_FALSE(timed_out_) << "the server did not hang up";
        return take(received_.size());
    }
    /// Something has come that was not read yet.
    bool has_received() {
        received_ = poll();
        return !received_.empty();
    }
    /// What has come so far, without waiting.
    std::string poll() {
        char buffer[65536];
        for (;;) {
            const auto got = ::recv(socket_, buffer, sizeof buffer, MSG_DONTWAIT);
            if (got <= 0) {
                return take(received_.size());
            }
            append({buffer, static_cast<std::size_t>(got)});
        }
    }

private:
    bool receive() {
        char buffer[65536];
        const auto got = ::recv(socket_, buffer, sizeof buffer, 0);
        timed_out_ = got < 0 && errno == EAGAIN;
        append({buffer, static_cast<std::size_t>(std::max<ssize_t>(got, 0))});
        return got > 0;
    }
    void append(std::string_view bytes) {
        if (body_) {
            EXPECT_TRUE(body_->feed(bytes, received_)) << bytes;
            return;
        }
        received_ += bytes;
        const auto field = received_.find("\r\nTransfer-Encoding: chunked\r\n");
        const auto end = received_.find("\r\n\r\n", field);
        if (chunks_ == Chunks::kShown || field == std::string::npos || end == std::string::npos) {
            return;
        }
        const auto rest = received_.substr(end + 4);
        received_.resize(end + 4);
        constexpr auto kAny = std::numeric_limits<std::size_t>::max();
        body_.emplace(codec::http::ChunkedLimits{kAny, kAny, 0, 0});
        append(rest);
    }
    std::string take(std::size_t count) {
        auto out = received_.substr(0, count);
        received_.erase(0, count);
        return out;
    }

    int socket_;
    std::string received_;
    Chunks chunks_ = Chunks::kTakenOff;
    std::optional<codec::http::ChunkedDecoder> body_;
    bool timed_out_ = false;
};

inline constexpr std::string_view kUpgradeHeaders =
    "Host: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

inline std::string masked(codec::websocket::Opcode opcode, std::string_view payload,
                          codec::websocket::Fin fin = codec::websocket::Fin::kYes) {
    return codec::websocket::encode_masked_frame({1, 2, 3, 4}, opcode, payload,
                                                 codec::websocket::Rsv1::kClear, fin);
}
inline std::string masked_text(std::string_view text) {
    return masked(codec::websocket::Opcode::kText, text);
}

/// A `RawClient` behind its handshake.
class WebSocketClient : public RawClient {
public:
    WebSocketClient(std::uint16_t port, const std::string& path, std::string_view early = {},
                    Hurry hurry = Hurry::kNormal)
        : RawClient(port, hurry) {
        send("GET " + path + " HTTP/1.1\r\n" + std::string{kUpgradeHeaders} + std::string{early});
        EXPECT_THAT(read_until("\r\n\r\n"), ::testing::StartsWith("HTTP/1.1 101 "));
    }

    void say(std::string_view text) { send(masked_text(text)); }

    /// First byte and payload of the next frame: `81:hello`, `88:1000`, `88:1013 slow`, `89:`.
    std::string read_frame() {
        const auto start = read_bytes(2);
        auto length = static_cast<std::size_t>(static_cast<unsigned char>(start[1]));
        if (length >= 126) {
            const auto more = read_bytes(length == 126 ? 2 : 8);
            length = 0;
            for (const char byte : more) {
                length = length << 8U | static_cast<unsigned char>(byte);
            }
        }
        const auto payload = read_bytes(length);
        constexpr std::string_view kDigits = "0123456789abcdef";
        const auto first = static_cast<unsigned char>(start[0]);
        std::string out{kDigits[first >> 4U], kDigits[first & 15U], ':'};
        if (first == 0x88 && payload.size() >= 2) {
            const auto code = static_cast<unsigned char>(payload[0]) * 256 +
                              static_cast<unsigned char>(payload[1]);
            out += std::to_string(code);
            out += payload.size() > 2 ? " " + payload.substr(2) : "";
        } else {
            out += payload;
        }
        return out;
    }
};

/// A whole server in memory, on one shard, whose clock the test owns.
class LiveServer {
public:
    explicit LiveServer(const std::function<void(Config&)>& adjust = [](Config&) {}) {
        Config config;
        config.data_dir = ":memory:";
        config.shards = 1;
        config.listeners = {default_listener("127.0.0.1:0")};
        config.of<products::echo::EchoSettings>().echo = true;
        config.hosts = {"*"};
        adjust(config);
        auto started = Server::start(std::move(config), clock_);
        EXPECT_TRUE(started) << started.error().detail;
        server_ = std::move(*started);
    }

    [[nodiscard]] std::uint16_t port(std::size_t listener = 0) const {
        const auto& address = server_->bound().at(listener).address;
        return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    }
    RawClient connect() { return RawClient{port()}; }
    WebSocketClient open_socket(const std::string& path, std::string_view early = {}) {
        return WebSocketClient{port(), path, early};
    }
    /// One request on a connection of its own.
    std::string ask(const std::string& request) {
        auto client = connect();
        client.send(request);
        return client.read_reply();
    }
    std::string get(const std::string& target, const std::string& headers = {}) {
        return ask("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n");
    }
    std::string post(const std::string& target, const std::string& body,
                     const std::string& headers = {}) {
        return ask(post_text(target, body, headers));
    }
    static std::string post_text(const std::string& target, const std::string& body,
                                 const std::string& headers = {}) {
        return "POST " + target +
               " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n" + headers + "\r\n" + body;
    }

    /// Returns when the shard has seen everything that was sent before: it serves sockets in the
    /// order in which they became readable.
    void settle() {
        for (int turns = 0; turns < 2; ++turns) {
            static_cast<void>(get("/healthz"));
        }
    }
    /// The same over a connection that is there already.
    static void settle_on(RawClient& client) {
        for (int turns = 0; turns < 2; ++turns) {
            client.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            static_cast<void>(client.read_reply());
        }
    }
    /// Lets time pass; what falls due does so at the next tick. Time stands still during a turn of
    /// the shard, so the turn that goes on meanwhile has to end before anything else is sent.
    void advance(std::chrono::milliseconds by) {
        settle();
        clock_.advance(by);
        end_turn();
    }
    /// The same where nobody is let in any more to tell when the time has passed.
    void let_pass(std::chrono::milliseconds by) { clock_.advance(by); }
    void eventually(const std::function<bool()>& holds) {
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (!holds()) {
            ASSERT_LT(std::chrono::steady_clock::now(), patience) << "it never came to be";
            static_cast<void>(get("/healthz"));
        }
    }

    [[nodiscard]] Server& server() { return *server_; }

private:
    /// A client that is quick enough keeps a turn going, but no turn takes more than 256 handlers,
    /// and each of these requests needs one.
    void end_turn() {
        constexpr int kRequests = 300;
        auto client = connect();
        std::string requests;
        for (int i = 0; i < kRequests; ++i) {
            requests += "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n";
        }
        client.send(requests);
        for (int i = 0; i < kRequests; ++i) {
            static_cast<void>(client.read_until("\r\n\r\n"));
        }
    }

    ManualClock clock_;
    std::unique_ptr<Server> server_;
};

/// The status code of a reply.
inline int status_of(std::string_view reply) {
    return reply.starts_with("HTTP/1.1 ") ? std::stoi(std::string{reply.substr(9, 3)}) : 0;
}
inline std::string body_of(const std::string& reply) {
    const auto end = reply.find("\r\n\r\n");
    return end == std::string::npos ? std::string{} : reply.substr(end + 4);
}
/// The `code` of a refusal.
inline std::string code_in(const std::string& reply) {
    constexpr std::string_view kCode = R"("code":")";
    const auto at = reply.find(kCode);
    return at == std::string::npos
               ? ""
               : reply.substr(at + kCode.size(),
                              reply.find('"', at + kCode.size()) - at - kCode.size());
}

}  // namespace howl::server
