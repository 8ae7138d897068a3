// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace howl::cli {

/// For options whose empty value would count as not given, as in `--config "$UNSET"`.
[[nodiscard]] inline CLI::Validator not_empty() {
    return CLI::Validator{[](std::string& value) {
                              return value.empty() ? std::string{"it is empty"} : std::string{};
                          },
                          "", ""};
}

}  // namespace howl::cli
