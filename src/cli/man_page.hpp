// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}  // namespace CLI

namespace howl::cli {

/// The manual page of a command in roff with the `man` macros: `howl(1)`, `howl-store-init(1)`.
/// A page shows the options of every command below it as well.
[[nodiscard]] std::string man_page(const CLI::App& command, std::string_view version);

}  // namespace howl::cli
