// SPDX-License-Identifier: Apache-2.0
#include "loadtest/connection_crowd.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "loadtest/payload.hpp"

namespace howl::loadtest {
namespace {

constexpr std::size_t kBufferBytes = 256 * 1024;
constexpr std::size_t kReadyMax = 1024;
/// Reads of one connection before the others have their turn.
constexpr int kReadsPerTurn = 4;
/// Of a connection that will stall.
constexpr int kSmallReceiveBuffer = 64 * 1024;

// The key and answer of RFC 6455 section 1.3; a load client has no caches to defend against.
constexpr std::string_view kWebSocketKey = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view kWebSocketAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

std::string system_error(int error) {
    return std::string{::strerror(error)};
}

Result<void> system_failure(std::string_view context) {
    return fail(Errc::kSystem, context, system_error(errno));
}

template <class T>
void set_option(int socket, int level, int name, const T& value) noexcept {
    // A failed option changes the timing only: the run is valid without it.
    static_cast<void>(::setsockopt(socket, level, name, &value, sizeof value));
}

}  // namespace

Result<Descriptor> ConnectionCrowd::create_poller() {
    Descriptor poller{::epoll_create1(EPOLL_CLOEXEC)};
    if (!poller.is_open()) {
        return fail(Errc::kSystem, "load client", system_error(errno));
    }
    return poller;
}

ConnectionCrowd::ConnectionCrowd(CrowdOptions options, Descriptor poller)
    : options_(std::move(options)),
      poller_(std::move(poller)),
      connections_(options_.connections),
      buffer_(kBufferBytes),
      next_to_open_(options_.connections) {}

ConnectionCrowd::~ConnectionCrowd() {
    drop_all();
}

ConnectionIndex ConnectionCrowd::index_of(const Connection& connection) const noexcept {
    return ConnectionIndex{static_cast<std::size_t>(&connection - connections_.data())};
}

bool ConnectionCrowd::is_open(ConnectionIndex index) const noexcept {
    return connections_[index.value()].state == State::kOpen;
}

bool ConnectionCrowd::is_stalling(ConnectionIndex index) const noexcept {
    return index.value() < options_.stalling;
}

bool ConnectionCrowd::all_settled() const noexcept {
    return next_to_open_ == connections_.size() && opening_ == 0;
}

std::size_t ConnectionCrowd::flowing_open() const noexcept {
    return static_cast<std::size_t>(
        std::ranges::count_if(connections_, [this](const Connection& connection) {
            return connection.state == State::kOpen && !is_stalling(index_of(connection));
        }));
}

std::size_t ConnectionCrowd::ended_count() const noexcept {
    std::size_t count = 0;
    for (const auto& [how, times] : endings_) {
        count += times;
    }
    return count;
}

// --- Opening and closing ---

void ConnectionCrowd::open_all() {
    next_to_open_ = 0;
    failed_ = 0;
}

void ConnectionCrowd::drop_all() {
    constexpr linger kReset{.l_onoff = 1, .l_linger = 0};
    for (Connection& connection : connections_) {
        if (connection.socket.is_open()) {
            set_option(connection.socket.number(), SOL_SOCKET, SO_LINGER, kReset);
        }
        connection.socket.close();
        connection.state = State::kDown;
        connection.rest.clear();
    }
    next_to_open_ = connections_.size();
    opening_ = 0;
    open_ = 0;
}

void ConnectionCrowd::start_openings() {
    while (next_to_open_ < connections_.size() && opening_ < options_.openings_max) {
        const ConnectionIndex index{next_to_open_++};
        Connection& connection = connections_[index.value()];
        if (connection.state != State::kDown) {
            continue;
        }
        ++opening_;
        if (const auto started = connect(index); !started) {
            end(connection, started.error().describe());
        }
    }
}

Result<void> ConnectionCrowd::connect(ConnectionIndex index) {
    Connection& connection = connections_[index.value()];
    connection.socket =
        Descriptor{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    const int socket = connection.socket.number();
    if (!connection.socket.is_open()) {
        return system_failure("socket");
    }
    connection.state = State::kConnecting;
    connection.rest.clear();
    connection.chunks = {};
    connection.chunked = false;
    if (is_stalling(index)) {
        set_option(socket, SOL_SOCKET, SO_RCVBUF, kSmallReceiveBuffer);
    }
    set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    // The port is chosen at connect, when the kernel can share it between destinations.
    set_option(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    const sockaddr_in source = source_address(options_.endpoint, connections_made_++);
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&source), sizeof source) != 0) {
        return system_failure("bind");
    }
    const sockaddr_in& address = options_.endpoint.address;
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
        errno != EINPROGRESS) {
        return system_failure("connect");
    }
    epoll_event wanted{.events = EPOLLOUT, .data = {.u64 = index.value()}};
    if (::epoll_ctl(poller_.number(), EPOLL_CTL_ADD, socket, &wanted) != 0) {
        return system_failure("epoll");
    }
    return {};
}

std::string ConnectionCrowd::websocket_request(std::string_view target) const {
    return fmt::format(
        "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n\r\n",
        target, options_.endpoint.authority, kWebSocketKey);
}

