// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The client's side of the protocols, as far as measuring a delivery needs it.
///
/// The functions scan the bytes received so far and return the size of the first item; they keep
/// nothing between calls, so a connection stores at most the head of one unfinished item. They are
/// not the server's codecs on purpose: a mistake there must not be hidden by the same mistake here.
/// Absent: fragmented messages and compression, which a bench server never sends.
namespace howl::loadtest {

enum class Scan : std::uint8_t { kItem, kIncomplete, kMalformed };

/// Larger items than this are malformed: an event is at most 64 KiB, and JSON may escape each byte.
inline constexpr std::size_t kItemBytesMax = 1024 * 1024;

enum class WsOpcode : std::uint8_t {  // RFC 6455 section 5.2
    kText = 0x1,
    kBinary = 0x2,
    kClose = 0x8,
    kPing = 0x9,
    kPong = 0xA,
};

/// One unmasked frame, as a server sends them.
struct WsFrame {
    WsOpcode opcode = WsOpcode::kText;
    std::string_view payload;
    std::size_t bytes = 0;  ///< Header and payload.
};
[[nodiscard]] Scan scan_ws_frame(std::string_view bytes, WsFrame& frame) noexcept;

/// A masked frame, as a client must send them.
[[nodiscard]] std::string make_masked_frame(WsOpcode opcode, std::string_view payload,
                                            std::uint32_t mask);

/// "1013 slow" of a close frame's payload (RFC 6455 section 5.5.1).
[[nodiscard]] std::string describe_close(std::string_view payload);

/// The lines between two blank lines of an SSE stream. Lines end with LF or CRLF.
struct SseBlock {
    std::string_view id;
    std::string_view event;
    std::optional<std::string_view> data;  ///< The first `data` line; absent in a comment.
    std::size_t bytes = 0;                 ///< With the blank line.
};
[[nodiscard]] Scan scan_sse_block(std::string_view bytes, SseBlock& block) noexcept;

/// The head of an HTTP response.
struct HttpHead {
    unsigned status = 0;
    std::string_view fields;  ///< All the lines after the first, each with its CRLF.
    std::size_t bytes = 0;    ///< With the blank line.

    /// The value of the first field called `name`, which is written in lower case.
    [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const noexcept;
    [[nodiscard]] bool is_chunked() const noexcept;
    /// 0 when absent, nothing when it is not a number below `kItemBytesMax`.
    [[nodiscard]] std::optional<std::size_t> content_length() const noexcept;
};
[[nodiscard]] Scan scan_http_head(std::string_view bytes, HttpHead& head) noexcept;

/// Removes the chunk framing (RFC 9112 section 7.1) from a body that arrives in pieces.
class ChunkDecoder {
public:
    /// Moves the body bytes to the front of `bytes` and returns their number; nothing when the
    /// framing is broken.
    [[nodiscard]] std::optional<std::size_t> decode_in_place(std::span<char> bytes) noexcept;
    /// The last chunk has been seen.
    [[nodiscard]] bool finished() const noexcept { return phase_ == Phase::kFinished; }

private:
    enum class Phase : std::uint8_t {
        kSize,
        kExtension,
        kSizeLf,
        kBody,
        kBodyCr,
        kBodyLf,
        kFinished
    };

    [[nodiscard]] bool take_framing(char byte) noexcept;

    std::size_t left_ = 0;
    Phase phase_ = Phase::kSize;
};

}  // namespace howl::loadtest
