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

bool is_fixed_host(std::string_view host) {
    const auto name = without_port(host);
    boost::system::error_code error;
    if (name.starts_with('[') && name.ends_with(']')) {
        boost::asio::ip::make_address_v6(name.substr(1, name.size() - 2), error);
    } else {
        boost::asio::ip::make_address_v4(name, error);
    }
    return !error || iequals(name, "localhost");
}

HostRule HostRule::only(std::vector<std::string> names) {
    HostRule rule;
    rule.names_ = std::move(names);
    return rule;
}

bool HostRule::allows(std::string_view host) const {
    const auto is_meant = [name = without_port(host)](const std::string& allowed) {
        return allowed == "*" || iequals(allowed, name);
    };
    return host.empty() || std::ranges::any_of(names_, is_meant) || is_fixed_host(host);
}

}  // namespace howl::transport
