// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace howl::apps::wisdom {

/// Reads `{"quotes":["...", ...]}`: at least one text, each at most 4 KiB.
/// Errors: `kInvalidConfig`.
[[nodiscard]] Result<std::vector<std::string>> parse_quotes(std::string_view json);

/// The file `quotes.json` as it was when the program was built.
[[nodiscard]] std::string_view built_in_quotes();

}  // namespace howl::apps::wisdom
