// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "server/config.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace howl::cli {

/// Where a server keeps its data, for commands that work on the data and not over the network.
struct DataDirOptions {
    std::string config_file;
    std::string data_dir;
};

/// `--config` and `--data-dir`. Lifetime: `options` outlives the parsing.
void add_data_dir_options(CLI::App& command, DataDirOptions& options);

/// The server's configuration: its file's, or the defaults, overridden by the data directory.
/// Errors: `load_config`.
[[nodiscard]] Result<server::Config> config_of(const DataDirOptions& options);

}  // namespace howl::cli
