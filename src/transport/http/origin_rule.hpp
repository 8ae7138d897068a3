// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace howl::transport {

/// Which web pages may open sockets and change state here.
///
/// A browser adds `Origin` by itself and no page can forge it, so this is what stands between a
/// user's local server and any page that user visits (CWE-1385). A request without `Origin` does
/// not come from a page of another site and passes.
///
/// Source: design section 4, promise 7; RFC 6454.
class OriginRule {
public:
    /// `allowed`: exact origins such as `https://app.example.com`; `*` allows every page.
    explicit OriginRule(std::vector<std::string> allowed = {}) : allowed_(std::move(allowed)) {}

    /// `origin` and `host` are the request's headers. The page's own server passes where its host
    /// is an address or `localhost`; a host name must be listed, since the owner of a name may
    /// point it at this machine (DNS rebinding).
    [[nodiscard]] bool allows(std::string_view origin, std::string_view host) const;
    [[nodiscard]] bool allows_everyone() const;

private:
    std::vector<std::string> allowed_;
};

}  // namespace howl::transport
