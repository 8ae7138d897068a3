// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace howl::cli {

/// The time of `--since`: `10m` (a duration, before `now`), `beginning`, or a time in UTC:
/// `2026-11-30`, `2026-11-30T20:00:00Z`, `2026-11-30T20:00:00.000Z`.
/// Errors: `kInvalidConfig`; the detail is a sentence for the user.
[[nodiscard]] Result<WallTime> parse_since(std::string_view text, WallTime now);

}  // namespace howl::cli
