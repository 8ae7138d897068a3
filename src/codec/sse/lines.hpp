// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace howl::codec::sse {

/// Bytes of `text` before its first CR or LF; all of them if it has none.
[[nodiscard]] constexpr std::size_t line_size(std::string_view text) noexcept {
    const auto* end =
        std::ranges::find_if(text, [](char byte) { return byte == '\r' || byte == '\n'; });
    return static_cast<std::size_t>(end - text.begin());
}

}  // namespace howl::codec::sse
