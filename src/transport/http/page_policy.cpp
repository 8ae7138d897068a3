// SPDX-License-Identifier: Apache-2.0
#include "transport/http/page_policy.hpp"

#include <boost/algorithm/string/find.hpp>
#include <fmt/format.h>

#include "codec/sha256.hpp"

namespace howl::transport {

namespace {

/// `text` up to `end`, in any case, and takes both off it; all of it where there is no `end`.
std::string_view take_until(std::string_view& text, std::string_view end) {
    const auto found = boost::algorithm::ifind_first(text, end);
    const auto size = static_cast<std::size_t>(found.begin() - text.begin());
    const auto taken = text.substr(0, size);
    text.remove_prefix(size + found.size());
    return taken;
}

/// ` 'sha256-...'` for each inline script of the page.
///
/// It reads our own build's output, so it need not be a parser: a hash too many (of a script in a
/// comment) allows nothing that is not in the page, and one too few breaks the page visibly.
std::string script_hashes(std::string_view html) {
    std::string out;
    for (take_until(html, "<script"); !html.empty(); take_until(html, "<script")) {
        const auto attributes = take_until(html, ">");
        const auto script = take_until(html, "</script");
        if (!boost::algorithm::ifind_first(attributes, " src")) {
            out += fmt::format(" 'sha256-{}'", codec::sha256_base64(script));
        }
    }
    return out;
}

}  // namespace

std::string page_policy(std::string_view html) {
    // 'self' covers this server's WebSockets too: to a page from http, ws is the same (CSP level
    // 3).
    return fmt::format(
        "default-src 'self'; script-src 'self'{}; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
        "object-src 'none'; form-action 'none'",
        script_hashes(html));
}

void set_page_headers(codec::http::Response& response, std::string_view policy) {
    response.set("Content-Security-Policy", policy);
    response.set("Referrer-Policy", "no-referrer");
    response.set("Cross-Origin-Opener-Policy", "same-origin");
    response.set("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
}

}  // namespace howl::transport
