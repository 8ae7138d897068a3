// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace howl::access {

/// Who asks for something. Until people log in there are two: whoever comes over the network, and
/// Howl itself.
struct Principal {
    enum class Kind : std::uint8_t { kAnyone, kHowl } kind = Kind::kAnyone;
    [[nodiscard]] bool operator==(const Principal&) const = default;
};

inline constexpr Principal kAnyone{Principal::Kind::kAnyone};
/// A product, on its own account.
inline constexpr Principal kHowl{Principal::Kind::kHowl};

}  // namespace howl::access
