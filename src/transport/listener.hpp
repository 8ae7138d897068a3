// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/result.hpp"
#include "runtime/task.hpp"
#include "transport/byte_stream.hpp"
#include "transport/http/router.hpp"
#include "transport/shard_network.hpp"

namespace howl::transport {

/// One address on one shard. The shards of a process bind the same address (`SO_REUSEPORT`), so the
/// kernel spreads the connections and no shard hands sockets to another.
class Listener {
public:
    /// Whether this is the process's first listener at the address, or joins the first one.
    enum class Sharing : std::uint8_t { kFirst, kJoin };

    /// Port 0 takes a free one; `local` returns it. Errors: `kSystem`, also where another process
    /// listens.
    [[nodiscard]] static Result<std::unique_ptr<Listener>> open(
        ShardNetwork& network, const Router& router, const boost::asio::ip::tcp::endpoint& at,
        Sharing sharing);

    /// Begins to accept; a failed accept backs off and goes on.
    void start();
    /// Accepts nothing more. Idempotent.
    void stop();
    [[nodiscard]] boost::asio::ip::tcp::endpoint local() const;

private:
    using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, runtime::Executor>;

    Listener(ShardNetwork& network, const Router& router, Acceptor acceptor)
        : network_(network), router_(router), acceptor_(std::move(acceptor)) {}

    runtime::Task<void> accept_all();
    void admit(Socket socket);
    /// A permit for a new connection, after closing an idle one if necessary; or one of the reserve
    /// for probes.
    [[nodiscard]] std::optional<ConnectionBudget::Permit> permit_for(const Socket& socket);
    /// Answers 503 in one write, without reading the request, and closes.
    void refuse(Socket socket);

    ShardNetwork& network_;
    const Router& router_;
    Acceptor acceptor_;
};

}  // namespace howl::transport
