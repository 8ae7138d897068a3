// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "runtime/shard.hpp"
#include "runtime/task.hpp"

namespace howl::products {

/// How many things a loop over many may see to in one turn of a shard, at some 10 us each.
inline constexpr std::size_t kThingsPerTurnMax = 256;

/// Goes on in a later turn, behind what others have waiting now.
[[nodiscard]] runtime::Task<void> next_turn(runtime::Shard& shard);

}  // namespace howl::products
