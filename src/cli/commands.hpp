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
void add_history_command(CLI::App& program, int& exit_status);
void add_topics_command(CLI::App& program, int& exit_status);
void add_presence_command(CLI::App& program, int& exit_status);
void add_stats_command(CLI::App& program, int& exit_status);
void add_reports_command(CLI::App& program, int& exit_status);
void add_check_config_command(CLI::App& program, int& exit_status);
void add_store_command(CLI::App& program, int& exit_status);
/// `backup` and `restore`.
void add_backup_commands(CLI::App& program, int& exit_status);
/// Under `store`.
void add_store_check_command(CLI::App& store, int& exit_status);
/// Runs the load client, a program of its own, in place of this one.
void add_bench_command(CLI::App& program, int& exit_status);
/// help, man, completions, version: about all commands, also those that are added later.
/// Lifetime: `program` too.
void add_help_commands(CLI::App& program, int& exit_status);

}  // namespace howl::cli
