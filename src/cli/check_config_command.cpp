// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "server/config.hpp"

namespace howl::cli {
namespace {

struct Options {
    std::string file;
    bool example = false;
};

int check_config(const Options& options) {
    if (options.example) {
        fmt::print("{}", server::example_config());
        return 0;
    }
    if (options.file.empty()) {
        fmt::print(stderr, "howl check-config: name a FILE, or say --example\n");
        return 2;
    }
    const auto config = server::load_config(options.file);
    if (!config) {
        fmt::print(stderr, "howl check-config: {}\n", config.error().detail);
        return 1;
    }
    fmt::print("{} is good\n", options.file);
    return 0;
}

}  // namespace

void add_check_config_command(CLI::App& program, int& exit_status) {
    auto options = std::make_shared<Options>();
    auto* command = program.add_subcommand(
        "check-config", "Read a configuration file and say what is wrong with it, by line");
    command->add_option("FILE", options->file, "The TOML file");
    command->add_flag("--example", options->example,
                      "Print an example with every setting, its default and its meaning");
    command->callback([options, &exit_status] { exit_status = check_config(*options); });
}

}  // namespace howl::cli
