// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace howl::products::wisdom {

/// What the wolves say, by the language of who listens.
struct Quotes {
    std::vector<std::string> russian;  ///< The original's language; not empty.
    std::vector<std::string> english;  ///< Empty: everybody hears the same.
};

/// Reads `{"quotes":{"ru":["...", ...],"en":["...", ...]}}`, or `{"quotes":["...", ...]}` for
/// everybody: at least one text, each at most 4 KiB. Errors: `kInvalidConfig`.
[[nodiscard]] Result<Quotes> parse_quotes(std::string_view json);

/// The file `quotes.json` as it was when the program was built.
[[nodiscard]] std::string_view built_in_quotes();

}  // namespace howl::products::wisdom
