// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/limits.hpp"
#include "base/result.hpp"

namespace howl::codec::http {

/// What a request head may cost. Each is checked before anything is stored.
struct HeadLimits {
    /// Bytes up to and with the empty line. Reached: `kHeadersTooLarge`.
    std::size_t head_bytes_max = limits::kHttpHeadBytesMax;
    /// Header lines, without the request line. Reached: `kHeadersTooLarge`.
    std::size_t lines_max = limits::kHttpHeaderLinesMax;
    /// Bytes of the request target. Reached: `kTargetTooLong`.
    std::size_t target_bytes_max = limits::kHttpTargetBytesMax;
};

enum class BodyKind : std::uint8_t { kNone, kLength, kChunked };

/// Where the message of one request head ends, and what follows it.
struct HeadFraming {
    std::size_t head_bytes = 0;  ///< With the final empty line.
    BodyKind body = BodyKind::kNone;
    std::uint64_t body_bytes = 0;  ///< For `kLength`; never 0 there.
    std::uint8_t minor_version = 1;
    bool keep_alive = true;
    bool expects_continue = false;
};

/// Reads a raw request head and refuses every one that two programs could frame differently.
///
/// Request smuggling uses heads that a proxy and a server frame differently. Beast 1.81 alone
/// accepts several of them (two Hosts, `Transfer-Encoding: gzip`, chunked in HTTP/1.0, folded
/// lines, `5,5`); the guard runs before it and answers every doubt with 400 and a closed
/// connection. Stricter than RFC 9112 on purpose: an empty line before the request, leading zeros
/// in Content-Length, and any white space beyond single spaces in the request line are refused as
/// well.
///
/// Looks at every byte once, however small the pieces, and stores none: the caller keeps the bytes.
///
/// Errors: `kAmbiguousFraming`, `kBadRequest`, `kHeadersTooLarge`, `kTargetTooLong`,
/// `kHttpVersionNotSupported`, `kExpectationFailed`. The first fault in the byte stream decides, so
/// the outcome does not depend on how the bytes were cut.
class FramingGuard {
public:
    explicit FramingGuard(HeadLimits limits) : limits_(limits) {}

    /// Goes on scanning a head. Nothing: the head has not ended yet.
    /// Requires: `bytes` starts with all the bytes of the previous call; no call after an error.
    [[nodiscard]] Result<std::optional<HeadFraming>> scan(std::string_view bytes);

private:
    Result<void> take_line(std::string_view line);
    Result<void> take_request_line(std::string_view line);
    Result<void> take_field(std::string_view line);
    Result<void> take_content_length(std::string_view value);
    Result<void> take_transfer_encoding(std::string_view value);
    Result<void> take_host(std::string_view value);
    Result<void> take_expect(std::string_view value);
    void take_connection(std::string_view value);
    Result<HeadFraming> finish() const;

    // Constant after construction.
    HeadLimits limits_;

    // Shard-local state.
    std::size_t scanned_ = 0;
    std::size_t line_start_ = 0;
    std::size_t lines_ = 0;  ///< Complete ones, with the request line.
    std::optional<std::uint64_t> content_length_;
    std::uint8_t minor_version_ = 1;
    bool after_cr_ = false;
    bool has_host_ = false;
    bool chunked_ = false;
    bool has_close_ = false;
    bool has_keep_alive_ = false;
    bool expects_continue_ = false;
};

/// One-shot form for a caller that has all the bytes.
[[nodiscard]] Result<std::optional<HeadFraming>> inspect_head(std::string_view bytes,
                                                              HeadLimits limits = {});

/// `name`, `1.2.3.4` or `[::1]`, alone or with `:port` or `:`; or nothing (RFC 9110 section 7.2).
[[nodiscard]] bool is_host(std::string_view text) noexcept;

}  // namespace howl::codec::http
