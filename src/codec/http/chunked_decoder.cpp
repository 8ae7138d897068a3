// SPDX-License-Identifier: Apache-2.0
#include "codec/http/chunked_decoder.hpp"

#include <algorithm>
#include <array>

#include <boost/url/grammar/hexdig_chars.hpp>

#include "codec/http/field_line.hpp"

namespace howl::codec::http {
namespace {

constexpr std::uint8_t kSizeDigitsMax = 16;  // What 64 bits hold.

std::unexpected<Error> ambiguous_chunk(std::string detail) {
    return fail(Errc::kAmbiguousFraming, "chunked body", std::move(detail));
}

/// RFC 9110 section 6.5.1: fields that decide about framing, routing or the connection may not come
/// after the body.
bool may_trail(std::string_view name) {
    constexpr std::array<std::string_view, 8> kForbidden{
        "content-length", "transfer-encoding", "host", "connection",
        "expect",         "upgrade",           "te",   "trailer"};
    return std::ranges::none_of(kForbidden, [name](std::string_view forbidden) {
        return equals_ignoring_case(name, forbidden);
    });
}

}  // namespace

Result<std::size_t> ChunkedDecoder::feed(std::string_view bytes, std::string& body) {
    std::size_t taken = 0;
    while (taken < bytes.size() && !complete()) {
        if (state_ == State::kContent) {
            const auto piece = bytes.substr(taken, static_cast<std::size_t>(std::min<std::uint64_t>(
                                                       chunk_bytes_, bytes.size() - taken)));
            body += piece;
            taken += piece.size();
            chunk_bytes_ -= piece.size();
            if (chunk_bytes_ == 0) {
                state_ = State::kContentCr;
            }
            continue;
        }
        if (++overhead_bytes_ > limits_.overhead_bytes_max) {
            return fail(Errc::kBodyTooLarge, "chunked body", "too much around too little");
        }
        HOWL_TRY_VOID(take_framing_byte(bytes[taken++], body.size()));
    }
    return taken;
}

Result<void> ChunkedDecoder::take_framing_byte(char letter, std::size_t body_bytes) {
    switch (state_) {
        case State::kSize:
            return take_size_byte(letter, body_bytes);
        case State::kExtension:
            return take_extension_byte(letter);
        case State::kSizeEnd:
            return expect(letter, '\n', last_chunk_ ? State::kTrailer : State::kContent);
        case State::kContentCr:
            return expect(letter, '\r', State::kContentLf);
        case State::kContentLf:
            size_digits_ = 0;
            return expect(letter, '\n', State::kSize);
        case State::kTrailer:
            return take_trailer_byte(letter);
        case State::kTrailerEnd:
            HOWL_TRY_VOID(expect(letter, '\n', State::kTrailer));
            return end_trailer_line();
        case State::kContent:
        case State::kComplete:
            break;
    }
    return {};
}

Result<void> ChunkedDecoder::take_size_byte(char letter, std::size_t body_bytes) {
    if (const int digit = boost::urls::grammar::hexdig_value(letter); digit >= 0) {
        if (++size_digits_ > kSizeDigitsMax) {
            return ambiguous_chunk("a chunk size has more than 16 digits");
        }
        chunk_bytes_ = (chunk_bytes_ << 4U) | static_cast<unsigned>(digit);
        return {};
    }
    if (size_digits_ == 0 || (letter != '\r' && letter != ';')) {
        return ambiguous_chunk("a chunk size is not a plain hexadecimal number");
    }
    if (chunk_bytes_ > limits_.body_bytes_max - body_bytes) {
        return fail(Errc::kBodyTooLarge, "chunked body");
    }
    last_chunk_ = chunk_bytes_ == 0;
    extension_bytes_ = 0;
    state_ = letter == '\r' ? State::kSizeEnd : State::kExtension;
    return {};
}

Result<void> ChunkedDecoder::take_extension_byte(char letter) {
    if (letter == '\r') {
        state_ = State::kSizeEnd;
        return {};
    }
    // Some parsers continue an open quote beyond the end of the line; no client needs quotes here.
    if (is_control(letter) || letter == '"' || letter == '\\') {
        return ambiguous_chunk("a chunk extension is quoted or has a control character");
    }
    if (++extension_bytes_ > limits_.extension_bytes_max) {
        return ambiguous_chunk("a chunk extension is too long");
    }
    return {};
}

Result<void> ChunkedDecoder::take_trailer_byte(char letter) {
    if (letter == '\r') {
        state_ = State::kTrailerEnd;
        return {};
    }
    if (is_control(letter)) {
        return ambiguous_chunk("a control character stands in a trailer");
    }
    if (++trailer_bytes_ > limits_.trailer_bytes_max) {
        return fail(Errc::kHeadersTooLarge, "chunked body", "too many trailers");
    }
    trailer_line_ += letter;
    return {};
}

Result<void> ChunkedDecoder::end_trailer_line() {
    if (trailer_line_.empty()) {
        state_ = State::kComplete;
        return {};
    }
    HOWL_TRY(field, parse_field_line(trailer_line_));
    if (!may_trail(field.name)) {
        return ambiguous_chunk("a trailer claims to frame the message");
    }
    trailer_line_.clear();
    return {};
}

Result<void> ChunkedDecoder::expect(char letter, char wanted, State next) {
    if (letter != wanted) {
        return ambiguous_chunk("a CRLF is missing");
    }
    state_ = next;
    return {};
}

}  // namespace howl::codec::http
