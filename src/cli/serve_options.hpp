// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>

#include "server/config.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace howl::cli {

/// The options of `howl serve`, which override the configuration file. `howl check-config` takes
/// the same, so that it can check the command line with the file.
struct ServeOptions {
    std::string config_file;
    std::string listen;
    std::string data_dir;
    std::string portal_dir;
    std::uint64_t shards = 0;
    std::string log_format;
    bool compat = false;
    std::string compat_3000;
    bool allow_remote = false;
};

/// Adds all options except `--config`. Lifetime: `options` must outlive the parsing.
void add_serve_options(CLI::App& command, ServeOptions& options);

/// The file's configuration, overridden by the options, or all faults of both, a line for each.
using CheckedConfig = std::expected<server::Config, std::string>;
[[nodiscard]] CheckedConfig config_of(const ServeOptions& options);

}  // namespace howl::cli
