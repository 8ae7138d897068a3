// SPDX-License-Identifier: Apache-2.0
#include "cli/bench/load_client.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <fmt/format.h>

namespace howl::cli::bench {
namespace {

constexpr std::size_t kBufferBytes = 256 * 1024;
constexpr std::size_t kReadyMax = 1024;
/// A reader with more than this waiting lets the others have their turn first.
constexpr int kReadsPerTurn = 4;
/// Of a reader that is going to stall.
constexpr int kSmallReceiveBuffer = 64 * 1024;
constexpr std::size_t kClosePayloadBytesMax = 125;

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
    // Every option only tunes: the run is valid without it.
    static_cast<void>(::setsockopt(socket, level, name, &value, sizeof value));
}

/// The text after `key` up to the first of `ends`.
std::string_view text_between(std::string_view event, std::string_view key, std::string_view ends) {
    const std::size_t place = event.find(key);
    if (place == std::string_view::npos) {
        return {};
    }
    event.remove_prefix(place + key.size());
    return event.substr(0, std::min(event.find_first_of(ends), event.size()));
}

}  // namespace

std::string resume_query(std::string_view event) {
    const std::string_view epoch = text_between(event, R"("epoch":")", "\"");
    const std::string_view offset = text_between(event, R"("offset":)", ",} ");
    return epoch.empty() || offset.empty() ? std::string{}
                                           : fmt::format("?after={}&epoch={}", offset, epoch);
}

std::string describe_close(std::string_view payload) {
    if (payload.size() < 2) {
        return "1005";  // No status received, RFC 6455 section 7.1.5.
    }
    const unsigned code = static_cast<unsigned>(static_cast<unsigned char>(payload[0])) << 8U |
                          static_cast<unsigned char>(payload[1]);
    const std::string_view reason = payload.substr(2);
    return reason.empty() ? fmt::format("{}", code) : fmt::format("{} {}", code, reason);
}

Result<std::unique_ptr<LoadClient>> LoadClient::create(LoadClientOptions options) {
    Descriptor poller{::epoll_create1(EPOLL_CLOEXEC)};
    if (!poller.is_open()) {
        return fail(Errc::kSystem, "load client", system_error(errno));
    }
    return std::unique_ptr<LoadClient>{new LoadClient{std::move(options), std::move(poller)}};
}

LoadClient::LoadClient(LoadClientOptions options, Descriptor poller)
    : options_(std::move(options)),
      poller_(std::move(poller)),
      readers_(options_.connections),
      buffer_(kBufferBytes),
      next_to_open_(options_.connections) {}

LoadClient::~LoadClient() {
    drop_all();
}

std::size_t LoadClient::index_of(const Reader& reader) const noexcept {
    return static_cast<std::size_t>(&reader - readers_.data());
}

bool LoadClient::is_stalling(const Reader& reader) const noexcept {
    return index_of(reader) < options_.stalling;
}

bool LoadClient::all_settled() const noexcept {
    return next_to_open_ == readers_.size() && opening_ == 0;
}

std::size_t LoadClient::flowing_open() const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(readers_, [this](const Reader& reader) {
        return reader.state == State::kOpen && !is_stalling(reader);
    }));
}

std::size_t LoadClient::readers_at(std::uint64_t number) const noexcept {
    return static_cast<std::size_t>(std::ranges::count(readers_, number, &Reader::last_number));
}

std::size_t LoadClient::ended_count() const noexcept {
    std::size_t count = 0;
    for (const auto& [how, times] : endings_) {
        count += times;
    }
    return count;
}

// --- Opening and closing ---

void LoadClient::open_all() {
    next_to_open_ = 0;
    failed_ = 0;
    std::ranges::for_each(readers_, [](Reader& reader) { reader.failed = false; });
}

void LoadClient::drop_all() {
    constexpr linger kReset{.l_onoff = 1, .l_linger = 0};
    for (Reader& reader : readers_) {
        if (reader.socket.is_open()) {
            set_option(reader.socket.number(), SOL_SOCKET, SO_LINGER, kReset);
        }
        reader.socket.close();
        reader.state = State::kDown;
        reader.rest.clear();
    }
    next_to_open_ = readers_.size();
    opening_ = 0;
    open_ = 0;
}

