// SPDX-License-Identifier: Apache-2.0
#include "loadtest/wire_scan.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

namespace howl::loadtest {
namespace {

std::uint8_t byte_at(std::string_view bytes, std::size_t position) noexcept {
    return static_cast<std::uint8_t>(bytes[position]);
}

std::uint64_t big_endian(std::string_view bytes) noexcept {
    std::uint64_t value = 0;
    for (std::size_t position = 0; position < bytes.size(); ++position) {
        value = (value << 8U) | byte_at(bytes, position);
    }
    return value;
}

void append_big_endian(std::string& out, std::uint64_t value, unsigned bytes) {
    for (unsigned left = bytes; left > 0; --left) {
        out += static_cast<char>((value >> (8U * (left - 1))) & 0xFFU);
    }
}

bool is_known(unsigned opcode) noexcept {
    switch (static_cast<WsOpcode>(opcode)) {
        case WsOpcode::kText:
        case WsOpcode::kBinary:
        case WsOpcode::kClose:
        case WsOpcode::kPing:
        case WsOpcode::kPong:
            return true;
    }
    return false;
}

char lower(char letter) noexcept {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool equals_lower(std::string_view text, std::string_view lowered) noexcept {
    return std::ranges::equal(text, lowered, {}, lower);
}

std::string_view trimmed(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

void take_sse_line(std::string_view line, SseBlock& block) noexcept {
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    std::string_view value =
        colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
    if (value.starts_with(' ')) {
        value.remove_prefix(1);
    }
    if (name == "data" && !block.data) {
        block.data = value;
    } else if (name == "id") {
        block.id = value;
    } else if (name == "event") {
        block.event = value;
    }
}

int hex_value(char digit) noexcept {
    const char low = lower(digit);
    if (low >= '0' && low <= '9') {
        return low - '0';
    }
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

}  // namespace

Scan scan_ws_frame(std::string_view bytes, WsFrame& frame) noexcept {
    if (bytes.size() < 2) {
        return Scan::kIncomplete;
    }
    constexpr unsigned kFin = 0x80;
    constexpr unsigned kMask = 0x80;
    const unsigned first = byte_at(bytes, 0);
    const unsigned opcode = first & 0x7FU;  // With the reserved bits, which must be zero.
    const unsigned second = byte_at(bytes, 1);
    if ((first & kFin) == 0 || !is_known(opcode) || (second & kMask) != 0) {
        return Scan::kMalformed;
    }
    std::uint64_t length = second;
    std::size_t head = 2;
    if (second >= 126) {
        head = second == 126 ? 4 : 10;
        if (bytes.size() < head) {
            return Scan::kIncomplete;
        }
        length = big_endian(bytes.substr(2, head - 2));
    }
    if (length > kItemBytesMax) {
        return Scan::kMalformed;
    }
    if (bytes.size() < head + length) {
        return Scan::kIncomplete;
    }
    frame = {static_cast<WsOpcode>(opcode), bytes.substr(head, length), head + length};
    return Scan::kItem;
}

std::string make_masked_frame(WsOpcode opcode, std::string_view payload, std::uint32_t mask) {
    constexpr unsigned kFin = 0x80;
    constexpr unsigned kMask = 0x80;
    std::string frame;
    frame += static_cast<char>(kFin | static_cast<unsigned>(opcode));
    if (payload.size() < 126) {
        frame += static_cast<char>(kMask | payload.size());
    } else {
        const bool fits_16_bits = payload.size() <= 0xFFFF;
        frame += static_cast<char>(kMask | (fits_16_bits ? 126U : 127U));
        append_big_endian(frame, payload.size(), fits_16_bits ? 2 : 8);
    }
    const std::size_t key = frame.size();
    append_big_endian(frame, mask, 4);
    for (std::size_t position = 0; position < payload.size(); ++position) {
        frame += static_cast<char>(byte_at(payload, position) ^ byte_at(frame, key + position % 4));
    }
    return frame;
}

std::string describe_close(std::string_view payload) {
    if (payload.size() < 2) {
        return "1005";  // No status received, RFC 6455 section 7.1.5.
    }
    const unsigned code = static_cast<unsigned>(static_cast<unsigned char>(payload[0])) << 8U |
                          static_cast<unsigned char>(payload[1]);
    const std::string_view reason = payload.substr(2);
    return reason.empty() ? fmt::format("{}", code) : fmt::format("{} {}", code, reason);
}

Scan scan_sse_block(std::string_view bytes, SseBlock& block) noexcept {
    block = {};
    std::size_t position = 0;
    while (true) {
        const std::size_t line_end = bytes.find('\n', position);
        if (line_end == std::string_view::npos) {
            return bytes.size() > kItemBytesMax ? Scan::kMalformed : Scan::kIncomplete;
        }
        std::string_view line = bytes.substr(position, line_end - position);
        position = line_end + 1;
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        if (line.empty()) {
            block.bytes = position;
            return Scan::kItem;
        }
        take_sse_line(line, block);
    }
}

Scan scan_http_head(std::string_view bytes, HttpHead& head) noexcept {
    constexpr std::string_view kVersion = "HTTP/1.1 ";
    constexpr std::size_t kStatusDigits = 3;
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return bytes.size() > kItemBytesMax ? Scan::kMalformed : Scan::kIncomplete;
    }
    if (!bytes.starts_with(kVersion)) {
        return Scan::kMalformed;
    }
    const std::string_view digits = bytes.substr(kVersion.size(), kStatusDigits);
    const auto parsed = std::from_chars(digits.begin(), digits.end(), head.status);
    if (parsed.ec != std::errc{} || parsed.ptr != digits.end()) {
        return Scan::kMalformed;
    }
    const std::size_t first_line_end = bytes.find("\r\n") + 2;
    head.fields = first_line_end > end ? std::string_view{}
                                       : bytes.substr(first_line_end, end + 2 - first_line_end);
    head.bytes = end + 4;
    return Scan::kItem;
}

std::optional<std::string_view> HttpHead::field(std::string_view name) const noexcept {
    for (std::string_view left = fields; !left.empty();) {
        const std::size_t end = left.find("\r\n");
        const std::string_view line = left.substr(0, end);
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos && equals_lower(line.substr(0, colon), name)) {
            return trimmed(line.substr(colon + 1));
        }
        left.remove_prefix(std::min(left.size(), line.size() + 2));
    }
    return std::nullopt;
}

bool HttpHead::is_chunked() const noexcept {
    const auto coding = field("transfer-encoding");
    return coding && equals_lower(*coding, "chunked");
}

std::optional<std::size_t> HttpHead::content_length() const noexcept {
    const auto text = field("content-length");
    if (!text) {
        return 0;
    }
    std::size_t length = 0;
    const auto parsed = std::from_chars(text->begin(), text->end(), length);
    const bool is_number = parsed.ec == std::errc{} && parsed.ptr == text->end();
    return is_number && length <= kItemBytesMax ? std::optional{length} : std::nullopt;
}

std::optional<std::size_t> ChunkDecoder::decode_in_place(std::span<char> bytes) noexcept {
    std::size_t kept = 0;
    for (std::size_t position = 0; position < bytes.size();) {
        if (phase_ == Phase::kFinished) {
            break;  // Trailers are ignored.
        }
        if (phase_ == Phase::kBody) {
            const std::size_t run = std::min(left_, bytes.size() - position);
            std::memmove(bytes.data() + kept, bytes.data() + position, run);
            kept += run;
            position += run;
            left_ -= run;
            phase_ = left_ == 0 ? Phase::kBodyCr : Phase::kBody;
        } else if (!take_framing(bytes[position++])) {
            return std::nullopt;
        }
    }
    return kept;
}

bool ChunkDecoder::take_framing(char byte) noexcept {
    switch (phase_) {
        case Phase::kSize:
            if (const int digit = hex_value(byte); digit >= 0) {
                left_ = left_ * 16 + static_cast<std::size_t>(digit);
                return left_ <= kItemBytesMax;
            }
            phase_ = byte == '\r' ? Phase::kSizeLf : Phase::kExtension;
            return byte == '\r' || byte == ';';
        case Phase::kExtension:
            phase_ = byte == '\r' ? Phase::kSizeLf : Phase::kExtension;
            return true;
        case Phase::kSizeLf:
            phase_ = left_ == 0 ? Phase::kFinished : Phase::kBody;
            return byte == '\n';
        case Phase::kBodyCr:
            phase_ = Phase::kBodyLf;
            return byte == '\r';
        case Phase::kBodyLf:
            phase_ = Phase::kSize;
            return byte == '\n';
        case Phase::kBody:
        case Phase::kFinished:
            break;
    }
    return false;
}

}  // namespace howl::loadtest
