// SPDX-License-Identifier: Apache-2.0
#include "server/listen_address.hpp"

#include <charconv>
#include <system_error>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace howl::server {

using boost::asio::ip::tcp;

Result<tcp::endpoint> parse_listen_address(std::string_view text) {
    const auto bad = [&] {
        return fail(Errc::kInvalidConfig, "listen",
                    fmt::format("'{}' is not an address like 127.0.0.1:8080 or [::1]:8080", text));
    };
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return bad();
    }
    std::string host{text.substr(0, colon)};
    const auto digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (wrong != std::errc{} || end != digits.data() + digits.size() || digits.empty()) {
        return bad();
    }
    if (host.empty()) {
        return tcp::endpoint{boost::asio::ip::address_v4::any(), port};
    }
    if (host == "localhost") {
        return tcp::endpoint{boost::asio::ip::address_v4::loopback(), port};
    }
    if (host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    if (error) {
        return bad();
    }
    return tcp::endpoint{address, port};
}

std::string show_address(const tcp::endpoint& endpoint) {
    const auto host = endpoint.address().to_string();
    return endpoint.address().is_v6() ? fmt::format("[{}]:{}", host, endpoint.port())
                                      : fmt::format("{}:{}", host, endpoint.port());
}

Result<void> check_exposure(const tcp::endpoint& endpoint, RemoteAccess access) {
    if (endpoint.address().is_loopback() || access == RemoteAccess::kAllowed) {
        return {};
    }
    return fail(
        Errc::kInvalidConfig, "listen",
        fmt::format("{} can be reached from other machines, and nobody has to log in: anyone "
                    "could read and publish. Listen on 127.0.0.1 behind a proxy that "
                    "authenticates, or say --allow-remote (allow_remote = true in [server])",
                    show_address(endpoint)));
}

transport::HostRule host_rule_of(const Config& config, const tcp::endpoint& endpoint) {
    if (config.hosts.empty() && !endpoint.address().is_loopback()) {
        return {};
    }
    return transport::HostRule::only(config.hosts);
}

}  // namespace howl::server
