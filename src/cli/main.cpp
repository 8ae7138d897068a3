// SPDX-License-Identifier: Apache-2.0
#include <span>
#include <sstream>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/suggestion.hpp"

namespace {

constexpr const char* kDescription =
    "Howl pushes events to browsers: WebSocket, Server-Sent Events and REST on one core.";
constexpr const char* kFooter =
    "\nFirst steps:\n"
    "  howl serve                        serve http://127.0.0.1:8080, keep events in ./data\n"
    "  howl subscribe news               follow a topic\n"
    "  howl publish news 'hello, pack'   publish to it\n"
    "Commands that speak to a server take --url, or the variable HOWL_URL.\n";

/// Prints the result of CLI11's parsing: help, the version, or the error.
int end_with(const CLI::App& program, const CLI::ParseError& error) {
    if (const auto wrong = howl::cli::unexpected_words(program); !wrong.empty()) {
        return howl::cli::fail_with("howl", wrong, howl::cli::kWrongUse);
    }
    std::ostringstream out;
    std::ostringstream err;
    const bool is_help = program.exit(error, out, err) == 0;
    if (!is_help) {
        return howl::cli::fail_with("howl", err.str(), howl::cli::kWrongUse);
    }
    return howl::cli::finish("howl", out.str());
}

}  // namespace

int main(int argc, char** argv) {
    howl::cli::occupy_standard_descriptors();
    CLI::App program{kDescription, "howl"};
    program.set_version_flag("--version", "howl " HOWL_VERSION);
    program.require_subcommand(1);
    int exit_status = 0;
    howl::cli::add_serve_command(program, exit_status);
    howl::cli::add_publish_command(program, exit_status);
    howl::cli::add_subscribe_command(program, exit_status);
    howl::cli::add_history_command(program, exit_status);
    howl::cli::add_topics_command(program, exit_status);
    howl::cli::add_presence_command(program, exit_status);
    howl::cli::add_stats_command(program, exit_status);
    howl::cli::add_reports_command(program, exit_status);
    howl::cli::add_check_config_command(program, exit_status);
    howl::cli::add_store_command(program, exit_status);
    howl::cli::add_backup_commands(program, exit_status);
    howl::cli::add_bench_command(program, exit_status);
    howl::cli::add_help_commands(program, exit_status);
    program.footer(kFooter);  // Last, because commands inherit what was set before them.
    const std::span<const char* const> words{argv + 1, argv + argc};
    if (const auto unknown = howl::cli::unknown_command(program, words); !unknown.empty()) {
        return howl::cli::fail_with("howl", unknown, howl::cli::kWrongUse);
    }
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return end_with(program, error);
    }
    return exit_status;
}
