// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace howl::access {

/// Who makes a request. Until people can log in there are two: anyone on the network, and Howl
/// itself.
struct Principal {
    enum class Kind : std::uint8_t { kAnyone, kHowl } kind = Kind::kAnyone;
    [[nodiscard]] bool operator==(const Principal&) const = default;
};

inline constexpr Principal kAnyone{Principal::Kind::kAnyone};
/// A product that acts for itself.
inline constexpr Principal kHowl{Principal::Kind::kHowl};

}  // namespace howl::access
