// SPDX-License-Identifier: Apache-2.0
#include "transport/listener.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <utility>

#include "codec/http/response.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"
#include "transport/http/http_connection.hpp"

namespace howl::transport {

using boost::asio::ip::tcp;
using runtime::kAwait;
using telemetry::Counter;

namespace {

using ReusePort = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
using UserTimeout = boost::asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
constexpr int kBacklog = 4096;

/// Shards share a port with `SO_REUSEPORT`, and so could another Howl of the same user by mistake.
/// Binding once without it shows whether the port is free.
boost::system::error_code check_free(ShardNetwork& network, const tcp::endpoint& at) {
    boost::system::error_code error;
    boost::asio::basic_socket_acceptor<tcp, runtime::Executor> probe{
        network.shard().io().get_executor()};
    probe.open(at.protocol(), error);
    if (!error) {
        probe.set_option(boost::asio::socket_base::reuse_address{true}, error);
    }
    if (!error) {
        probe.bind(at, error);
    }
    return error;
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::open(ShardNetwork& network, const Router& router,
                                                 const tcp::endpoint& at, Sharing sharing) {
    Acceptor acceptor{network.shard().io().get_executor()};
    boost::system::error_code error;
    if (sharing == Sharing::kFirst) {
        error = check_free(network, at);
    }
    const auto step = [&](auto&& action) {
        if (!error) {
            action();
        }
    };
    step([&] { acceptor.open(at.protocol(), error); });
    step([&] { acceptor.set_option(Acceptor::reuse_address{true}, error); });
    step([&] { acceptor.set_option(ReusePort{true}, error); });
    step([&] { acceptor.bind(at, error); });
    step([&] { acceptor.listen(kBacklog, error); });
    if (error) {
        return fail(
            Errc::kSystem, "listen",
            at.address().to_string() + ":" + std::to_string(at.port()) + ": " + error.message());
    }
    return std::unique_ptr<Listener>{new Listener{network, router, std::move(acceptor)}};
}

tcp::endpoint Listener::local() const {
    boost::system::error_code error;
    return acceptor_.local_endpoint(error);
}

void Listener::start() {
    network_.shard().tasks().spawn("accept", accept_all());
}

void Listener::stop() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);  // It may be closed already.
}

runtime::Task<void> Listener::accept_all() {
    constexpr std::chrono::milliseconds kBackOffMin{5};
    constexpr std::chrono::milliseconds kBackOffMax{1000};
    auto back_off = kBackOffMin;
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>,
                                      runtime::Executor>
        pause{network_.shard().io().get_executor()};
    while (acceptor_.is_open()) {
        auto [error, socket] = co_await acceptor_.async_accept(kAwait);
        if (!error) {
            back_off = kBackOffMin;
            admit(std::move(socket));
            continue;
        }
        if (error == boost::asio::error::operation_aborted) {
            break;
        }
        // Out of descriptors, or the peer has closed already: the listener itself still works.
        telemetry::count(Counter::kAcceptFailures);
        telemetry::log_warning("accept failed", {{"reason", error.message()}});
        pause.expires_after(back_off);
        back_off = std::min(back_off * 2, kBackOffMax);
        auto [interrupted] = co_await pause.async_wait(kAwait);
        if (interrupted) {
            break;
        }
    }
}

void Listener::admit(Socket socket) {
    telemetry::count(Counter::kConnectionsAccepted);
    boost::system::error_code ignored;  // An option that fails costs latency, not the connection.
    socket.non_blocking(true, ignored);
    socket.set_option(tcp::no_delay{true}, ignored);
    socket.set_option(UserTimeout{static_cast<int>(network_.settings().tcp_user_timeout.count())},
                      ignored);
    socket.set_option(boost::asio::socket_base::send_buffer_size{static_cast<int>(
                          network_.settings().socket_send_bytes)},
                      ignored);
    auto permit = permit_for(socket);
    if (!permit) {
        refuse(std::move(socket));
        return;
    }
    network_.shard().tasks().spawn(
        "connection", HttpConnection::serve(network_, router_, ByteStream{std::move(socket)},
                                            std::move(*permit)));
}

std::optional<ConnectionBudget::Permit> Listener::permit_for(const Socket& socket) {
    boost::system::error_code error;
    const auto peer = socket.remote_endpoint(error);
    if (error) {
        return std::nullopt;  // Gone already.
    }
    const auto from = peer_address_of(peer.address());
    auto& budget = network_.budget();
    auto permit = budget.try_take(from);
    if (!permit) {
        const bool by_itself = permit.error() == ConnectionBudget::Full::kAddress;
        if (network_.connections().make_room(by_itself ? std::optional{from} : std::nullopt)) {
            permit = budget.try_take(from);
        }
    }
    if (permit) {
        return std::move(*permit);
    }
    auto reserve = budget.try_take_reserve();
    if (!reserve && network_.connections().make_probe_room()) {
        reserve = budget.try_take_reserve();
    }
    return reserve;
}

void Listener::refuse(Socket socket) {
    telemetry::count(Counter::kConnectionsRefused);
    telemetry::count(Errc::kTooManyConnections);
    const Error error{Errc::kTooManyConnections, "accept", {}};
    const auto bytes = codec::http::Response::problem(error).serialize(
        codec::http::ReplyContext::closing(network_.shard().clock().wall_now()));
    const std::string_view all{bytes};
    // A new socket has room for it; where it hasn't, the peer sees the close only.
    static_cast<void>(ByteStream{std::move(socket)}.write({&all, 1}));
}

}  // namespace howl::transport
