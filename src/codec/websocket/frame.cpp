// SPDX-License-Identifier: Apache-2.0
#include "codec/websocket/frame.hpp"

#include <cstring>

#include "base/assert.hpp"

namespace howl::codec::websocket {
namespace {

constexpr std::size_t kHeaderBytesMax = 14;
constexpr std::size_t kLengthInOneByteMax = 125;
constexpr std::size_t kLengthInTwoBytesMax = 0xFFFF;

/// A frame's header in a buffer of its own, so that it reaches the output in one append.
class Header {
public:
    Header(Opcode opcode, std::size_t payload_bytes, Rsv1 rsv1, Fin fin, std::uint8_t mask_bit) {
        push((fin == Fin::kYes ? 0x80U : 0U) | (rsv1 == Rsv1::kSet ? 0x40U : 0U) |
             static_cast<std::uint8_t>(opcode));
        if (payload_bytes <= kLengthInOneByteMax) {
            push(mask_bit | payload_bytes);
        } else if (payload_bytes <= kLengthInTwoBytesMax) {
            push(mask_bit | 126U);
            push_big_endian(payload_bytes, 2);
        } else {
            push(mask_bit | 127U);
            push_big_endian(payload_bytes, 8);
        }
    }

    void push(std::uint64_t byte) { bytes_[size_++] = static_cast<char>(byte & 0xFFU); }

    [[nodiscard]] std::string_view view() const { return {bytes_.data(), size_}; }

private:
    void push_big_endian(std::uint64_t value, unsigned byte_count) {
        for (unsigned left = byte_count; left > 0; --left) {
            push(value >> (8U * (left - 1)));
        }
    }

    std::array<char, kHeaderBytesMax> bytes_{};
    std::size_t size_ = 0;
};

constexpr bool is_continuation_byte(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

std::string_view cut_reason(std::string_view reason) {
    if (reason.size() <= kCloseReasonBytesMax) {
        return reason;
    }
    std::size_t end = kCloseReasonBytesMax;
    while (end > 0 && is_continuation_byte(reason[end])) {
        --end;
    }
    return reason.substr(0, end);
}

void append(std::string& out, const Header& header, std::string_view payload) {
    out.reserve(out.size() + header.view().size() + payload.size());
    out.append(header.view());
    out.append(payload);
}

}  // namespace

void append_frame(std::string& out, Opcode opcode, std::string_view payload, Rsv1 rsv1, Fin fin) {
    append(out, Header{opcode, payload.size(), rsv1, fin, 0}, payload);
}

std::string encode_frame(Opcode opcode, std::string_view payload, Rsv1 rsv1, Fin fin) {
    std::string out;
    append_frame(out, opcode, payload, rsv1, fin);
    return out;
}

void append_masked_frame(std::string& out, MaskKey key, Opcode opcode, std::string_view payload,
                         Rsv1 rsv1, Fin fin) {
    constexpr std::uint8_t kMaskBit = 0x80;
    Header header{opcode, payload.size(), rsv1, fin, kMaskBit};
    for (const std::uint8_t byte : key) {
        header.push(byte);
    }
    append(out, header, payload);
    apply_mask(std::span{out}.last(payload.size()), key);
}

std::string encode_masked_frame(MaskKey key, Opcode opcode, std::string_view payload, Rsv1 rsv1,
                                Fin fin) {
    std::string out;
    append_masked_frame(out, key, opcode, payload, rsv1, fin);
    return out;
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
    if (code == kCloseNoStatus) {
        return {};
    }
    HOWL_ASSERT(is_valid_close_code(code));
    std::string payload{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)};
    payload += cut_reason(reason);
    return payload;
}

std::string encode_close(std::uint16_t code, std::string_view reason) {
    return encode_frame(Opcode::kClose, close_payload(code, reason));
}

void apply_mask(std::span<char> bytes, MaskKey key, std::uint64_t offset) noexcept {
    // The key, rotated to start at `offset` and repeated, so that whole words can be masked.
    std::array<std::uint8_t, sizeof(std::uint64_t)> pattern;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        pattern[i] = key[(offset + i) % key.size()];
    }
    std::uint64_t mask = 0;
    std::memcpy(&mask, pattern.data(), sizeof mask);

    char* cursor = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= sizeof mask; left -= sizeof mask, cursor += sizeof mask) {
        std::uint64_t word = 0;
        std::memcpy(&word, cursor, sizeof word);
        word ^= mask;
        std::memcpy(cursor, &word, sizeof word);
    }
    for (std::size_t i = 0; i < left; ++i) {
        cursor[i] = static_cast<char>(static_cast<std::uint8_t>(cursor[i]) ^ pattern[i]);
    }
}

}  // namespace howl::codec::websocket
