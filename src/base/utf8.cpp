// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.hpp"

#include <cstddef>
#include <cstring>

namespace howl {

bool Utf8Validator::feed(std::string_view piece) noexcept {
    const char* cursor = piece.data();
    const char* const end = cursor + piece.size();
    while (cursor != end) {
        if (pending_ == 0) {
            // Most text is ASCII: eight bytes at a time.
            constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;
            std::uint64_t word = 0;
            while (static_cast<std::size_t>(end - cursor) >= sizeof word) {
                std::memcpy(&word, cursor, sizeof word);
                if ((word & kHighBits) != 0) {
                    break;
                }
                cursor += sizeof word;
            }
            if (cursor == end) {
                break;
            }
        }
        const auto byte = static_cast<std::uint8_t>(*cursor++);
        if (pending_ > 0) {
            if (byte < next_low_ || byte > next_high_) {
                return false;
            }
            --pending_;
            next_low_ = 0x80;
            next_high_ = 0xBF;
        } else if (byte >= 0x80) {
            // Unicode 15, table 3-7: the second byte's range depends on the first.
            if (byte >= 0xC2 && byte <= 0xDF) {
                pending_ = 1;
            } else if (byte >= 0xE0 && byte <= 0xEF) {
                pending_ = 2;
                next_low_ = byte == 0xE0 ? 0xA0 : 0x80;
                next_high_ = byte == 0xED ? 0x9F : 0xBF;
            } else if (byte >= 0xF0 && byte <= 0xF4) {
                pending_ = 3;
                next_low_ = byte == 0xF0 ? 0x90 : 0x80;
                next_high_ = byte == 0xF4 ? 0x8F : 0xBF;
            } else {
                return false;
            }
        }
    }
    return true;
}

}  // namespace howl
