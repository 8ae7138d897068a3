// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/bench/bench_command.hpp"
#include "cli/commands.hpp"

namespace {

constexpr const char* kDescription =
    "Howl pushes events to browsers: WebSocket, Server-Sent Events and REST on one core.";
constexpr const char* kFooter =
    "\nFirst steps:\n"
    "  howl serve                        serve http://127.0.0.1:8080, keep events in ./data\n"
    "  howl subscribe news               follow a topic\n"
    "  howl publish news 'hello, pack'   publish to it\n";

}  // namespace

int main(int argc, char** argv) {
    CLI::App program{kDescription, "howl"};
    program.set_version_flag("--version", "howl " HOWL_VERSION);
    program.require_subcommand(1);
    int exit_status = 0;
    howl::cli::add_serve_command(program, exit_status);
    howl::cli::add_publish_command(program, exit_status);
    howl::cli::add_subscribe_command(program, exit_status);
    howl::cli::add_reports_command(program, exit_status);
    howl::cli::add_check_config_command(program, exit_status);
    howl::cli::add_store_command(program, exit_status);
    howl::cli::bench::add_bench_command(program, exit_status);
    program.footer(kFooter);  // Last, because commands inherit what stands before them.
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        constexpr int kWrongUse = 2;
        return program.exit(error) == 0 ? 0 : kWrongUse;
    }
    return exit_status;
}
