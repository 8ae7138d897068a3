// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// WebSocket as bytes (RFC 6455, RFC 7692): no sockets, no clock. What goes out is made here, what
/// comes in is read by `MessageReader`.
namespace howl::codec::websocket {

/// RFC 6455 section 5.2. The values 3-7 and 11-15 are reserved and never leave the reader.
enum class Opcode : std::uint8_t {
    kContinuation = 0,
    kText = 1,
    kBinary = 2,
    kClose = 8,
    kPing = 9,
    kPong = 10,
};

/// Whether this is the last frame of its message.
enum class Fin : std::uint8_t { kNo, kYes };
/// Whether the message is compressed; only on its first frame (RFC 7692 section 6).
enum class Rsv1 : std::uint8_t { kClear, kSet };

/// The side that we are. A client masks what it sends (RFC 6455 section 5.1).
enum class Role : std::uint8_t { kServer, kClient };

using MaskKey = std::array<std::uint8_t, 4>;

/// RFC 6455 section 7.4.1: the purpose of the connection is fulfilled.
inline constexpr std::uint16_t kCloseNormal = 1000;
/// Stands for a close frame without a code; never on the wire.
inline constexpr std::uint16_t kCloseNoStatus = 1005;

/// RFC 6455 section 5.5: two bytes of code leave this much of 125.
inline constexpr std::size_t kCloseReasonBytesMax = 123;
inline constexpr std::size_t kControlPayloadBytesMax = 125;

/// A whole unmasked frame, as a server sends it.
[[nodiscard]] std::string encode_frame(Opcode opcode, std::string_view payload,
                                       Rsv1 rsv1 = Rsv1::kClear, Fin fin = Fin::kYes);
/// The same, appended to `out`.
void append_frame(std::string& out, Opcode opcode, std::string_view payload,
                  Rsv1 rsv1 = Rsv1::kClear, Fin fin = Fin::kYes);

/// A whole masked frame, as a client sends it. `key` has to be unpredictable to the application
/// (RFC 6455 section 10.3), so it comes from the caller, who has the random source.
[[nodiscard]] std::string encode_masked_frame(MaskKey key, Opcode opcode, std::string_view payload,
                                              Rsv1 rsv1 = Rsv1::kClear, Fin fin = Fin::kYes);
/// The same, appended to `out`.
void append_masked_frame(std::string& out, MaskKey key, Opcode opcode, std::string_view payload,
                         Rsv1 rsv1 = Rsv1::kClear, Fin fin = Fin::kYes);

/// The body of a close frame; empty for `kCloseNoStatus`. A `reason` over `kCloseReasonBytesMax`
/// is cut between two code points.
/// Requires: `is_valid_close_code(code)` or `kCloseNoStatus`; `reason` is UTF-8.
[[nodiscard]] std::string close_payload(std::uint16_t code, std::string_view reason);
/// An unmasked close frame around `close_payload`.
[[nodiscard]] std::string encode_close(std::uint16_t code, std::string_view reason);

/// True if `code` may stand in a close frame: 1000-1003, 1007-1014 (RFC 6455 section 7.4.1 and the
/// IANA registry), 3000-4999.
[[nodiscard]] constexpr bool is_valid_close_code(std::uint16_t code) noexcept {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
           (code >= 3000 && code <= 4999);
}

[[nodiscard]] constexpr bool is_control(Opcode opcode) noexcept {
    return (static_cast<std::uint8_t>(opcode) & 0x8U) != 0;
}

/// Masks or unmasks `bytes` in place; they begin `offset` bytes after the start of the payload.
void apply_mask(std::span<char> bytes, MaskKey key, std::uint64_t offset = 0) noexcept;

}  // namespace howl::codec::websocket
