// SPDX-License-Identifier: Apache-2.0
#include "transport/http/host_rule.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>

namespace howl::transport {

using boost::beast::iequals;

namespace {

/// `a.example:8080` gives `a.example`, `[::1]:8080` gives `[::1]`.
std::string_view without_port(std::string_view host) {
    const auto bracket = host.rfind(']');
    return host.substr(0, host.find(':', bracket == std::string_view::npos ? 0 : bracket));
}

}  // namespace

bool is_loopback_host(std::string_view host) {
    const auto name = without_port(host);
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address_v4(std::string{name}, error);
    return (!error && address.is_loopback()) || iequals(name, "localhost") || name == "[::1]";
}

HostRule HostRule::loopback_and(std::vector<std::string> names) {
    HostRule rule;
    rule.names_ = std::move(names);
    return rule;
}

bool HostRule::allows(std::string_view host) const {
    const auto is_meant = [name = without_port(host)](const std::string& allowed) {
        return allowed == "*" || iequals(allowed, name);
    };
    return host.empty() || std::ranges::any_of(names_, is_meant) || is_loopback_host(host);
}

}  // namespace howl::transport
