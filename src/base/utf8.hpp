// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace howl {

/// Checks UTF-8 that arrives in pieces, and fails at the first byte after which no text is valid.
///
/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. A WebSocket text message may
/// be cut anywhere, also inside a code point (RFC 6455 section 8.1), so the state outlives a call.
class Utf8Validator {
public:
    /// Takes the next piece. False: what has been seen so far can't begin any valid text.
    [[nodiscard]] bool feed(std::string_view piece) noexcept;
    /// True where the text may end: not inside a code point.
    [[nodiscard]] bool complete() const noexcept { return pending_ == 0; }
    void reset() noexcept { *this = Utf8Validator{}; }

private:
    std::uint8_t pending_ = 0;      ///< Continuation bytes still to come.
    std::uint8_t next_low_ = 0x80;  ///< Range of the next continuation byte.
    std::uint8_t next_high_ = 0xBF;
};

/// True if `text` is complete, valid UTF-8.
[[nodiscard]] inline bool is_valid_utf8(std::string_view text) noexcept {
    Utf8Validator validator;
    return validator.feed(text) && validator.complete();
}

}  // namespace howl
