// SPDX-License-Identifier: Apache-2.0
#include "cli/completions.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/command_tree.hpp"

namespace howl::cli {
namespace {

/// A word that may follow a command, and what it means.
using Word = std::pair<std::string, std::string>;

std::vector<Word> words_after(const CLI::App& command) {
    std::vector<Word> words;
    for (const auto* below : commands_of(command)) {
        words.emplace_back(below->get_name(), below->get_description());
    }
    for (const auto& option : options_of(command)) {
        if (option.is_positional) {
            for (const auto& choice : option.choices) {
                words.emplace_back(choice, option.description);
            }
            continue;
        }
        for (const auto& name : option.names) {
            words.emplace_back(name, option.description);
        }
    }
    return words;
}

/// In single quotes, as all three shells read them.
std::string shell_quoted(std::string_view text) {
    std::string out = "'";
    for (const char letter : text) {
        out += letter == '\'' ? std::string{"'\\''"} : std::string{letter};
    }
    return out + "'";
}

/// `'howl serve'|'howl store'`: every command below the program, as the pattern of a `case`.
std::string paths_below(const CLI::App& program, std::string_view separator) {
    std::vector<std::string> paths;
    for (const auto* command : all_commands(program)) {
        if (command != &program) {
            paths.push_back(shell_quoted(command_path(*command)));
        }
    }
    return fmt::format("{}", fmt::join(paths, separator));
}

std::string names_of(const std::vector<Word>& words) {
    std::string out;
    for (const auto& [name, meaning] : words) {
        out += (out.empty() ? "" : " ") + name;
    }
    return out;
}

template <class Use>
void for_each_value(const CLI::App& command, const Use& use) {
    for (const auto& option : options_of(command)) {
        if (!option.is_positional && option.takes_value) {
            for (const auto& name : option.names) {
                use(fmt::format("{} {}", command_path(command), name), option);
            }
        }
    }
}

}  // namespace

std::string bash_completions(const CLI::App& program) {
    std::string values;
    std::string words;
    for (const auto* command : all_commands(program)) {
        for_each_value(*command, [&values](const std::string& path, const OptionRow& option) {
            values += fmt::format("        {}) words={} ;;\n", shell_quoted(path),
                                  shell_quoted(fmt::format("{}", fmt::join(option.choices, " "))));
        });
        words += fmt::format("        {}) words={} ;;\n", shell_quoted(command_path(*command)),
                             shell_quoted(names_of(words_after(*command))));
    }
    return fmt::format(R"(# Completions of howl for bash, made by: howl completions bash
_howl() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} path=howl words= at
    for ((at = 1; at < COMP_CWORD; ++at)); do
        case "$path ${{COMP_WORDS[at]}}" in
        {}) path+=" ${{COMP_WORDS[at]}}" ;;
        esac
    done
    case "$path ${{COMP_WORDS[COMP_CWORD - 1]}}" in
{}        *) case $path in
{}        esac ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -o default -F _howl howl
)",
                       paths_below(program, "|"), values, words);
}

std::string zsh_completions(const CLI::App& program) {
    std::string values;
    std::string words;
    for (const auto* command : all_commands(program)) {
        for_each_value(*command, [&values](const std::string& path, const OptionRow& option) {
            values +=
                fmt::format("        {}) {} ;;\n", shell_quoted(path),
                            option.choices.empty()
                                ? std::string{"_files"}
                                : fmt::format("compadd -- {}", fmt::join(option.choices, " ")));
        });
        std::string described;
        for (const auto& [name, meaning] : words_after(*command)) {
            described += " " + shell_quoted(name + ":" + meaning);
        }
        words += fmt::format("            {}) offers=({}) ;;\n",
                             shell_quoted(command_path(*command)), described);
    }
    return fmt::format(R"(#compdef howl
# Completions of howl for zsh, made by: howl completions zsh
_howl() {{
    local command=howl word
    local -a before=("${{words[@]:1:$((CURRENT - 2))}}") offers
    for word in "${{before[@]}}"; do
        case "$command $word" in
        {}) command+=" $word" ;;
        esac
    done
    case "$command ${{before[-1]}}" in
{}        *)
            case $command in
{}            esac
            _describe -o 'howl' offers || _files ;;
    esac
}}
if [ "$funcstack[1]" = _howl ]; then _howl "$@"; else compdef _howl howl; fi
)",
                       paths_below(program, "|"), values, words);
}

std::string fish_completions(const CLI::App& program) {
    std::string lines;
    for (const auto* command : all_commands(program)) {
        const auto here = fmt::format("complete -c howl -n 'test (__howl_command) = \"{}\"'",
                                      command_path(*command));
        for (const auto* below : commands_of(*command)) {
            lines += fmt::format("{} -f -a {} -d {}\n", here, below->get_name(),
                                 shell_quoted(below->get_description()));
        }
        for (const auto& option : options_of(*command)) {
            std::string names;
            for (const std::string_view name : option.names) {
                names += name.starts_with("--")  ? fmt::format(" -l {}", name.substr(2))
                         : name.starts_with('-') ? fmt::format(" -s {}", name.substr(1))
                                                 : std::string{};
            }
            const auto choices =
                option.choices.empty()
                    ? std::string{}
                    : fmt::format(" -f -a {}",
                                  shell_quoted(fmt::format("{}", fmt::join(option.choices, " "))));
            if (!names.empty() || !choices.empty()) {
                lines += fmt::format("{}{}{}{} -d {}\n", here, names,
                                     !names.empty() && option.takes_value ? " -r" : "", choices,
                                     shell_quoted(option.description));
            }
        }
    }
    return fmt::format(R"(# Completions of howl for fish, made by: howl completions fish
function __howl_command
    set -l command howl
    for word in (commandline -opc)[2..-1]
        switch "$command $word"
            case {}
                set command "$command $word"
        end
    end
    echo $command
end
{})",
                       paths_below(program, " "), lines);
}

}  // namespace howl::cli
