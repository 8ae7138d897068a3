// SPDX-License-Identifier: Apache-2.0
// Any bytes as a request target: no crash, and what is let in decodes to what a plain decoder says.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "codec/http/framing_guard.hpp"
#include "codec/http/target.hpp"

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

int digit(char letter) {
    return letter <= '9' ? letter - '0' : (letter | 0x20) - 'a' + 10;
}

/// Decoding by the letter of the RFC, for text that is known to be valid.
std::string plain_decode(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            decoded += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto target = howl::codec::http::parse_target(text);
    if (!target) {
        return 0;
    }
    require(target->path == "*" || target->path.starts_with('/'));
    require(target->authority.empty() || howl::codec::http::is_host(target->authority));
    std::string joined;
    for (const auto& segment : howl::codec::http::decode_path_segments(target->path)) {
        require(!segment.contains('\0'));
        joined += '/';
        joined += segment;
    }
    require(target->path.size() <= 1 || joined == plain_decode(target->path));
    const auto name = target->query.substr(0, target->query.find_first_of("=&%+"));
    const auto values = howl::codec::http::decode_query_values(target->query, name);
    const auto first = howl::codec::http::decode_query_value(target->query, name);
    require(first.has_value() == !values.empty() && (values.empty() || *first == values.front()));
    return 0;
}
