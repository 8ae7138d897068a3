// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace CLI {
class App;
}  // namespace CLI

namespace howl::cli {

/// Scripts that complete commands, options and the values of options with a choice, made from the
/// program's commands. Everything else is completed as a file.
[[nodiscard]] std::string bash_completions(const CLI::App& program);
[[nodiscard]] std::string zsh_completions(const CLI::App& program);
[[nodiscard]] std::string fish_completions(const CLI::App& program);

}  // namespace howl::cli
