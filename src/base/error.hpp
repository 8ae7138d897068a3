// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace howl {

/// Every way an operation can fail, from `errors.def`.
enum class Errc : std::uint8_t {
#define HOWL_ERROR(enumerator, name, text, http_status, close_code, retry) enumerator,
#include "base/errors.def"
#undef HOWL_ERROR
};

enum class Retry : std::uint8_t { kFinal, kRetryable };

/// One row of `errors.def`.
struct ErrorEntry {
    std::string_view name;  ///< Stable; what `code` says in a problem+json body.
    std::string_view text;  ///< Safe to show the world; at most 123 bytes (RFC 6455 section 5.5).
    std::uint16_t http_status;
    std::uint16_t close_code;
    Retry retry;
};

/// The row of `code`.
[[nodiscard]] const ErrorEntry& entry_of(Errc code) noexcept;
[[nodiscard]] std::size_t error_count() noexcept;

/// A failure as a value: which row of the table, where in our code, and what the caller may add.
///
/// `context` names the operation and lives in the program text; `detail` is for the operator's log
/// and for the error reply, so it never holds a secret.
struct Error {
    Errc code = Errc::kInternal;
    std::string_view context;
    std::string detail;

    [[nodiscard]] const ErrorEntry& entry() const noexcept { return entry_of(code); }
    /// "context: text (detail)" for a log line.
    [[nodiscard]] std::string describe() const;
};

}  // namespace howl
