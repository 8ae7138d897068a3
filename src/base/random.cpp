// SPDX-License-Identifier: Apache-2.0
#include "base/random.hpp"

#include <string_view>

namespace howl {

std::string random_epoch_text(Random& random) {
    constexpr std::string_view kAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::string text(8, '0');
    for (char& letter : text) {
        letter = kAlphabet[random.below(kAlphabet.size())];
    }
    return text;
}

std::string random_uuid_text(Random& random) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string text = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
    for (char& letter : text) {
        if (letter == 'x') {
            letter = kHex[random.below(16)];
        } else if (letter == 'y') {
            letter = kHex[8 + random.below(4)];
        }
    }
    return text;
}

}  // namespace howl