void ConnectionCrowd::on_connected(Connection& connection) {
    int error = 0;
    socklen_t length = sizeof error;
    ::getsockopt(connection.socket.number(), SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0) {
        end(connection, system_error(error));
        return;
    }
    watch(connection, EPOLLIN);
    if (options_.opening == Opening::kBare) {
        connection.chunked = options_.bare_framing == BodyFraming::kChunked;
        mark_open(connection);
        return;
    }
    connection.state = State::kHandshake;
    // The buffer of a fresh socket holds any request that we make.
    const std::string request = request_for(index_of(connection));
    const auto sent =
        ::send(connection.socket.number(), request.data(), request.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(request.size())) {
        end(connection, sent < 0 ? system_error(errno) : "request cut short");
    }
}

void ConnectionCrowd::mark_open(Connection& connection) {
    connection.state = State::kOpen;
    --opening_;
    ++open_;
}

void ConnectionCrowd::finish_opening(ConnectionIndex index) {
    Connection& connection = connections_[index.value()];
    HOWL_ASSERT(connection.state == State::kJoining);
    mark_open(connection);
}

void ConnectionCrowd::give_up(ConnectionIndex index, std::string_view why) {
    Connection& connection = connections_[index.value()];
    HOWL_ASSERT(connection.has_stream());
    end(connection, why);
}

// Every end goes through here: counts a failed opening or a lost connection.
void ConnectionCrowd::end(Connection& connection, std::string_view how) {
    if (connection.state == State::kOpen) {
        --open_;
        ++endings_[std::string{how}];
    } else {
        --opening_;
        ++failed_;
        if (first_failure_.empty()) {
            first_failure_ = how;
        }
    }
    connection.state = State::kDown;
    connection.socket.close();
}

void ConnectionCrowd::watch(const Connection& connection, std::uint32_t events) noexcept {
    epoll_event wanted{.events = events, .data = {.u64 = index_of(connection).value()}};
    ::epoll_ctl(poller_.number(), EPOLL_CTL_MOD, connection.socket.number(), &wanted);
}

void ConnectionCrowd::stall() {
    for (std::size_t index = 0; index < options_.stalling; ++index) {
        if (connections_[index].state == State::kOpen) {
            watch(connections_[index], 0);  // epoll still reports errors and resets.
        }
    }
}

void ConnectionCrowd::unstall() {
    for (std::size_t index = 0; index < options_.stalling; ++index) {
        if (connections_[index].state == State::kOpen) {
            watch(connections_[index], EPOLLIN);
        }
    }
}

// --- Reading ---

void ConnectionCrowd::turn(std::chrono::milliseconds wait) {
    start_openings();
    std::array<epoll_event, kReadyMax> ready;  // Filled by the kernel.
    const int count = ::epoll_wait(poller_.number(), ready.data(), static_cast<int>(ready.size()),
                                   static_cast<int>(wait.count()));
    for (int index = 0; index < count; ++index) {
        const epoll_event& happened = ready[static_cast<std::size_t>(index)];
        on_ready(connections_[happened.data.u64], happened.events);
    }
}

void ConnectionCrowd::on_ready(Connection& connection, std::uint32_t happened) {
    if (!connection.socket.is_open()) {
        return;
    }
    if (connection.state == State::kConnecting) {
        on_connected(connection);
    } else if ((happened & EPOLLIN) != 0) {
        on_readable(connection);
    } else {
        end(connection, "reset");
    }
}

void ConnectionCrowd::on_readable(Connection& connection) {
    for (int reads = 0; reads < kReadsPerTurn; ++reads) {
        const auto got = ::recv(connection.socket.number(), buffer_.data(), buffer_.size(), 0);
        if (got < 0) {
            if (errno != EAGAIN && errno != EINTR) {
                end(connection, errno == ECONNRESET ? "reset" : system_error(errno));
            }
            return;
        }
        if (got == 0) {
            end(connection, "end of stream");
            return;
        }
        read_nanos_ = steady_nanos();
        const auto bytes = static_cast<std::size_t>(got);
        consume(connection, std::span{buffer_}.first(bytes));
        if (!connection.socket.is_open() || bytes < buffer_.size()) {
            return;
        }
    }
}

void ConnectionCrowd::consume(Connection& connection, std::span<char> bytes) {
    if (connection.state == State::kHandshake) {
        const std::size_t used = take_head(connection, {bytes.data(), bytes.size()});
        if (!connection.has_stream()) {
            return;
        }
        bytes = bytes.subspan(used);
    }
    consume_stream(connection, bytes);
}

