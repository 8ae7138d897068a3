// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace howl::cli {

/// The commands as a tree: help, suggestions, completions and man pages are made from the calls of
/// `add_subcommand` and `add_option`, so that a new command appears in all of them.

/// `howl store init`.
[[nodiscard]] std::string command_path(const CLI::App& command);
/// The commands below `command`, in the order in which they were added.
[[nodiscard]] std::vector<const CLI::App*> commands_of(const CLI::App& command);
/// The one of that name; null: there is none.
[[nodiscard]] const CLI::App* command_below(const CLI::App& command, std::string_view name);
[[nodiscard]] std::vector<std::string> command_names(const CLI::App& command);
/// `program` and all commands below it, each before its own.
[[nodiscard]] std::vector<const CLI::App*> all_commands(const CLI::App& program);

/// An option or a positional of a command.
struct OptionRow {
    std::vector<std::string> names;  ///< `-h`, `--help`; of a positional its one name.
    std::string description;
    std::string fallback;              ///< Its default; empty: none.
    std::string variable;              ///< Of the environment; empty: none.
    std::vector<std::string> choices;  ///< All that its value may be; empty: anything.
    bool is_positional = false;
    bool takes_value = false;
    bool is_required = false;
    bool takes_several = false;
};
[[nodiscard]] std::vector<OptionRow> options_of(const CLI::App& command);
/// `--config`, `--listen`, ...
[[nodiscard]] std::vector<std::string> option_names(const CLI::App& command);

}  // namespace howl::cli
