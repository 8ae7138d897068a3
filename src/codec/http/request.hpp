// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace howl::codec::http {

enum class Method : std::uint8_t {
    kGet,
    kHead,
    kPost,
    kPut,
    kPatch,
    kDelete,
    kOptions,
    kOther,  ///< Any other token; its text is in `Request::method_text`.
};

/// Methods are case-sensitive (RFC 9110 section 9.1): `get` is `kOther`.
[[nodiscard]] Method method_from(std::string_view text) noexcept;

struct Header {
    std::string name;  ///< As it was sent.
    std::string value;
};

/// One whole request as `RequestParser` lets it through: framed without doubt, its target
/// decodable.
///
/// Header values are bytes: free of control characters, but not always UTF-8. Absent on purpose:
/// cookies, forms and authentication, which belong to the endpoints that use them.
struct Request {
    Method method = Method::kGet;
    std::string method_text;
    std::string target;  ///< Path and query as sent, without an absolute form's authority.
    std::string path;    ///< Of `target`, still percent-encoded; begins with `/`, or is `*`.
    std::string query;   ///< Of `target`, still percent-encoded, without the `?`.
    std::uint8_t minor_version = 1;
    bool keep_alive = true;
    std::vector<Header> headers;
    std::string body;

    /// The value of the first header of that name, in any case; empty if there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
    [[nodiscard]] bool has_header(std::string_view name) const noexcept;
    /// True if `option` stands in the comma-separated lists of these headers, in any case:
    /// `lists("Connection", "upgrade")`.
    [[nodiscard]] bool lists(std::string_view name, std::string_view option) const noexcept;

    /// The first value of a query parameter, decoded; `+` is a space.
    [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;
    /// All its values, in order.
    [[nodiscard]] std::vector<std::string> query_values(std::string_view name) const;
    /// `/rooms/a%20b` gives `rooms` and `a b`. See `decode_path_segments` for what may come out.
    [[nodiscard]] std::vector<std::string> path_segments() const;
};

}  // namespace howl::codec::http
