// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

#include "base/result.hpp"
#include "server/config.hpp"
#include "transport/http/host_rule.hpp"

namespace howl::server {

/// `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` (the IPv4 loopback), `:8080` (every address).
/// Errors: `kInvalidConfig`.
[[nodiscard]] Result<boost::asio::ip::tcp::endpoint> parse_listen_address(std::string_view text);
[[nodiscard]] std::string show_address(const boost::asio::ip::tcp::endpoint& endpoint);

/// Refuses to listen beyond loopback unless that was allowed: nobody has to log in here yet, so an
/// open port would be open to everyone.
/// Errors: `kInvalidConfig` with what to do.
[[nodiscard]] Result<void> check_exposure(const boost::asio::ip::tcp::endpoint& endpoint,
                                          RemoteAccess access);

/// A listener on loopback answers to `localhost`, to addresses and to `Config::hosts`, one
/// elsewhere to every name unless there are hosts.
[[nodiscard]] transport::HostRule host_rule_of(const Config& config,
                                               const boost::asio::ip::tcp::endpoint& endpoint);

}  // namespace howl::server
