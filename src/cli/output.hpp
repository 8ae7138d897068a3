// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace howl::cli {

/// The output of commands, which can fail: a disk may be full or a descriptor closed. A text that
/// can't be written ends the command with a line on standard error and a status, never silently and
/// never by a signal. (A pipe whose reader has exited ends it like every program of a pipeline: by
/// SIGPIPE.)

/// Commands end with these; `howl` passes them on.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongUse = 2;

/// Opens a descriptor that can't be written for each closed standard one. Otherwise the next file
/// or socket would get its number, and the output for the user. Requires: nothing else is opened
/// yet.
void occupy_standard_descriptors();

/// False where standard error was closed, or a write of the log to it failed.
[[nodiscard]] bool can_write_errors();

/// Whether a terminal gets control characters as they are. A pipe or a file always does.
enum class Controls { kEscaped, kRaw };

/// Writes to standard output, all of it, before it returns.
/// Errors: `kSystem`; the detail is a sentence for the user.
[[nodiscard]] Result<void> write_output(std::string_view text,
                                        Controls controls = Controls::kEscaped);

/// Ends a command whose whole output is `text`: returns its status.
[[nodiscard]] int finish(std::string_view command, std::string_view text);

/// Prints `COMMAND: WHY` on standard error; each line of `why` is one there. A failure is ignored.
void print_error(std::string_view command, std::string_view why);

/// Prints the error of a command that ends with it: returns `status`.
[[nodiscard]] int fail_with(std::string_view command, std::string_view why, int status = kFailed);

/// The error as a text for the user: the detail alone for errors of the system or of the command
/// line, otherwise the whole description.
[[nodiscard]] std::string user_text_of(const Error& error);

/// `text` with what could move a terminal's cursor, change its state or hide text written as
/// `\x1B`, `\u202E`: C0 but line ends and tabs, DEL, C1, line and paragraph separators and the
/// marks that reverse text (Unicode, "Trojan Source"). Bytes that are no UTF-8 become `\xFF`.
[[nodiscard]] std::string escape_controls(std::string_view text);
/// The same with line ends and tabs too: for a name that stands in a line of its own.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace howl::cli
