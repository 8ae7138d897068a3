// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace howl::codec::http {

/// The parts of a request target (RFC 9112 section 3.2), percent-encoded as RFC 3986 wants it.
struct Target {
    std::string_view authority;  ///< Of the absolute form, a view into it; empty otherwise.
    std::string path;            ///< Begins with `/`, or is `*`.
    std::string query;           ///< Without the `?`.
};

/// Takes the origin form, the absolute form of `http` and `https`, and `*`; never CONNECT's.
/// Everything after it may decode path and query without a further check.
///
/// What browsers send plainly although RFC 3986 wants it encoded (WHATWG URL, the percent-encode
/// sets of path and query) comes out encoded, so that both spellings are one: `[ ] { } | ^` and the
/// grave accent, a `\` in the query, and a `%` without two hexadecimal digits after it.
/// Errors: `kBadRequest` for anything else that RFC 3986 does not allow, `%00` in the path, user
/// information, a fragment.
[[nodiscard]] Result<Target> parse_target(std::string_view text);

/// `/rooms/a%20b/` gives `rooms`, `a b` and an empty one; `/` and `*` give none. Decoded text may
/// be anything but NUL: also `..`, a slash, or bytes that are not UTF-8. Requires: `path` passed
/// `parse_target`.
[[nodiscard]] std::vector<std::string> decode_path_segments(std::string_view path);

/// The decoded values of a query parameter, in order; `+` is a space, a missing `=` an empty value.
/// Requires: `query` passed `parse_target`.
[[nodiscard]] std::vector<std::string> decode_query_values(std::string_view query,
                                                           std::string_view name);
/// The first of them.
[[nodiscard]] std::optional<std::string> decode_query_value(std::string_view query,
                                                            std::string_view name);

/// A body of the type application/x-www-form-urlencoded as a query that may be decoded, whatever
/// it holds (WHATWG URL section 5.1).
[[nodiscard]] std::string query_of_form(std::string_view body);

}  // namespace howl::codec::http
