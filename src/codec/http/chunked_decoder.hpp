// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "base/result.hpp"

namespace howl::codec::http {

/// What a chunked body may cost.
struct ChunkedLimits {
    /// Decoded bytes. Reached: `kBodyTooLarge`, before the chunk that would be too much is read.
    std::size_t body_bytes_max = limits::kHttpBodyBytesMax;
    /// Sizes, extensions, line ends and trailers together. Reached: `kBodyTooLarge`.
    std::size_t overhead_bytes_max = limits::kHttpChunkOverheadBytesMax;
    /// One extension. Reached: `kAmbiguousFraming`; nobody sends one.
    std::size_t extension_bytes_max = 256;
    /// All trailer lines together. Reached: `kHeadersTooLarge`.
    std::size_t trailer_bytes_max = limits::kHttpHeadBytesMax;
};

/// Decodes a chunked body (RFC 9112 section 7.1) that arrives in pieces.
///
/// Beast 1.81's own decoder needs a whole chunk header, or the last chunk with all its trailers, in
/// one buffer, and bounds neither; this one takes any piece, byte by byte if need be, and stores
/// only the body and one trailer line. Extensions and trailers are checked and ignored. Refused as
/// `kAmbiguousFraming`: anything but hexadecimal digits before the `;` or CRLF (also white space),
/// a CR or LF alone, a quoted extension, a chunk whose data is not followed by CRLF, a trailer
/// field that decides about framing.
class ChunkedDecoder {
public:
    explicit ChunkedDecoder(ChunkedLimits limits) : limits_(limits) {}

    /// Appends what it decodes to `body` and returns how many bytes it took: all of them, or fewer
    /// when the body has ended.
    /// Requires: `body` is the same each time; no call after an error.
    [[nodiscard]] Result<std::size_t> feed(std::string_view bytes, std::string& body);
    [[nodiscard]] bool complete() const noexcept { return state_ == State::kComplete; }

private:
    enum class State : std::uint8_t {
        kSize,
        kExtension,
        kSizeEnd,
        kContent,
        kContentCr,
        kContentLf,
        kTrailer,
        kTrailerEnd,
        kComplete,
    };

    Result<void> take_framing_byte(char letter, std::size_t body_bytes);
    Result<void> take_size_byte(char letter, std::size_t body_bytes);
    Result<void> take_extension_byte(char letter);
    Result<void> take_trailer_byte(char letter);
    Result<void> end_trailer_line();
    Result<void> expect(char letter, char wanted, State next);

    // Constant after construction.
    ChunkedLimits limits_;

    // Shard-local state.
    State state_ = State::kSize;
    std::uint8_t size_digits_ = 0;
    std::uint64_t chunk_bytes_ = 0;  ///< Of the current chunk, still to come.
    std::size_t overhead_bytes_ = 0;
    std::size_t extension_bytes_ = 0;
    std::size_t trailer_bytes_ = 0;
    bool last_chunk_ = false;
    std::string trailer_line_;
};

}  // namespace howl::codec::http
