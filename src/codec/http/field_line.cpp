// SPDX-License-Identifier: Apache-2.0
#include "codec/http/field_line.hpp"

#include <algorithm>

namespace howl::codec::http {
namespace {

constexpr char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

bool is_token_letter(char letter) noexcept {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || kMarks.contains(letter);
}

bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, is_token_letter);
}

bool is_control(char letter) noexcept {
    const auto byte = static_cast<unsigned char>(letter);
    return (byte < 0x20 && letter != '\t') || byte == 0x7F;
}

bool has_control(std::string_view text) noexcept {
    return std::ranges::any_of(text, is_control);
}

std::string_view trim(std::string_view text) noexcept {
    constexpr std::string_view kBlank = " \t";
    const auto first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept {
    return std::ranges::equal(left, right, {}, lower, lower);
}

Result<FieldLine> parse_field_line(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
        return fail(Errc::kAmbiguousFraming, "field line", "a line is not 'name: value'");
    }
    return FieldLine{.name = line.substr(0, colon), .value = trim(line.substr(colon + 1))};
}

}  // namespace howl::codec::http
