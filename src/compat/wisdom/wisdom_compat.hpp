// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "products/wisdom/wisdom.hpp"
#include "transport/http/router.hpp"

namespace howl::compat::wisdom {

using products::wisdom::WisdomSettings;

/// The wolf-wisdom broadcast (docs/protocols): WebSocket messages
/// `{"type":...,"payload":{...}}`.
///
/// Follows the contract of its documentation, which is stricter than the original server: only a
/// client that is connected **and** subscribed gets quotes. They are in the original's language,
/// Russian, since its clients can't ask for another; `?lang=` with any other tag (BCP 47) gets the
/// English ones.
///
/// ```
///   GET {prefix}connect    WebSocket
///   GET /undefined         the same, for the original's page, which never sets its path
///   GET /                  a page that speaks it, as the original has one; /static/... is its rest
/// ```
/// The last two where the prefix is `/`, on the original's port.
class WisdomCompat {
public:
    explicit WisdomCompat(WisdomSettings settings) : settings_(settings) {}

    /// The endpoint and `response_policy` outlive the router.
    void add_routes(transport::Router& router, const transport::ResponsePolicy& response_policy,
                    const std::string& prefix) const;

private:
    const WisdomSettings settings_;
};

/// The files `page.html`, `page.css` and `page.js` as they were when the program was built.
[[nodiscard]] std::string_view page_text();
[[nodiscard]] std::string_view page_style();
[[nodiscard]] std::string_view page_script();

/// A JSON text in which everything but ASCII is written `\uXXXX`, as the original's is.
/// Requires: `text` is valid UTF-8.
[[nodiscard]] std::string ascii_json(std::string_view text);

}  // namespace howl::compat::wisdom
