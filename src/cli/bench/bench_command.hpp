// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace howl::cli::bench {

/// Adds `bench` with its scenarios to the program's commands. The one that the user names runs
/// while `parent` parses, and leaves its exit status in `exit_status`: 0 when all went well, 1 when
/// something was lost or could not connect or the run could not take place.
/// Lifetime: `exit_status` must outlive the parsing.
void add_bench_command(CLI::App& parent, int& exit_status);

}  // namespace howl::cli::bench
