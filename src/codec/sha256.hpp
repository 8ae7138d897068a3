// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace howl::codec {

using Sha256 = std::array<std::uint8_t, 32>;

/// SHA-256 (FIPS 180-4) of the pieces as if they were one text.
[[nodiscard]] Sha256 sha256_of(std::initializer_list<std::string_view> pieces);

/// The same of one text, as 64 hexadecimal digits in lower case.
[[nodiscard]] std::string sha256_hex(std::string_view text);

/// The same in base64 (RFC 4648 section 4).
[[nodiscard]] std::string sha256_base64(std::string_view text);

}  // namespace howl::codec
