// SPDX-License-Identifier: Apache-2.0
#include "cli/data_dir_options.hpp"

#include <utility>

#include <CLI/CLI.hpp>

namespace howl::cli {

void add_data_dir_options(CLI::App& command, DataDirOptions& options) {
    command.add_option("--config", options.config_file, "The TOML file of the server");
    command.add_option("--data-dir", options.data_dir,
                       "The data directory of the server, if not the file's [default: data]");
}

Result<server::Config> config_of(const DataDirOptions& options) {
    server::Config config;
    if (!options.config_file.empty()) {
        HOWL_TRY(loaded, server::load_config(options.config_file));
        config = std::move(loaded);
    }
    if (!options.data_dir.empty()) {
        config.data_dir = options.data_dir;
    }
    return config;
}

}  // namespace howl::cli
