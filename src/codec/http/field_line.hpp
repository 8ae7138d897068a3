// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"

/// The grammar that header and trailer fields share (RFC 9110 section 5, RFC 9112 section 5).
namespace howl::codec::http {

/// One `name: value` line. Views into the line it was read from.
struct FieldLine {
    std::string_view name;
    std::string_view value;  ///< Without the white space around it.
};

/// A character of RFC 9110 section 5.6.2.
[[nodiscard]] bool is_token_letter(char letter) noexcept;
/// 1 or more of them.
[[nodiscard]] bool is_token(std::string_view text) noexcept;
/// True for the bytes that may never stand in a line: CR, LF, NUL and the other controls, save
/// HTAB.
[[nodiscard]] bool is_control(char letter) noexcept;
[[nodiscard]] bool has_control(std::string_view text) noexcept;
/// Without the spaces and tabs at both ends.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;
/// ASCII only, so that no locale can change what a header means.
[[nodiscard]] bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept;

/// Splits a line that has neither its CRLF nor any control character.
/// Errors: `kAmbiguousFraming` for a folded line, an empty or non-token name, a space before the
/// colon, or no colon at all: proxies disagree about each of them.
[[nodiscard]] Result<FieldLine> parse_field_line(std::string_view line);

}  // namespace howl::codec::http
