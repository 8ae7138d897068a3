// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/named_type.hpp"
#include "base/result.hpp"
#include "loadtest/descriptor.hpp"
#include "loadtest/endpoint.hpp"
#include "loadtest/wire_scan.hpp"

namespace howl::loadtest {

enum class Transport : std::uint8_t { kWebSocket, kSse };

/// `kBare`: no request and no response head; the first byte is already the stream's. So the same
/// code reads the raw baseline and the server.
enum class Opening : std::uint8_t { kHttp, kBare };

enum class BodyFraming : std::uint8_t { kPlain, kChunked };

struct CrowdOptions {
    Endpoint endpoint;
    Transport transport = Transport::kWebSocket;
    Opening opening = Opening::kHttp;
    BodyFraming bare_framing = BodyFraming::kPlain;  ///< Of a `kBare` stream.
    std::size_t connections = 0;
    /// Concurrent openings; the kernel's accept queue holds 4,096, and a SYN beyond it waits a
    /// second.
    std::size_t openings_max = 1024;
    /// The first so many connections will stall: they get a small receive buffer, so that the
    /// server's writes block soon.
    std::size_t stalling = 0;
};

/// The n-th connection of a crowd, counted from 0; the same after it was cut and opened again.
using ConnectionIndex = NamedType<std::size_t, struct ConnectionIndexTag>;

/// Thousands of WebSocket or SSE connections on one thread, at the smallest cost per item: a read
/// into one shared buffer and a search for the end of the frame. A derived class defines the
/// request and the meaning of the items.
///
/// It works only during `turn`, so that a scenario may interleave its own steps:
///
///     crowd.open_all();
///     while (!crowd.all_settled() && now() < deadline) { crowd.turn(10ms); }
///
/// An opening is the handshake and, where `on_handshake` says so, the first messages after it.
///
/// Absent: reconnecting by itself, TLS, fragmented messages, compression, a queue for what a full
/// socket does not take.
class ConnectionCrowd {
public:
    virtual ~ConnectionCrowd();
    ConnectionCrowd(const ConnectionCrowd&) = delete;
    ConnectionCrowd& operator=(const ConnectionCrowd&) = delete;

    /// Starts to open every connection that isn't open; `turn` goes on with it.
    void open_all();
    /// Cuts every connection with a reset, as a lost network does.
    void drop_all();
    /// Waits at most `wait` for events of the sockets, and handles them.
    void turn(std::chrono::milliseconds wait);

    /// Stops reading the stalling connections, or starts again.
    void stall();
    void unstall();

    [[nodiscard]] std::size_t size() const noexcept { return connections_.size(); }
    [[nodiscard]] std::size_t open_count() const noexcept { return open_; }
    [[nodiscard]] std::size_t failed_count() const noexcept { return failed_; }
    [[nodiscard]] bool is_open(ConnectionIndex index) const noexcept;
    [[nodiscard]] bool is_stalling(ConnectionIndex index) const noexcept;
    /// Open connections that aren't stalling.
    [[nodiscard]] std::size_t flowing_open() const noexcept;
    /// Every connection is open, or has failed to.
    [[nodiscard]] bool all_settled() const noexcept;
    [[nodiscard]] const std::string& first_failure() const noexcept { return first_failure_; }
    /// How open connections ended, by close code and reason: "1013 slow", "end of stream", "reset".
    [[nodiscard]] const std::map<std::string, std::size_t>& endings() const noexcept {
        return endings_;
    }
    [[nodiscard]] std::size_t ended_count() const noexcept;

    /// Read from sockets after the response head.
    [[nodiscard]] std::uint64_t wire_bytes() const noexcept { return wire_bytes_; }
    /// Pings answered.
    [[nodiscard]] std::uint64_t pings() const noexcept { return pings_; }
    /// Of the last connection that opened.
    [[nodiscard]] BodyFraming body_framing() const noexcept { return framing_seen_; }

protected:
    enum class AfterHandshake : std::uint8_t {
        kOpen,     ///< The connection is open.
        kJoining,  ///< It is open after `finish_opening`.
    };

    ConnectionCrowd(CrowdOptions options, Descriptor poller);
    /// An epoll descriptor for a new crowd. Errors: `kSystem`.
    [[nodiscard]] static Result<Descriptor> create_poller();

