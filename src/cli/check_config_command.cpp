// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/serve_options.hpp"
#include "server/config.hpp"

namespace howl::cli {
namespace {

constexpr const char* kName = "howl check-config";

struct Options {
    ServeOptions serve;
    bool example = false;
};

int check_config(const Options& options) {
    if (options.example) {
        return finish(kName, server::example_config());
    }
    if (options.serve.config_file.empty()) {
        return fail_with(kName, "name a FILE, or say --example", kWrongUse);
    }
    const auto config = config_of(options.serve);
    return config ? finish(kName, fmt::format("{} is good\n", options.serve.config_file))
                  : fail_with(kName, config.error());
}

}  // namespace

void add_check_config_command(CLI::App& program, int& exit_status) {
    auto options = std::make_shared<Options>();
    auto* command = program.add_subcommand(
        "check-config",
        "List by line everything in a configuration file that keeps serve from starting. "
        "Status 0: nothing; 1: something");
    command->add_option("FILE", options->serve.config_file,
                        "The TOML file; what else would stand on the line of serve may stand here");
    command->add_flag("--example", options->example,
                      "Print an example with every setting, its default, range and meaning");
    add_serve_options(*command, options->serve);
    command->callback([options, &exit_status] { exit_status = check_config(*options); });
}

}  // namespace howl::cli
