// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/output.hpp"

namespace howl::cli {
namespace {

namespace fs = std::filesystem;

/// Replaces this process by `howl-bench` from the directory of `howl`; returns only if that fails.
int run_load_client(std::vector<std::string> arguments) {
    std::error_code error;
    const std::string program =
        (fs::read_symlink("/proc/self/exe", error).parent_path() / "howl-bench").string();
    arguments.insert(arguments.begin(), "howl-bench");
    std::vector<char*> pointers;
    pointers.reserve(arguments.size() + 1);
    for (auto& argument : arguments) {
        pointers.push_back(argument.data());
    }
    pointers.push_back(nullptr);
    ::execv(program.c_str(), pointers.data());
    return fail_with("howl bench",
                     fmt::format("the load client {}: {}\nFrom a checkout, './dev build release "
                                 "howl-bench' makes it.",
                                 program, std::generic_category().message(errno)));
}

}  // namespace

void add_bench_command(CLI::App& program, int& exit_status) {
    auto* command = program.add_subcommand(
        "bench",
        "Load a server on this machine and measure it; howl bench --help lists the scenarios");
    command->set_help_flag();  // All that follows is for howl-bench, --help too.
    command->prefix_command();
    command->callback([command, &exit_status] {
        auto arguments = command->remaining();
        if (arguments.empty()) {
            arguments.emplace_back("--help");
        }
        exit_status = run_load_client(std::move(arguments));
    });
}

}  // namespace howl::cli
