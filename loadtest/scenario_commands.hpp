// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace howl::loadtest {

/// Adds every scenario as a command. The one that the user names runs while `program` parses, and
/// leaves its exit status in `exit_status`: 0 on success, 1 when something was lost or could not
/// connect or the run could not be done. Lifetime: `exit_status` must outlive the parsing.
void add_scenario_commands(CLI::App& program, int& exit_status);

}  // namespace howl::loadtest