// Returns how many of `bytes` belong to the response head; those before are already in `rest`.
std::size_t ConnectionCrowd::take_head(Connection& connection, std::string_view bytes) {
    const std::size_t earlier = connection.rest.size();
    connection.rest += bytes;
    HttpHead head;
    const Scan outcome = scan_http_head(connection.rest, head);
    if (outcome == Scan::kIncomplete) {
        return bytes.size();
    }
    const bool is_socket = options_.transport == Transport::kWebSocket;
    if (outcome == Scan::kMalformed || head.status != (is_socket ? 101U : 200U)) {
        end(connection, outcome == Scan::kMalformed
                            ? "malformed response"
                            : fmt::format("status {}: {}", head.status,
                                          std::string_view{connection.rest}.substr(head.bytes)));
        connection.rest.clear();
        return bytes.size();
    }
    if (is_socket && head.field("sec-websocket-accept") != kWebSocketAccept) {
        end(connection, "wrong Sec-WebSocket-Accept");
        return bytes.size();
    }
    connection.chunked = !is_socket && head.is_chunked();
    framing_seen_ = connection.chunked ? BodyFraming::kChunked : BodyFraming::kPlain;
    const std::size_t used = head.bytes - earlier;
    connection.rest.clear();
    connection.state = State::kJoining;
    const AfterHandshake next = on_handshake(index_of(connection));
    if (next == AfterHandshake::kOpen && connection.has_stream()) {
        mark_open(connection);
    }
    return used;
}

void ConnectionCrowd::consume_stream(Connection& connection, std::span<char> bytes) {
    wire_bytes_ += bytes.size();
    if (connection.chunked) {
        const auto body = connection.chunks.decode_in_place(bytes);
        if (!body) {
            end(connection, "malformed chunk");
            return;
        }
        bytes = bytes.first(*body);
    }
    const std::string_view fresh{bytes.data(), bytes.size()};
    if (connection.rest.empty()) {
        const std::size_t used = scan(connection, fresh);
        connection.rest = fresh.substr(used);
    } else {
        connection.rest += fresh;
        const std::size_t used = scan(connection, connection.rest);
        connection.rest.erase(0, used);
    }
    if (connection.chunks.finished() && connection.has_stream()) {
        end(connection, "end of stream");
    }
}

std::size_t ConnectionCrowd::scan(Connection& connection, std::string_view bytes) {
    return options_.transport == Transport::kWebSocket ? scan_frames(connection, bytes)
                                                       : scan_blocks(connection, bytes);
}

std::size_t ConnectionCrowd::scan_frames(Connection& connection, std::string_view bytes) {
    std::size_t used = 0;
    WsFrame frame;
    while (connection.has_stream() && used < bytes.size()) {
        const std::string_view left = bytes.substr(used);
        const Scan outcome = scan_ws_frame(left, frame);
        if (outcome == Scan::kIncomplete) {
            return used;
        }
        if (outcome == Scan::kMalformed) {
            end(connection, "malformed frame");
            break;
        }
        used += frame.bytes;
        on_frame(connection, frame, left.substr(0, frame.bytes));
    }
    return connection.has_stream() ? used : bytes.size();
}

std::size_t ConnectionCrowd::scan_blocks(Connection& connection, std::string_view bytes) {
    std::size_t used = 0;
    SseBlock block;
    while (used < bytes.size()) {
        const std::string_view left = bytes.substr(used);
        const Scan outcome = scan_sse_block(left, block);
        if (outcome == Scan::kIncomplete) {
            return used;
        }
        if (outcome == Scan::kMalformed) {
            end(connection, "malformed event");
            return bytes.size();
        }
        used += block.bytes;
        on_block(index_of(connection), block, left.substr(0, block.bytes));
    }
    return used;
}

void ConnectionCrowd::on_frame(Connection& connection, const WsFrame& frame,
                               std::string_view whole) {
    switch (frame.opcode) {
        case WsOpcode::kText:
        case WsOpcode::kBinary:
            on_message(index_of(connection), frame, whole);
            return;
        case WsOpcode::kPing:
            ++pings_;
            // A full socket means that the server does not read: then its ping deadline decides.
            static_cast<void>(send_frame(connection, WsOpcode::kPong, frame.payload));
            return;
        case WsOpcode::kPong:
            return;
        case WsOpcode::kClose:
            on_close_frame(connection, frame.payload);
            return;
    }
}

void ConnectionCrowd::on_close_frame(Connection& connection, std::string_view payload) {
    const std::string_view code = payload.substr(0, std::min<std::size_t>(2, payload.size()));
    static_cast<void>(
        send_frame(connection, WsOpcode::kClose, code));  // The connection ends in either case.
    end(connection, describe_close(payload));
}

void ConnectionCrowd::send_text(ConnectionIndex index, std::string_view text) {
    Connection& connection = connections_[index.value()];
    if (connection.has_stream() && !send_frame(connection, WsOpcode::kText, text)) {
        end(connection, "the socket is full");
    }
}

bool ConnectionCrowd::send_frame(const Connection& connection, WsOpcode opcode,
                                 std::string_view payload) {
    mask_ = mask_ * 1664525U + 1013904223U;  // Without proxies the mask need not be unpredictable.
    const std::string frame = make_masked_frame(opcode, payload, mask_);
    const auto sent = ::send(connection.socket.number(), frame.data(), frame.size(), MSG_NOSIGNAL);
    return sent == static_cast<ssize_t>(frame.size());
}

}  // namespace howl::loadtest
