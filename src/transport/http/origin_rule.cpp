// SPDX-License-Identifier: Apache-2.0
#include "transport/http/origin_rule.hpp"

#include <algorithm>

#include <boost/asio/ip/address.hpp>

namespace howl::transport {
namespace {

bool is_port_or_nothing(std::string_view text) {
    const auto is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
    return text.empty() ||
           (text.size() > 1 && text[0] == ':' && std::ranges::all_of(text.substr(1), is_digit));
}

/// `localhost`, `127.0.0.1` or `[::1]`, each with or without `:port`.
bool is_address_or_localhost(std::string_view host) {
    boost::system::error_code error;
    if (host.starts_with('[')) {
        const auto end = std::min(host.find(']'), host.size() - 1);
        boost::asio::ip::make_address_v6(std::string{host.substr(1, end - 1)}, error);
        return !error && host[end] == ']' && is_port_or_nothing(host.substr(end + 1));
    }
    const auto end = std::min(host.find(':'), host.size());
    const auto name = host.substr(0, end);
    boost::asio::ip::make_address_v4(std::string{name}, error);
    return (!error || name == "localhost") && is_port_or_nothing(host.substr(end));
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
