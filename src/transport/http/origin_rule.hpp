// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace howl::transport {

/// Which web pages may open sockets and change state here.
///
/// A browser adds `Origin` by itself and no page can forge it, so this rule protects a user's local
/// server from any page that user visits (CWE-1385). A request without `Origin` passes:
/// no script of another site has sent it. Loads of a page that carry none are the router's to
/// check.
///
/// Source: RFC 6454; docs/adr/0007.
class OriginRule {
public:
    /// `allowed`: exact origins such as `https://app.example.com`; names such as `app.example.com`,
    /// by which this server itself is reached: pages from there by http or https, on the port that
    /// `Host` says too, or on none; `*` allows every page.
    explicit OriginRule(std::vector<std::string> allowed = {}) : allowed_(std::move(allowed)) {}

    /// `origin` and `host` are the request's headers. The page's own server passes where its host
    /// `is_fixed_host`; any other name must be allowed, since the owner of a name may
    /// point it at this machine (DNS rebinding).
    [[nodiscard]] bool allows(std::string_view origin, std::string_view host) const;
    [[nodiscard]] bool allows_everyone() const;

private:
    std::vector<std::string> allowed_;
};

}  // namespace howl::transport
