// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "runtime/shard.hpp"
#include "runtime/task.hpp"
#include "session/channel.hpp"

namespace howl::transport {

/// A socket of a shard; the concrete executor keeps it small.
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, runtime::Executor>;

/// One connection as bytes in both directions: the only code that knows its descriptor. TLS belongs
/// here, between `read`, `write`, the waits and the socket.
///
/// Nothing blocks. A pending wait ends with an error when the stream is closed or cancelled.
///
/// Owner: what speaks the connection's protocol (`HttpConnection`, then a channel). Thread: its
/// shard's.
class ByteStream {
public:
    explicit ByteStream(Socket socket) : socket_(std::move(socket)) {}

    struct ReadResult {
        enum class State : std::uint8_t {
            kBytes,    ///< `bytes` of the buffer were filled.
            kNothing,  ///< Nothing has come: wait until it is readable.
            kEnd,      ///< The peer has closed, or the connection is broken.
        };
        State state = State::kNothing;
        std::size_t bytes = 0;
    };
    /// Counts what it gets (`Counter::kBytesReceived`).
    [[nodiscard]] ReadResult read(std::span<char> buffer);
    /// See `session::Channel::write`. At most 64 parts are written.
    [[nodiscard]] session::WriteResult write(std::span<const std::string_view> parts);

    /// Calls `ready(error)` once when a read, or a write, may get somewhere.
    template <class Ready>
    void wait_readable(Ready&& ready) {
        socket_.async_wait(Socket::wait_read, std::forward<Ready>(ready));
    }
    template <class Ready>
    void wait_writable(Ready&& ready) {
        socket_.async_wait(Socket::wait_write, std::forward<Ready>(ready));
    }
    /// The same to be awaited, for a tuple of the error.
    [[nodiscard]] auto readable() { return socket_.async_wait(Socket::wait_read, runtime::kAwait); }
    [[nodiscard]] auto writable() {
        return socket_.async_wait(Socket::wait_write, runtime::kAwait);
    }
    /// Ends the waits that are pending.
    void cancel();

    /// Bytes that the kernel holds because the peer has not acknowledged them.
    [[nodiscard]] std::size_t unacknowledged_bytes() const;
    /// Nothing more is written: the peer reads what was and then sees the end.
    void end_output();
    /// Closes both directions at once; what the peer has not read may be lost. Idempotent.
    void close();
    /// Empty where the peer is gone already.
    [[nodiscard]] std::optional<boost::asio::ip::address> peer() const;

private:
    Socket socket_;
};

}  // namespace howl::transport
