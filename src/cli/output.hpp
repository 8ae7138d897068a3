// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace howl::cli {

/// What a command says goes through here, since a disk may be full and a descriptor closed: a text
/// that can't be written ends the command with a line on standard error and a status, never with
/// silence and never with a signal. (A pipe whose reader has left ends it as it ends every program
/// of a pipeline: by SIGPIPE.)

/// Commands end with these; `howl` passes them on.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongUse = 2;

/// Before anything else is opened: puts a descriptor that can't be written in the place of each
/// closed standard one. Else the next file or socket would get its number, and what is meant for
/// the user.
void occupy_standard_descriptors();

/// False where standard error was closed, or did not take what the log wrote there.
[[nodiscard]] bool can_write_errors();

/// Whether a terminal gets control characters as they are. A pipe or a file always does.
enum class Controls { kEscaped, kRaw };

/// Writes to standard output, all of it, before it returns.
/// Errors: `kSystem`; the detail is a sentence for the user.
[[nodiscard]] Result<void> write_output(std::string_view text,
                                        Controls controls = Controls::kEscaped);

/// The end of a command that has nothing to say but `text`: its status.
[[nodiscard]] int finish(std::string_view command, std::string_view text);

/// `COMMAND: WHY` on standard error; each line of `why` is one there. Who can't be told is not.
void complain(std::string_view command, std::string_view why);

/// Complains, for a command that ends so: returns `status`.
[[nodiscard]] int fail_with(std::string_view command, std::string_view why, int status = kFailed);

/// What a user can do something with: the detail of an error of the system or of the user's own
/// words, else all that is known.
[[nodiscard]] std::string words_of(const Error& error);

/// `text` with what could move a terminal's cursor, change its state or hide text written as
/// `\x1B`, `\u202E`: C0 but line ends and tabs, DEL, C1, line and paragraph separators and the
/// marks that reverse text (Unicode, "Trojan Source"). Bytes that are no UTF-8 become `\xFF`.
[[nodiscard]] std::string escape_controls(std::string_view text);
/// The same with line ends and tabs too: for a name that stands in a line of its own.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace howl::cli
