// SPDX-License-Identifier: Apache-2.0
// Commands about the commands: help, version, completions, man.
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/command_tree.hpp"
#include "cli/commands.hpp"
#include "cli/completions.hpp"
#include "cli/man_page.hpp"
#include "cli/output.hpp"
#include "cli/suggestion.hpp"

namespace howl::cli {
namespace {

using Words = std::vector<std::string>;
using Show = std::string (*)(const CLI::App&);

/// Prints `show` of the command that `words` name.
int about(const CLI::App& program, const char* name, const Words& words, Show show) {
    std::vector<const char*> texts;
    for (const auto& word : words) {
        texts.push_back(word.c_str());
    }
    if (const auto unknown = unknown_command(program, texts); !unknown.empty()) {
        return fail_with(name, unknown, kWrongUse);
    }
    const CLI::App* at = &program;
    for (const auto& word : words) {
        const auto* below = command_below(*at, word);
        if (below == nullptr) {
            return fail_with(name, fmt::format("there is no command '{}'", word), kWrongUse);
        }
        at = below;
    }
    return finish(name, show(*at));
}

/// Not `App::help`, which a command that was parsed passes on to the one below.
std::string help_of(const CLI::App& command) {
    return command.get_formatter()->make_help(&command, command_path(command),
                                              CLI::AppFormatMode::Normal);
}

std::string man_of(const CLI::App& command) {
    const CLI::App* program = &command;
    while (program->get_parent() != nullptr) {
        program = program->get_parent();
    }
    return man_page(command, program->version());
}

int complete(const CLI::App& program, const std::string& shell) {
    const auto script = shell == "bash"  ? bash_completions(program)
                        : shell == "zsh" ? zsh_completions(program)
                                         : fish_completions(program);
    return finish("howl completions", script);
}

void add_about(CLI::App& program, int& exit_status, const char* name, const char* description,
               Show show) {
    auto words = std::make_shared<Words>();
    auto* command = program.add_subcommand(name, description);
    command->add_option("COMMAND", *words, "A command and its own, such as: store init");
    command->callback([=, &program, &exit_status] {
        exit_status = about(program, fmt::format("howl {}", name).c_str(), *words, show);
    });
}

}  // namespace

void add_help_commands(CLI::App& program, int& exit_status) {
    add_about(program, exit_status, "help", "Show the help of a command", help_of);
    add_about(program, exit_status, "man",
              "Print a manual page: howl man | man -l -, or for a package", man_of);
    auto shell = std::make_shared<std::string>();
    auto* completions = program.add_subcommand(
        "completions", "Print a script with which a shell completes howl's words");
    completions->add_option("SHELL", *shell, "The shell")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    completions->callback(
        [shell, &program, &exit_status] { exit_status = complete(program, *shell); });
    auto* version = program.add_subcommand("version", "Print the version");
    version->callback([&program, &exit_status] {
        exit_status = finish("howl version", program.version() + "\n");
    });
}

}  // namespace howl::cli
