// SPDX-License-Identifier: Apache-2.0
#include "transport/http/host_rule.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>

#include "codec/http/framing_guard.hpp"

namespace howl::transport {

using boost::beast::iequals;

namespace {

bool is_localhost(std::string_view name) {
    constexpr std::string_view kSuffix = ".localhost";
    return iequals(name, kSuffix.substr(1)) ||
           (name.size() > kSuffix.size() &&
            iequals(name.substr(name.size() - kSuffix.size()), kSuffix));
}

}  // namespace

std::string_view name_of_host(std::string_view host) {
    const auto bracket = host.rfind(']');
    const auto name =
        host.substr(0, host.find(':', bracket == std::string_view::npos ? 0 : bracket));
    return name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
}

bool is_fixed_host(std::string_view host) {
    if (!codec::http::is_host(host)) {
        return false;
    }
    const auto name = name_of_host(host);
    boost::system::error_code error;
    if (name.starts_with('[')) {
        boost::asio::ip::make_address_v6(name.substr(1, name.size() - 2), error);
    } else {
        boost::asio::ip::make_address_v4(name, error);
    }
    return !error || is_localhost(name);
}

HostRule HostRule::only(std::vector<std::string> names) {
    HostRule rule;
    rule.names_ = std::move(names);
    return rule;
}

bool HostRule::allows(std::string_view host) const {
    const auto is_meant = [name = name_of_host(host)](const std::string& allowed) {
        return allowed == "*" || iequals(allowed, name);
    };
    return host.empty() || std::ranges::any_of(names_, is_meant) || is_fixed_host(host);
}

}  // namespace howl::transport
