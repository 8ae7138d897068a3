// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace howl::transport {

/// True for `localhost`, the names below it (RFC 6761) and every IP address, each with or without
/// `:port`: nobody can point those at another machine.
[[nodiscard]] bool is_fixed_host(std::string_view host);

/// `a.example:8080` gives `a.example`, `[::1]:8080` gives `[::1]`. The dot at the end of a fully
/// qualified name is left out.
[[nodiscard]] std::string_view name_of_host(std::string_view host);

/// To which names a listener answers.
///
/// The owner of a name may point it at any machine (DNS rebinding), and a page of that name then
/// reads from a server there as if it were the page's own; the browser sends no `Origin` with such
/// a GET. Only `Host`, which has the name, shows it.
class HostRule {
public:
    /// Every name.
    HostRule() = default;
    /// Every host that `is_fixed_host`, and `names`: host names without a port; `*` allows every
    /// name.
    [[nodiscard]] static HostRule only(std::vector<std::string> names);

    /// `host` is the request's header. One that is absent or empty comes from no browser and
    /// passes.
    [[nodiscard]] bool allows(std::string_view host) const;

private:
    std::vector<std::string> names_{"*"};
};

}  // namespace howl::transport
