// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace howl::cli {

/// Each adds one command to the program. The one that the user names runs while `program` parses
/// and leaves its exit status in `exit_status`: 0 done, 1 failed, 2 wrong use.
/// Lifetime: `exit_status` outlives the parsing.
void add_serve_command(CLI::App& program, int& exit_status);
void add_publish_command(CLI::App& program, int& exit_status);
void add_subscribe_command(CLI::App& program, int& exit_status);
void add_reports_command(CLI::App& program, int& exit_status);
void add_check_config_command(CLI::App& program, int& exit_status);
void add_store_command(CLI::App& program, int& exit_status);

}  // namespace howl::cli
