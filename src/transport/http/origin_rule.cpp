// SPDX-License-Identifier: Apache-2.0
#include "transport/http/origin_rule.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

namespace howl::transport {
namespace {

/// `localhost`, `127.0.0.1` or `[::1]`, each with or without `:port`.
bool is_address_or_localhost(std::string_view host) {
    if (host.starts_with('[')) {
        const auto end = host.find(']');
        boost::system::error_code error;
        if (end == std::string_view::npos) {
            return false;
        }
        boost::asio::ip::make_address_v6(std::string{host.substr(1, end - 1)}, error);
        return !error;
    }
    const auto name = host.substr(0, host.find(':'));
    boost::system::error_code error;
    boost::asio::ip::make_address_v4(std::string{name}, error);
    return !error || name == "localhost";
}

bool is_own_origin(std::string_view origin, std::string_view host) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (origin.starts_with(scheme) && origin.substr(scheme.size()) == host) {
            return is_address_or_localhost(host);
        }
    }
    return false;
}

}  // namespace

bool OriginRule::allows_everyone() const {
    return std::ranges::find(allowed_, "*") != allowed_.end();
}

bool OriginRule::allows(std::string_view origin, std::string_view host) const {
    return origin.empty() || allows_everyone() || is_own_origin(origin, host) ||
           std::ranges::find(allowed_, origin) != allowed_.end();
}

}  // namespace howl::transport
