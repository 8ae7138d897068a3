// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace howl::codec::http {

/// The parts of a request target (RFC 9112 section 3.2), still percent-encoded. Views into it.
struct Target {
    std::string_view authority;  ///< Of the absolute form; empty otherwise.
    std::string_view path;       ///< Begins with `/`, or is `*`.
    std::string_view query;      ///< Without the `?`.
};

/// Takes the origin form, the absolute form of `http` and `https`, and `*`; never CONNECT's.
/// Everything after it may decode path and query without a further check.
/// Errors: `kBadRequest` for what RFC 3986 does not allow unencoded, a `%` without two hexadecimal
/// digits, `%00` in the path, user information, a fragment.
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

}  // namespace howl::codec::http
