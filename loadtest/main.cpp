// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include <CLI/CLI.hpp>

#include "loadtest/scenario_commands.hpp"

namespace {

int run(int argc, char** argv) {
    CLI::App program{"Loads a Howl server on this machine and measures what it does and costs.",
                     "howl-bench"};
    program.set_version_flag("--version", "howl-bench " HOWL_VERSION);
    int exit_status = 0;
    howl::loadtest::add_scenario_commands(program, exit_status);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        constexpr int kWrongUse = 2;
        return program.exit(error) == 0 ? 0 : kWrongUse;
    }
    return exit_status;
}

}  // namespace

int main(int argc, char** argv) {
    const int status = run(argc, argv);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        std::perror("howl-bench: cannot write to standard output");
        return 1;
    }
    return status;
}
