// SPDX-License-Identifier: Apache-2.0
#include "hub/topic_name.hpp"

#include "base/limits.hpp"
#include "base/utf8.hpp"

namespace howl::hub {
namespace {

constexpr bool is_alphanumeric(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9');
}

}  // namespace

Result<TopicName> TopicName::parse(std::string_view text) {
    const bool well_formed = !text.empty() && text.size() <= limits::kTopicNameBytesMax &&
                             !text.contains('\0') && is_valid_utf8(text);
    if (!well_formed) {
        return fail(Errc::kInvalidTopic, "topic name");
    }
    return TopicName{text};
}

Result<TopicName> topic_for(std::string_view prefix, std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    if (text.empty()) {
        return fail(Errc::kInvalidTopic, "topic name");
    }
    std::string name{prefix};
    for (const char letter : text.substr(0, limits::kTopicNameBytesMax + 1)) {
        if (is_alphanumeric(letter) || letter == '-' || letter == '_') {
            name += letter;
        } else {
            const auto byte = static_cast<unsigned char>(letter);
            name += {'~', kHex[byte >> 4U], kHex[byte & 0xFU]};
        }
    }
    return TopicName::parse(name);
}

}  // namespace howl::hub