void LoadClient::start_openings() {
    while (next_to_open_ < readers_.size() && opening_ < options_.openings_max) {
        const std::size_t index = next_to_open_++;
        if (readers_[index].state != State::kDown) {
            continue;
        }
        ++opening_;
        if (const auto started = connect(index); !started) {
            end(readers_[index], started.error().describe());
        }
    }
}

Result<void> LoadClient::connect(std::size_t index) {
    Reader& reader = readers_[index];
    reader.socket = Descriptor{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    const int socket = reader.socket.number();
    if (!reader.socket.is_open()) {
        return system_failure("socket");
    }
    reader.state = State::kConnecting;
    reader.rest.clear();
    reader.chunks = {};
    reader.chunked = false;
    if (index < options_.stalling) {
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
    epoll_event wanted{.events = EPOLLOUT, .data = {.u64 = index}};
    if (::epoll_ctl(poller_.number(), EPOLL_CTL_ADD, socket, &wanted) != 0) {
        return system_failure("epoll");
    }
    return {};
}

std::string LoadClient::request_for(const Reader& reader) const {
    const bool resumes = options_.cursors == CursorUse::kResume && !reader.cursor.empty();
    const std::string& authority = options_.endpoint.authority;
    if (options_.transport == Transport::kSse) {
        return fmt::format(
            "GET /api/topics/{}/events HTTP/1.1\r\nHost: {}\r\nAccept: text/event-stream\r\n{}\r\n",
            options_.topic, authority,
            resumes ? fmt::format("Last-Event-ID: {}\r\n", reader.cursor) : std::string{});
    }
    return fmt::format(
        "GET /api/topics/{}/ws{} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n\r\n",
        options_.topic, resumes ? reader.cursor : std::string{}, authority, kWebSocketKey);
}

void LoadClient::on_connected(Reader& reader) {
    int error = 0;
    socklen_t length = sizeof error;
    ::getsockopt(reader.socket.number(), SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0) {
        end(reader, system_error(error));
        return;
    }
    watch(reader, EPOLLIN);
    if (options_.opening == Opening::kBare) {
        reader.chunked = options_.bare_framing == BodyFraming::kChunked;
        reader.state = State::kOpen;
        --opening_;
        ++open_;
        return;
    }
    reader.state = State::kOpening;
    // The buffer of a fresh socket holds any request that we make.
    const std::string request = request_for(reader);
    const auto sent = ::send(reader.socket.number(), request.data(), request.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(request.size())) {
        end(reader, sent < 0 ? system_error(errno) : "request cut short");
    }
}

// The one way down: counts what was lost, an opening or an open connection.
void LoadClient::end(Reader& reader, std::string_view how) {
    if (reader.state == State::kOpen) {
        --open_;
        ++endings_[std::string{how}];
    } else {
        --opening_;
        ++failed_;
        reader.failed = true;
        if (first_failure_.empty()) {
            first_failure_ = how;
        }
    }
    reader.state = State::kDown;
    reader.socket.close();
}

void LoadClient::watch(const Reader& reader, std::uint32_t events) noexcept {
    epoll_event wanted{.events = events, .data = {.u64 = index_of(reader)}};
    ::epoll_ctl(poller_.number(), EPOLL_CTL_MOD, reader.socket.number(), &wanted);
}

void LoadClient::stall() {
    for (std::size_t index = 0; index < options_.stalling; ++index) {
        if (readers_[index].state == State::kOpen) {
            watch(readers_[index], 0);  // Errors and resets are still told.
        }
    }
}

void LoadClient::unstall() {
    for (std::size_t index = 0; index < options_.stalling; ++index) {
        if (readers_[index].state == State::kOpen) {
            watch(readers_[index], EPOLLIN);
        }
    }
}

// --- Reading ---

void LoadClient::turn(std::chrono::milliseconds wait) {
    start_openings();
    std::array<epoll_event, kReadyMax> ready;  // Filled by the kernel.
    const int count = ::epoll_wait(poller_.number(), ready.data(), static_cast<int>(ready.size()),
                                   static_cast<int>(wait.count()));
    for (int index = 0; index < count; ++index) {
        const epoll_event& happened = ready[static_cast<std::size_t>(index)];
        on_ready(readers_[happened.data.u64], happened.events);
    }
}

void LoadClient::on_ready(Reader& reader, std::uint32_t happened) {
    if (!reader.socket.is_open()) {
        return;
    }
    if (reader.state == State::kConnecting) {
        on_connected(reader);
    } else if ((happened & EPOLLIN) != 0) {
        on_readable(reader);
    } else {
        end(reader, "reset");
    }
}

void LoadClient::on_readable(Reader& reader) {
    for (int reads = 0; reads < kReadsPerTurn; ++reads) {
        const auto got = ::recv(reader.socket.number(), buffer_.data(), buffer_.size(), 0);
        if (got < 0) {
            if (errno != EAGAIN && errno != EINTR) {
                end(reader, errno == ECONNRESET ? "reset" : system_error(errno));
            }
            return;
        }
        if (got == 0) {
            end(reader, "end of stream");
            return;
        }
        read_nanos_ = steady_nanos();
        const auto bytes = static_cast<std::size_t>(got);
        consume(reader, std::span{buffer_}.first(bytes));
        if (!reader.socket.is_open() || bytes < buffer_.size()) {
            return;
        }
    }
}

void LoadClient::consume(Reader& reader, std::span<char> bytes) {
    if (reader.state == State::kOpening) {
        const std::size_t used = take_head(reader, {bytes.data(), bytes.size()});
        if (reader.state != State::kOpen) {
            return;
        }
        bytes = bytes.subspan(used);
    }
    consume_stream(reader, bytes);
}

// Says how many of `bytes` belong to the response head; those before are already in `rest`.
std::size_t LoadClient::take_head(Reader& reader, std::string_view bytes) {
    const std::size_t earlier = reader.rest.size();
    reader.rest += bytes;
    HttpHead head;
    const Scan outcome = scan_http_head(reader.rest, head);
    if (outcome == Scan::kIncomplete) {
        return bytes.size();
    }
    const bool is_socket = options_.transport == Transport::kWebSocket;
    if (outcome == Scan::kMalformed || head.status != (is_socket ? 101U : 200U)) {
        end(reader, outcome == Scan::kMalformed
                        ? "malformed response"
                        : fmt::format("status {}: {}", head.status,
                                      std::string_view{reader.rest}.substr(head.bytes)));
        reader.rest.clear();
        return bytes.size();
    }
    if (is_socket && head.field("sec-websocket-accept") != kWebSocketAccept) {
        end(reader, "wrong Sec-WebSocket-Accept");
        return bytes.size();
    }
    reader.chunked = !is_socket && head.is_chunked();
    framing_seen_ = reader.chunked ? BodyFraming::kChunked : BodyFraming::kPlain;
    const std::size_t used = head.bytes - earlier;
    reader.rest.clear();
    reader.state = State::kOpen;
    --opening_;
    ++open_;
    return used;
}

void LoadClient::consume_stream(Reader& reader, std::span<char> bytes) {
    counts_.wire_bytes += bytes.size();
    if (reader.chunked) {
        const auto body = reader.chunks.decode_in_place(bytes);
        if (!body) {
            end(reader, "malformed chunk");
            return;
        }
        bytes = bytes.first(*body);
    }
    const std::string_view fresh{bytes.data(), bytes.size()};
    if (reader.rest.empty()) {
        const std::size_t used = scan(reader, fresh);
        reader.rest = fresh.substr(used);
    } else {
        reader.rest += fresh;
        const std::size_t used = scan(reader, reader.rest);
        reader.rest.erase(0, used);
    }
    if (reader.chunks.finished() && reader.state == State::kOpen) {
        end(reader, "end of stream");
    }
}

std::size_t LoadClient::scan(Reader& reader, std::string_view bytes) {
    return options_.transport == Transport::kWebSocket ? scan_frames(reader, bytes)
                                                       : scan_blocks(reader, bytes);
}

std::size_t LoadClient::scan_frames(Reader& reader, std::string_view bytes) {
    std::size_t used = 0;
    WsFrame frame;
    while (reader.state == State::kOpen && used < bytes.size()) {
        const std::string_view left = bytes.substr(used);
        const Scan outcome = scan_ws_frame(left, frame);
        if (outcome == Scan::kIncomplete) {
            return used;
        }
        if (outcome == Scan::kMalformed) {
            end(reader, "malformed frame");
            break;
        }
        used += frame.bytes;
        on_frame(reader, frame, left.substr(0, frame.bytes));
    }
    return reader.state == State::kOpen ? used : bytes.size();
}

std::size_t LoadClient::scan_blocks(Reader& reader, std::string_view bytes) {
    std::size_t used = 0;
    SseBlock block;
    while (used < bytes.size()) {
        const std::string_view left = bytes.substr(used);
        const Scan outcome = scan_sse_block(left, block);
        if (outcome == Scan::kIncomplete) {
            return used;
        }
        if (outcome == Scan::kMalformed) {
            end(reader, "malformed event");
            return bytes.size();
        }
        used += block.bytes;
        on_block(reader, block, left.substr(0, block.bytes));
    }
    return used;
}

void LoadClient::on_frame(Reader& reader, const WsFrame& frame, std::string_view whole) {
    switch (frame.opcode) {
        case WsOpcode::kText:
        case WsOpcode::kBinary:
            break;
        case WsOpcode::kPing:
            ++counts_.pings;
            send_control(reader, WsOpcode::kPong, frame.payload);
            return;
        case WsOpcode::kPong:
            return;
        case WsOpcode::kClose:
            on_close_frame(reader, frame.payload);
            return;
    }
    // Found in the whole frame, so that the place is good for the baseline's copy of it too.
    const auto stamp = finder_.find(whole);
    if (!stamp) {
        ++counts_.unstamped;
        counts_.resets += frame.payload.contains(R"("reset")") ? 1U : 0U;
        return;
    }
    if (sample_.empty()) {
        sample_ = whole;
    }
    if (options_.cursors == CursorUse::kResume) {
        reader.cursor = resume_query(frame.payload);
    }
    on_stamped(reader, *stamp);
}

void LoadClient::on_close_frame(Reader& reader, std::string_view payload) {
    send_control(reader, WsOpcode::kClose,
                 payload.substr(0, std::min<std::size_t>(2, payload.size())));
    end(reader, describe_close(payload));
}

void LoadClient::on_block(Reader& reader, const SseBlock& block, std::string_view whole) {
    if (options_.cursors == CursorUse::kResume && !block.id.empty()) {
        reader.cursor = block.id;
    }
    if (!block.data) {
        return;
    }
    const auto stamp = finder_.find(whole);
    if (!stamp) {
        ++counts_.unstamped;
        counts_.resets += block.event == "reset" ? 1U : 0U;
        return;
    }
    if (sample_.empty()) {
        sample_ = whole;
    }
    on_stamped(reader, *stamp);
}

void LoadClient::on_stamped(Reader& reader, const Stamp& stamp) {
    ++counts_.events;
    if (stamp.number <= reader.last_number) {
        ++counts_.repeats;
        return;
    }
    // A reader that has seen nothing yet may have come late.
    if (reader.last_number != 0) {
        counts_.skipped += stamp.number - reader.last_number - 1;
    }
    reader.last_number = stamp.number;
    if (is_stalling(reader)) {
        return;
    }
    ++flowing_events_;
    if (latencies_ != nullptr) {
        latencies_->record(read_nanos_ - std::min(read_nanos_, stamp.nanos));
    }
}

void LoadClient::send_control(Reader& reader, WsOpcode opcode, std::string_view payload) {
    mask_ = mask_ * 1664525U + 1013904223U;  // Any mask will do on a wire without proxies.
    const std::string frame = make_control_frame(
        opcode, payload.substr(0, std::min(payload.size(), kClosePayloadBytesMax)), mask_);
    // A full socket means that the server does not read: its ping deadline is the judge of that.
    static_cast<void>(::send(reader.socket.number(), frame.data(), frame.size(), MSG_NOSIGNAL));
}

}  // namespace howl::cli::bench
