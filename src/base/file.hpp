// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "base/result.hpp"

namespace howl {

/// Reads a whole file. Everything in Howl that reads one does so here, since what looks like a file
/// may be a directory (a container's missing bind mount becomes one), may fail halfway, or may
/// never end: each is an error that names the path and the reason, never a shorter text.
///
/// It blocks: before the server starts, or in a command.
/// Limits: more than `bytes_max` is an error.
/// Errors: `kSystem`; the detail is `cannot read PATH: REASON`.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::size_t bytes_max = limits::kSettingsFileBytesMax);

/// The same for an open descriptor, such as standard input; `name` stands for the path.
[[nodiscard]] Result<std::string> read_descriptor(int descriptor, std::string_view name,
                                                  std::size_t bytes_max);

}  // namespace howl
