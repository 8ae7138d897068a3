// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <netinet/in.h>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace howl::loadtest {

/// A load client can overload any server: by default it connects to this machine only.
enum class Reach : std::uint8_t { kLoopbackOnly, kAnywhere };

/// Where the server under test listens (IPv4).
struct Endpoint {
    sockaddr_in address{};
    std::string authority;  ///< `host:port`, for the Host field.

    [[nodiscard]] bool is_loopback() const noexcept;
};

/// Reads `http://host[:port][/]`, the port being 80 when absent, and resolves the host.
/// Errors: `kInvalidConfig` when it isn't such a URL or may not be reached, `kSystem` when the
/// name isn't known.
[[nodiscard]] Result<Endpoint> parse_endpoint(std::string_view url, Reach reach);

/// `127.0.0.1:port`.
[[nodiscard]] Endpoint loopback_endpoint(std::uint16_t port);

/// The source address of the n-th connection to `endpoint`: on loopback a new one (127.0.0.1,
/// 127.0.0.2, ...) after every 10,000, because one address has only 28,232 ports towards a server,
/// and those of earlier runs may still be in use.
[[nodiscard]] sockaddr_in source_address(const Endpoint& endpoint, std::size_t connection) noexcept;

/// Raises the soft descriptor limit as far as allowed. Errors: `kSystem`, with the remedy in its
/// detail, when fewer than `descriptors` are allowed.
[[nodiscard]] Result<void> require_descriptors(std::size_t descriptors);

}  // namespace howl::loadtest
