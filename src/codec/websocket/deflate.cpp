// SPDX-License-Identifier: Apache-2.0
#include "codec/websocket/deflate.hpp"

#include <limits>
#include <span>

#include <zlib.h>

#include "base/assert.hpp"

namespace howl::codec::websocket {
namespace {

/// An empty stored block without its three header bits: how a flushed stream ends. Senders leave
/// it out (RFC 7692 section 7.2.1).
constexpr std::string_view kTail{"\x00\x00\xFF\xFF", 4};

void set_input(z_stream& stream, std::string_view bytes) {
    HOWL_ASSERT(bytes.size() <= std::numeric_limits<uInt>::max());
    // zlib only reads its input, though its field is not const.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
}

void set_output(z_stream& stream, std::span<char> bytes) {
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_out = static_cast<uInt>(bytes.size());
}

std::unexpected<Error> garbage() {
    return fail(Errc::kInvalidUtf8, "websocket inflate", "not a deflate stream");
}

}  // namespace

// --- Deflater ---

Deflater::Deflater() = default;
Deflater::~Deflater() = default;
Deflater::Deflater(Deflater&&) noexcept = default;
Deflater& Deflater::operator=(Deflater&&) noexcept = default;

void Deflater::End::operator()(z_stream_s* stream) const noexcept {
    deflateEnd(stream);
    delete stream;
}

z_stream_s& Deflater::stream_for(WindowBits window) {
    HOWL_ASSERT(window >= kWindowBitsMin && window <= kWindowBitsMax);
    auto& stream = streams_[static_cast<std::size_t>(window.value() - kWindowBitsMin.value())];
    if (!stream) {
        constexpr int kMemoryLevel = 8;
        stream = Stream{new z_stream{}};
        // A negative window means a raw stream, without zlib's header.
        const int code = deflateInit2(stream.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                                      -int{window.value()}, kMemoryLevel, Z_DEFAULT_STRATEGY);
        HOWL_ASSERT(code == Z_OK);
    }
    return *stream;
}

std::string Deflater::compress(std::string_view message, WindowBits window) {
    z_stream& stream = stream_for(window);
    deflateReset(&stream);
    set_input(stream, message);
    std::string out;
    std::array<char, 4096> chunk;
    do {
        set_output(stream, chunk);
        const int code = deflate(&stream, Z_SYNC_FLUSH);
        HOWL_ASSERT(code == Z_OK || code == Z_BUF_ERROR);
        out.append(chunk.data(), chunk.size() - stream.avail_out);
    } while (stream.avail_out == 0);
    HOWL_ASSERT(out.ends_with(kTail));
    out.resize(out.size() - kTail.size());
    return out;
}

// --- Inflater ---

Inflater::Inflater() : stream_(new z_stream{}), chunk_(std::make_unique<Chunk>()) {
    const int code = inflateInit2(stream_.get(), -int{kWindowBitsMax.value()});
    HOWL_ASSERT(code == Z_OK);
}

Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;

void Inflater::End::operator()(z_stream_s* stream) const noexcept {
    inflateEnd(stream);
    delete stream;
}

Result<std::string> Inflater::inflate(std::string_view bytes, std::size_t limit) {
    std::string message;
    if (bytes.empty()) {
        return message;
    }
    inflateReset(stream_.get());
    HOWL_TRY(ended, inflate_part(bytes, limit, message));
    if (ended == Ended::kNo) {
        HOWL_TRY_VOID(inflate_part(kTail, limit, message));
        // Set by zlib where one block has ended and the next has not begun. Anywhere else the
        // stream was cut, and the tail was taken for data.
        constexpr int kBetweenBlocks = 128;
        if ((stream_->data_type & kBetweenBlocks) == 0) {
            return garbage();
        }
    }
    return message;
}

Result<Inflater::Ended> Inflater::inflate_part(std::string_view part, std::size_t limit,
                                               std::string& message) {
    set_input(*stream_, part);
    do {
        set_output(*stream_, *chunk_);
        const int code = ::inflate(stream_.get(), Z_SYNC_FLUSH);
        // Z_BUF_ERROR: the output had been filled to the last byte and there is no more of it.
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
            return garbage();
        }
        const std::size_t produced = chunk_->size() - stream_->avail_out;
        if (produced > limit - message.size()) {
            return fail(Errc::kMessageTooBig, "websocket inflate");
        }
        const bool more_to_come = stream_->avail_out == 0;
        if (message.capacity() - message.size() < produced && (more_to_come || !message.empty())) {
            // All of it at once: growing by steps would hold the old and the new memory together.
            message.reserve(limit);
        }
        message.append(chunk_->data(), produced);
        if (code == Z_STREAM_END) {
            if (stream_->avail_in == 0) {
                return Ended::kYes;
            }
            // Data after a final block is a new stream.
            inflateReset(stream_.get());
        }
    } while (stream_->avail_in > 0 || stream_->avail_out == 0);
    return Ended::kNo;
}

}  // namespace howl::codec::websocket
