// SPDX-License-Identifier: Apache-2.0
#include "hub/topic_spelling.hpp"

#include <cstddef>

#include <fmt/format.h>

#include "base/limits.hpp"

namespace howl::hub {
namespace {

constexpr std::size_t kEncodedBytes = 3;

constexpr bool is_plain(char letter) {
    constexpr std::string_view kOthers = "._~:-";
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || kOthers.contains(letter);
}

bool is_dot_segment(std::string_view segment) {
    return segment == "." || segment == "..";
}

/// Whether the slash at `at` stands plainly: between two segments that no URL library touches.
bool divides(std::string_view name, std::size_t at) {
    const auto before = name.substr(0, at);
    const auto behind = name.substr(at + 1);
    const auto last_slash = before.rfind('/');
    const auto segment_before =
        last_slash == std::string_view::npos ? before : before.substr(last_slash + 1);
    return !segment_before.empty() && !behind.empty() && !is_dot_segment(segment_before) &&
           !is_dot_segment(behind.substr(0, behind.find('/')));
}

int hex_value(char digit) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto at =
        kDigits.find(digit >= 'a' && digit <= 'f' ? static_cast<char>(digit - 32) : digit);
    return at == std::string_view::npos ? 0 : static_cast<int>(at);
}

std::string decode(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        if (text.front() != '%' || text.size() < kEncodedBytes) {
            out += text.front();
            text.remove_prefix(1);
            continue;
        }
        out += static_cast<char>(hex_value(text[1]) * 16 + hex_value(text[2]));
        text.remove_prefix(kEncodedBytes);
    }
    return out;
}

}  // namespace

std::string spell_topic(std::string_view name) {
    std::string out;
    for (std::size_t at = 0; at < name.size(); ++at) {
        const char letter = name[at];
        if (letter == '/' ? divides(name, at) : is_plain(letter)) {
            out += letter;
        } else {
            out += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
        }
    }
    return out;
}

Result<TopicName> topic_spelled(std::string_view spelling) {
    if (spelling.size() > kEncodedBytes * limits::kTopicNameBytesMax) {
        return fail(Errc::kInvalidTopic, "topic in a path");
    }
    HOWL_TRY(topic, TopicName::parse(decode(spelling)));
    if (const auto right = spell_topic(topic.text()); right != spelling) {
        return fail(Errc::kInvalidTopic, "topic in a path",
                    fmt::format("in a path this name is spelled {}", right));
    }
    return topic;
}

}  // namespace howl::hub
