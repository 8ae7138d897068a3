// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.hpp"

#include <string>

#include <gtest/gtest.h>

namespace howl {
namespace {

bool reference_accepts(const std::string& bytes) {
    // Decodes code points the slow way and checks each rule of RFC 3629 by itself.
    for (std::size_t i = 0; i < bytes.size();) {
        const auto lead = static_cast<unsigned char>(bytes[i]);
        const std::size_t length = lead < 0x80   ? 1
                                   : lead < 0xC0 ? 0
                                   : lead < 0xE0 ? 2
                                   : lead < 0xF0 ? 3
                                   : lead < 0xF8 ? 4
                                                 : 0;
        if (length == 0 || i + length > bytes.size()) {
            return false;
        }
        std::uint32_t code = length == 1 ? lead : lead & (0x7FU >> length);
        for (std::size_t k = 1; k < length; ++k) {
            const auto next = static_cast<unsigned char>(bytes[i + k]);
            if ((next & 0xC0U) != 0x80) {
                return false;
            }
            code = (code << 6U) | (next & 0x3FU);
        }
        const std::uint32_t least = length == 1   ? 0
                                    : length == 2 ? 0x80
                                    : length == 3 ? 0x800
                                                  : 0x10000;
        if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
            return false;
        }
        i += length;
    }
    return true;
}

TEST(Utf8, AgreesWithADecoderOnEveryPairOfBytesAndOnEveryThirdByteThatMatters) {
    for (unsigned first = 0; first < 256; ++first) {
        for (unsigned second = 0; second < 256; ++second) {
            for (const unsigned third :
                 {0x00U, 0x7FU, 0x80U, 0x8FU, 0x90U, 0x9FU, 0xA0U, 0xBFU, 0xC0U, 0xFFU}) {
                const std::string three{static_cast<char>(first), static_cast<char>(second),
                                        static_cast<char>(third)};
                EXPECT_EQ(is_valid_utf8(three), reference_accepts(three))
                    << first << ' ' << second << ' ' << third;
                const std::string four = three + "\x80";
                EXPECT_EQ(is_valid_utf8(four), reference_accepts(four))
                    << first << ' ' << second << ' ' << third;
            }
        }
    }
}

TEST(Utf8, KeepsItsStateWhenACodePointIsCut) {
    const std::string wolf = "\xF0\x9F\x90\xBA";
    Utf8Validator validator;
    for (std::size_t i = 0; i < wolf.size(); ++i) {
        EXPECT_TRUE(validator.feed(wolf.substr(i, 1)));
        EXPECT_EQ(validator.complete(), i + 1 == wolf.size());
    }
}

TEST(Utf8, FailsAtTheFirstByteThatMakesItInvalid) {
    Utf8Validator validator;
    EXPECT_TRUE(validator.feed("\xF4"));
    EXPECT_FALSE(validator.feed("\x90"));  // Above U+10FFFF, whatever follows.
}

TEST(Utf8, FindsABadByteBehindALongRunOfAscii) {
    for (std::size_t length = 0; length < 40; ++length) {
        EXPECT_FALSE(is_valid_utf8(std::string(length, 'a') + "\xFF" + std::string(length, 'b')));
    }
}

}  // namespace
}  // namespace howl
