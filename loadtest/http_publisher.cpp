// SPDX-License-Identifier: Apache-2.0
#include "loadtest/http_publisher.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <utility>

#include <fmt/format.h>

#include "loadtest/payload.hpp"
#include "loadtest/wire_scan.hpp"

namespace howl::loadtest {
namespace {

constexpr timeval kTimeout{.tv_sec = 10, .tv_usec = 0};
constexpr std::size_t kReadBytes = 4096;
constexpr unsigned kCreated = 201;

std::unexpected<Error> system_failure(std::string_view what) {
    return fail(Errc::kSystem, "publisher", fmt::format("{}: {}", what, ::strerror(errno)));
}

}  // namespace

std::string publish_request(const Endpoint& endpoint, std::string_view topic,
                            std::string_view body) {
    return fmt::format(
        "POST /api/topics/{}/events HTTP/1.1\r\nHost: {}\r\nContent-Type: text/plain\r\n"
        "Content-Length: {}\r\n\r\n{}",
        topic, endpoint.authority, body.size(), body);
}

Result<HttpConnection> HttpConnection::connect(const Endpoint& endpoint) {
    Descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    constexpr int kOn = 1;
    const int number = socket.number();
    ::setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &kTimeout, sizeof kTimeout);
    ::setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &kTimeout, sizeof kTimeout);
    ::setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn);
    if (::connect(number, reinterpret_cast<const sockaddr*>(&endpoint.address),
                  sizeof endpoint.address) != 0) {
        return system_failure("connect to " + endpoint.authority);
    }
    return HttpConnection{std::move(socket)};
}

Result<HttpReply> HttpConnection::exchange(std::string_view request) {
    HOWL_TRY_VOID(send_all(request));
    while (true) {
        HttpHead head;
        const Scan outcome = scan_http_head(received_, head);
        const auto length = outcome == Scan::kItem ? head.content_length() : std::nullopt;
        if (outcome == Scan::kMalformed || (outcome == Scan::kItem && !length)) {
            return fail(Errc::kProtocolError, "read a response");
        }
        if (outcome == Scan::kItem && received_.size() >= head.bytes + *length) {
            HttpReply reply{.status = head.status, .body = received_.substr(head.bytes, *length)};
            received_.erase(0, head.bytes + *length);
            return reply;
        }
        HOWL_TRY_VOID(receive());
    }
}

Result<void> HttpConnection::send_all(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            return system_failure("send a request");
        }
        bytes.remove_prefix(sent > 0 ? static_cast<std::size_t>(sent) : 0);
    }
    return {};
}

Result<void> HttpConnection::receive() {
    std::array<char, kReadBytes> piece;  // Filled by the kernel.
    const auto got = ::recv(socket_.number(), piece.data(), piece.size(), 0);
    if (got == 0) {
        return fail(Errc::kPeerClosed, "read a response");
    }
    if (got < 0 && errno != EINTR) {
        return system_failure("read a response");
    }
    received_.append(piece.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    return {};
}

std::optional<double> find_metric(std::string_view text, std::string_view name) {
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.starts_with(name) && line.substr(name.size()).starts_with(' ')) {
            double value = 0;
            const std::string_view digits = line.substr(name.size() + 1);
            const auto parsed = std::from_chars(digits.begin(), digits.end(), value);
            return parsed.ec == std::errc{} ? std::optional{value} : std::nullopt;
        }
    }
    return std::nullopt;
}

std::optional<double> read_metric(const Endpoint& endpoint, std::string_view name) {
    auto connection = HttpConnection::connect(endpoint);
    if (!connection) {
        return std::nullopt;
    }
    const auto reply = connection->exchange(
        fmt::format("GET /metrics HTTP/1.1\r\nHost: {}\r\n\r\n", endpoint.authority));
    return reply ? find_metric(reply->body, name) : std::nullopt;
}

Result<HttpPublisher> HttpPublisher::connect(const Endpoint& endpoint, std::string topic) {
    HOWL_TRY(connection, HttpConnection::connect(endpoint));
    return HttpPublisher{std::move(connection), endpoint, std::move(topic)};
}

HttpPublisher::HttpPublisher(HttpConnection connection, Endpoint endpoint, std::string topic)
    : connection_(std::move(connection)),
      endpoint_(std::move(endpoint)),
      topic_(std::move(topic)) {}

Result<void> HttpPublisher::publish(std::string_view body) {
    HOWL_TRY(reply, connection_.exchange(publish_request(endpoint_, topic_, body)));
    if (reply.status != kCreated) {
        return fail(Errc::kSystem, "publish",
                    fmt::format("status {}: {}", reply.status, reply.body));
    }
    return {};
}

Result<void> HttpEventSource::start(const SendPlan& plan) {
    sent_ = 0;
    done_ = false;
    thread_ = std::jthread{[this, plan](const std::stop_token& stop) { run(stop, plan); }};
    return {};
}

void HttpEventSource::run(const std::stop_token& stop, const SendPlan& plan) {
    const auto start = std::chrono::steady_clock::now();
    const std::uint64_t start_nanos = steady_nanos();
    std::string payload = make_payload(plan.payload_bytes, {});
    for (std::uint64_t index = 0; index < plan.count && !stop.stop_requested(); ++index) {
        const auto due = due_after(plan, index);
        std::this_thread::sleep_until(start + due);
        // The time when it was due, not when it was sent: the delay of a late publisher counts.
        write_stamp(payload.data(), {.nanos = start_nanos + static_cast<std::uint64_t>(due.count()),
                                     .number = plan.first_number + index});
        if (const auto published = publisher_.publish(payload); !published) {
            const MutexLock lock{mutex_};
            failure_ = published.error().describe();
            break;
        }
        sent_.fetch_add(1, std::memory_order_relaxed);
    }
    done_.store(true, std::memory_order_release);
}

std::string HttpEventSource::failure() const {
    const MutexLock lock{mutex_};
    return failure_;
}

}  // namespace howl::loadtest
