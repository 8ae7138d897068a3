// SPDX-License-Identifier: Apache-2.0
#include "cli/suggestion.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/command_tree.hpp"

namespace howl::cli {
namespace {

/// Edits between two words; a swap of neighbours is one (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
    const std::size_t width = b.size() + 1;
    std::vector<std::size_t> table((a.size() + 1) * width);
    const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& {
        return table[i * width + j];
    };
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                at(i, j) = i + j;
                continue;
            }
            const std::size_t replaced = a[i - 1] == b[j - 1] ? 0 : 1;
            at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
            }
        }
    }
    return table.back();
}

std::string with_suggestion(std::string sentence, std::string_view typed,
                            std::span<const std::string> known) {
    const auto meant = nearest(typed, known);
    return meant.empty() ? sentence : sentence + fmt::format("; did you mean '{}'?", meant);
}

}  // namespace

std::string nearest(std::string_view typed, std::span<const std::string> known) {
    constexpr std::size_t kWordBytesMax = 64;  // Nobody mistypes more.
    constexpr std::size_t kLettersPerEdit = 3;
    if (typed.empty() || typed.size() > kWordBytesMax) {
        return {};
    }
    std::string best;
    std::size_t fewest = std::max<std::size_t>(1, typed.size() / kLettersPerEdit) + 1;
    for (const auto& word : known) {
        const auto edits = distance(typed, word);
        if (edits < fewest) {
            fewest = edits;
            best = word;
        }
    }
    const auto begins = [typed](const std::string& word) { return word.starts_with(typed); };
    if (best.empty() && std::ranges::count_if(known, begins) == 1) {
        return *std::ranges::find_if(known, begins);
    }
    return best;
}

std::string unknown_command(const CLI::App& program, std::span<const char* const> words) {
    const CLI::App* at = &program;
    for (const std::string_view word : words) {
        const auto names = command_names(*at);
        if (names.empty() || word.starts_with('-')) {
            return {};
        }
        const auto* next = command_below(*at, word);
        if (next == nullptr) {
            return with_suggestion(fmt::format("'{}' has no command '{}'", command_path(*at), word),
                                   word, names);
        }
        at = next;
    }
    return {};
}

std::string unexpected_words(const CLI::App& program) {
    const CLI::App* at = &program;
    while (!at->get_subcommands().empty()) {
        at = at->get_subcommands().back();
    }
    for (const auto& word : at->remaining()) {
        if (!word.starts_with('-')) {
            return fmt::format("'{}' takes no '{}'", command_path(*at), word);
        }
        const auto name = word.substr(0, word.find('='));
        return with_suggestion(fmt::format("'{}' has no option '{}'", command_path(*at), name),
                               name, option_names(*at));
    }
    return {};
}

}  // namespace howl::cli
