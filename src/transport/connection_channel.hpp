// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "session/channel.hpp"
#include "session/session.hpp"
#include "transport/byte_stream.hpp"
#include "transport/connection_budget.hpp"
#include "transport/shard_network.hpp"

namespace howl::transport {

/// A channel that has a connection of its own. While idle it holds no read buffer and no coroutine,
/// only one pending wait for readability.
class ConnectionChannel : public session::Channel {
public:
    /// Begins to read; `early` are bytes that came with the request.
    /// Requires: attached to a session.
    void start(std::string_view early);

    // session::Channel.
    session::WriteResult write(std::span<const std::string_view> parts) final;
    void wait_writable() final;
    [[nodiscard]] std::size_t unacknowledged_bytes() const final;
    void end_output() final;
    void close() final;

protected:
    ConnectionChannel(ShardNetwork& network, ByteStream stream, ConnectionBudget::Permit permit);

    /// Bytes from the peer, writable in place until this returns.
    virtual void on_bytes(std::span<char> bytes) = 0;

    [[nodiscard]] ShardNetwork& network() noexcept { return network_; }
    [[nodiscard]] SteadyTime now() { return network_.shard().now(); }

private:
    void wait_readable();
    void on_readable();

    // Constant after construction.
    ShardNetwork& network_;
    // Shard-local state.
    ByteStream stream_;
    std::optional<ConnectionBudget::Permit> permit_;  ///< Given back when it is closed.
    bool closed_ = false;
};

}  // namespace howl::transport
