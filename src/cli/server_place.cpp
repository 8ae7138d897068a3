// SPDX-License-Identifier: Apache-2.0
#include "cli/server_place.hpp"

#include <utility>

#include <CLI/CLI.hpp>

namespace howl::cli {

void add_place_options(CLI::App& command, ServerPlace& place) {
    command.add_option("--config", place.config_file, "The TOML file of the server");
    command.add_option("--data-dir", place.data_dir,
                       "The data directory of the server, if not the file's [default: data]");
}

Result<server::Config> config_of(const ServerPlace& place) {
    server::Config config;
    if (!place.config_file.empty()) {
        HOWL_TRY(loaded, server::load_config(place.config_file));
        config = std::move(loaded);
    }
    if (!place.data_dir.empty()) {
        config.data_dir = place.data_dir;
    }
    return config;
}

}  // namespace howl::cli
