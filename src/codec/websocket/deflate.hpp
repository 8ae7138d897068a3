// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/named_type.hpp"
#include "base/result.hpp"

struct z_stream_s;

namespace howl::codec::websocket {

/// Base-2 logarithm of a compression window's bytes (RFC 7692 section 7.1.2).
using WindowBits = NamedType<std::uint8_t, struct WindowBitsTag>;

/// zlib makes no raw stream with a window of 8 bits.
inline constexpr WindowBits kWindowBitsMin{9};
inline constexpr WindowBits kWindowBitsMax{15};

/// Compresses messages for permessage-deflate (RFC 7692 section 7.2.1), each by itself.
///
/// A compressor per connection would hold 256 KiB for each; without context takeover one serves a
/// whole shard, and an event is compressed once for all its readers. Each window size has a stream
/// of its own, made when a reader first needs it.
class Deflater {
public:
    Deflater();
    ~Deflater();
    Deflater(Deflater&&) noexcept;
    Deflater& operator=(Deflater&&) noexcept;

    /// The payload of a frame with RSV1; the closing 00 00 FF FF is taken off. It may be longer
    /// than `message`.
    /// Requires: `window` from `kWindowBitsMin` to `kWindowBitsMax`; under 4 GiB.
    [[nodiscard]] std::string compress(std::string_view message,
                                       WindowBits window = kWindowBitsMax);

private:
    struct End {
        void operator()(z_stream_s* stream) const noexcept;
    };
    using Stream = std::unique_ptr<z_stream_s, End>;

    [[nodiscard]] z_stream_s& stream_for(WindowBits window);

    static constexpr std::size_t kWindowCount = kWindowBitsMax.value() - kWindowBitsMin.value() + 1;
    std::array<Stream, kWindowCount> streams_;
};

/// Restores messages of permessage-deflate (RFC 7692 section 7.2.2), each by itself. One serves a
/// whole shard, whatever window the sender used.
///
/// Limits: the caller's, on inflated bytes; memory stays within it plus one chunk of 16 KiB.
class Inflater {
public:
    Inflater();
    ~Inflater();
    Inflater(Inflater&&) noexcept;
    Inflater& operator=(Inflater&&) noexcept;

    /// The message inside `bytes`, the whole payload of its frames. Blocks marked final are taken
    /// (section 7.2.3.4), and no bytes at all are an empty message.
    /// Errors: `kMessageTooBig` above `limit` bytes, `kInvalidUtf8` (close 1007: data not
    /// consistent with the type of the message) for what is not a deflate stream.
    [[nodiscard]] Result<std::string> inflate(std::string_view bytes, std::size_t limit);

private:
    struct End {
        void operator()(z_stream_s* stream) const noexcept;
    };
    enum class Ended : std::uint8_t { kNo, kYes };
    using Chunk = std::array<char, 16 * 1024>;

    [[nodiscard]] Result<Ended> inflate_part(std::string_view part, std::size_t limit,
                                             std::string& message);

    std::unique_ptr<z_stream_s, End> stream_;
    std::unique_ptr<Chunk> chunk_;
};

}  // namespace howl::codec::websocket
