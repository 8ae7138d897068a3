// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "server/config.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace howl::cli {

/// Which server a command works for that does not speak to it: where that one keeps its data.
struct ServerPlace {
    std::string config_file;
    std::string data_dir;
};

/// `--config` and `--data-dir`. Lifetime: `place` outlives the parsing.
void add_place_options(CLI::App& command, ServerPlace& place);

/// The server's configuration: its file's, or the defaults, with the data directory over it.
/// Errors: `load_config`.
[[nodiscard]] Result<server::Config> config_of(const ServerPlace& place);

}  // namespace howl::cli
