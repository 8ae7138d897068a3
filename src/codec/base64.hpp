// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace howl::codec {

/// With padding, in the alphabet of RFC 4648 section 4.
[[nodiscard]] std::string base64_of(std::string_view bytes);
/// Nothing where `text` is no such base64.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace howl::codec
