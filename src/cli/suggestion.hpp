// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace howl::cli {

/// The known word that `typed` was most likely meant to be: by the fewest letters added, left out,
/// replaced or swapped with a neighbour, a third of the word at most; or the only one that begins
/// with it. Empty: none.
[[nodiscard]] std::string nearest(std::string_view typed, std::span<const std::string> known);

/// Checks a command line before it is parsed for an unknown command. Returns a sentence with a
/// suggestion; empty: there is none.
[[nodiscard]] std::string unknown_command(const CLI::App& program,
                                          std::span<const char* const> words);

/// The same after a failed parsing, for words that the last command does not take.
[[nodiscard]] std::string unexpected_words(const CLI::App& program);

}  // namespace howl::cli