    // For the derived class; views are valid only during the call, which may send, end the
    // connection and finish its opening.

    /// The head of the request that opens the connection. Not called for a `kBare` opening.
    [[nodiscard]] virtual std::string request_for(ConnectionIndex index) const = 0;
    /// The handshake is done.
    [[nodiscard]] virtual AfterHandshake on_handshake(ConnectionIndex /*index*/) {
        return AfterHandshake::kOpen;
    }
    /// A WebSocket message; `whole` is `frame` with its header, as it was on the wire.
    virtual void on_message(ConnectionIndex index, const WsFrame& frame,
                            std::string_view whole) = 0;
    /// The same of an SSE stream. A crowd of WebSockets gets none.
    virtual void on_block(ConnectionIndex /*index*/, const SseBlock& /*block*/,
                          std::string_view /*whole*/) {}

    /// Requires: `on_handshake` returned `kJoining`, and the connection has not ended since.
    void finish_opening(ConnectionIndex index);
    /// Sends a text message. A connection whose socket does not take it whole ends: the server
    /// reads much too slowly, and a queue here would only hide it.
    void send_text(ConnectionIndex index, std::string_view text);
    /// Ends the connection from our side; counts as a failed opening where it wasn't open yet.
    /// Requires: it is open or joining.
    void give_up(ConnectionIndex index, std::string_view why);

    [[nodiscard]] const CrowdOptions& options() const noexcept { return options_; }
    /// The head of a request for a WebSocket at `target`.
    [[nodiscard]] std::string websocket_request(std::string_view target) const;
    /// When the present bytes were read, on the clock of `steady_nanos`.
    [[nodiscard]] std::uint64_t read_nanos() const noexcept { return read_nanos_; }

private:
    enum class State : std::uint8_t { kDown, kConnecting, kHandshake, kJoining, kOpen };

    struct Connection {
        Descriptor socket;
        State state = State::kDown;
        bool chunked = false;
        ChunkDecoder chunks;
        std::string rest;  ///< The head of an item that has not arrived in whole.

        [[nodiscard]] bool has_stream() const noexcept {
            return state == State::kJoining || state == State::kOpen;
        }
    };

    void start_openings();
    [[nodiscard]] Result<void> connect(ConnectionIndex index);
    void on_connected(Connection& connection);
    void on_ready(Connection& connection, std::uint32_t happened);
    void on_readable(Connection& connection);
    void consume(Connection& connection, std::span<char> bytes);
    [[nodiscard]] std::size_t take_head(Connection& connection, std::string_view bytes);
    void consume_stream(Connection& connection, std::span<char> bytes);
    [[nodiscard]] std::size_t scan(Connection& connection, std::string_view bytes);
    [[nodiscard]] std::size_t scan_frames(Connection& connection, std::string_view bytes);
    [[nodiscard]] std::size_t scan_blocks(Connection& connection, std::string_view bytes);
    void on_frame(Connection& connection, const WsFrame& frame, std::string_view whole);
    void on_close_frame(Connection& connection, std::string_view payload);
    /// True if the socket took the whole frame.
    bool send_frame(const Connection& connection, WsOpcode opcode, std::string_view payload);
    void mark_open(Connection& connection);
    void end(Connection& connection, std::string_view how);
    void watch(const Connection& connection, std::uint32_t events) noexcept;
    [[nodiscard]] ConnectionIndex index_of(const Connection& connection) const noexcept;

    // Constant after construction.
    const CrowdOptions options_;
    const Descriptor poller_;

    std::vector<Connection> connections_;
    std::vector<char> buffer_;  ///< Every read goes here.
    std::size_t next_to_open_ = 0;
    std::size_t opening_ = 0;
    std::size_t open_ = 0;
    std::size_t failed_ = 0;
    std::size_t connections_made_ = 0;
    std::string first_failure_;
    std::map<std::string, std::size_t> endings_;
    std::uint64_t wire_bytes_ = 0;
    std::uint64_t pings_ = 0;
    std::uint64_t read_nanos_ = 0;
    BodyFraming framing_seen_ = BodyFraming::kPlain;
    std::uint32_t mask_ = 0x9E3779B9;
};

}  // namespace howl::loadtest
