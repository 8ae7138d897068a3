// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace howl::cli {

/// The texts of `howl reports` for the API's JSON; all of them end with a newline.

/// A list of reports as a table with a head. Errors: `kInvalidJson` for any other text.
[[nodiscard]] Result<std::string> report_table(std::string_view body);

/// The id of one report, for scripts. Errors: `kInvalidJson`.
[[nodiscard]] Result<std::string> report_id_line(std::string_view body);

/// One report in a sentence: its status and the allowed moves. Errors: `kInvalidJson`.
[[nodiscard]] Result<std::string> report_line(std::string_view body);

/// One event of a user's stream: the time, the report, its status now, who moved it.
/// Errors: `kInvalidJson`.
[[nodiscard]] Result<std::string> report_event_line(std::string_view data);

}  // namespace howl::cli
