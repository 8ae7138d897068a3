// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace howl::cli {

/// How `howl reports` shows what the API says of reports; all texts end with a line's end.

/// A list of reports as a table with a head. Errors: `kInvalidJson` for what is no such list.
[[nodiscard]] Result<std::string> report_table(std::string_view body);

/// The id of one report, for scripts. Errors: `kInvalidJson`.
[[nodiscard]] Result<std::string> report_id_line(std::string_view body);

/// One report in a sentence: where it stands and what is allowed. Errors: `kInvalidJson`.
[[nodiscard]] Result<std::string> report_line(std::string_view body);

/// One event of a user's stream: when, which report, where it stands now, who moved it.
/// Errors: `kInvalidJson`.
[[nodiscard]] Result<std::string> report_event_line(std::string_view data);

}  // namespace howl::cli
