// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>

#include "server/config.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace howl::cli {

/// What stands on the command line of `howl serve`, over the configuration file. `howl
/// check-config` takes the same, so that it can say what that command line would come to.
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

/// All but the file's. Lifetime: `options` outlives the parsing.
void add_serve_options(CLI::App& command, ServeOptions& options);

/// The file's configuration with the options over it, or all that is wrong with both: a line for
/// each fault.
using CheckedConfig = std::expected<server::Config, std::string>;
[[nodiscard]] CheckedConfig config_of(const ServeOptions& options);

}  // namespace howl::cli
