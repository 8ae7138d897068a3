// SPDX-License-Identifier: Apache-2.0
#include "transport/http/origin_rule.hpp"

#include <algorithm>

#include <boost/beast/core/string.hpp>

#include "codec/http/framing_guard.hpp"
#include "transport/http/host_rule.hpp"

namespace howl::transport {
namespace {

/// `https://a.example:8443` gives `a.example:8443`; empty for schemes other than http and https.
std::string_view authority_of(std::string_view origin) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (origin.starts_with(scheme)) {
            return origin.substr(scheme.size());
        }
    }
    return {};
}

bool is_own_origin(std::string_view origin, std::string_view host) {
    const auto authority = authority_of(origin);
    return !authority.empty() && authority == host && is_fixed_host(host);
}

/// A proxy may pass its own name on in `Host` or not; a port that only the origin has may belong to
/// another server.
bool is_under_name(std::string_view origin, std::string_view host, std::string_view name) {
    const auto authority = authority_of(origin);
    return !name.empty() && codec::http::is_host(authority) &&
           boost::beast::iequals(name_of_host(authority), name) &&
           (authority == host || authority.size() == name.size());
}

}  // namespace

bool OriginRule::allows_everyone() const {
    return std::ranges::find(allowed_, "*") != allowed_.end();
}

bool OriginRule::allows(std::string_view origin, std::string_view host) const {
    const auto is_listed = [&](std::string_view allowed) {
        return allowed == origin || is_under_name(origin, host, allowed);
    };
    return origin.empty() || allows_everyone() || is_own_origin(origin, host) ||
           std::ranges::any_of(allowed_, is_listed);
}

}  // namespace howl::transport
