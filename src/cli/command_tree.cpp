// SPDX-License-Identifier: Apache-2.0
#include "cli/command_tree.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

namespace howl::cli {
namespace {

/// CLI11 shows the choices in an option's type only: `TEXT:{text,json}`.
std::vector<std::string> choices_in(std::string_view type) {
    const auto open = type.find('{');
    const auto close = type.find('}');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
        return {};
    }
    return CLI::detail::split(std::string{type.substr(open + 1, close - open - 1)}, ',');
}

OptionRow row_of(const CLI::Option& option) {
    OptionRow row;
    row.is_positional = option.get_positional();
    if (row.is_positional) {
        row.names.push_back(option.get_name(true));
    } else {
        for (const auto& name : option.get_snames()) {
            row.names.push_back("-" + name);
        }
        for (const auto& name : option.get_lnames()) {
            row.names.push_back("--" + name);
        }
    }
    row.description = option.get_description();
    row.fallback = option.get_default_str();
    row.variable = option.get_envname();
    row.choices = choices_in(option.get_type_name());
    row.takes_value = option.get_items_expected_max() > 0;
    row.is_required = option.get_required();
    row.takes_several = option.get_items_expected_max() > 1;
    return row;
}

}  // namespace

std::string command_path(const CLI::App& command) {
    const auto* parent = command.get_parent();
    return parent == nullptr ? command.get_name()
                             : command_path(*parent) + " " + command.get_name();
}

std::vector<const CLI::App*> commands_of(const CLI::App& command) {
    return command.get_subcommands(std::function<bool(const CLI::App*)>{});
}

const CLI::App* command_below(const CLI::App& command, std::string_view name) {
    const auto all = commands_of(command);
    const auto found = std::ranges::find_if(
        all, [name](const CLI::App* below) { return below->get_name() == name; });
    return found == all.end() ? nullptr : *found;
}

std::vector<std::string> command_names(const CLI::App& command) {
    std::vector<std::string> names;
    for (const auto* below : commands_of(command)) {
        names.push_back(below->get_name());
    }
    return names;
}

std::vector<const CLI::App*> all_commands(const CLI::App& program) {
    std::vector<const CLI::App*> all{&program};
    for (const auto* below : commands_of(program)) {
        std::ranges::copy(all_commands(*below), std::back_inserter(all));
    }
    return all;
}

std::vector<OptionRow> options_of(const CLI::App& command) {
    std::vector<OptionRow> rows;
    for (const auto* option : command.get_options(std::function<bool(const CLI::Option*)>{})) {
        rows.push_back(row_of(*option));
    }
    return rows;
}

std::vector<std::string> option_names(const CLI::App& command) {
    std::vector<std::string> names;
    for (const auto& row : options_of(command)) {
        if (!row.is_positional) {
            std::ranges::copy(row.names, std::back_inserter(names));
        }
    }
    return names;
}

}  // namespace howl::cli
