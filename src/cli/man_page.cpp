// SPDX-License-Identifier: Apache-2.0
#include "cli/man_page.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/command_tree.hpp"

namespace howl::cli {
namespace {

/// `text` escaped for roff: no escape sequence, no request at a line's begin, `-` as it is typed.
std::string plain(std::string_view text) {
    std::string out;
    for (const char letter : text) {
        const bool begins_line = out.empty() || out.ends_with('\n');
        if (begins_line && (letter == '.' || letter == '\'')) {
            out += "\\&";
        }
        out += letter == '\\'  ? std::string{"\\e"}
               : letter == '-' ? std::string{"\\-"}
                               : std::string{letter};
    }
    return out;
}

std::string bold(std::string_view text) {
    return fmt::format("\\fB{}\\fR", plain(text));
}

std::string value_of(const OptionRow& option) {
    return option.choices.empty() ? std::string{"VALUE"}
                                  : fmt::format("{}", fmt::join(option.choices, "|"));
}

/// `howl publish [OPTIONS] TOPIC [DATA]`.
std::string synopsis(const CLI::App& command) {
    auto line = bold(command_path(command));
    std::string positionals;
    bool has_options = false;
    for (const auto& option : options_of(command)) {
        has_options |= !option.is_positional;
        if (option.is_positional) {
            const auto name = option.names.front() + (option.takes_several ? "..." : "");
            positionals += " " + plain(option.is_required ? name : "[" + name + "]");
        }
    }
    line += (has_options ? " [OPTIONS]" : "") + positionals;
    return line + (commands_of(command).empty() ? "" : " COMMAND");
}

std::string option_entry(const OptionRow& option) {
    std::vector<std::string> names;
    for (const auto& name : option.names) {
        names.push_back(bold(name) + (option.takes_value && !option.is_positional
                                          ? " \\fI" + plain(value_of(option)) + "\\fR"
                                          : std::string{}));
    }
    auto text = plain(option.description);
    if (!option.fallback.empty()) {
        text += plain(fmt::format(" [default: {}]", option.fallback));
    }
    if (!option.variable.empty()) {
        text += plain(fmt::format(" [variable: {}]", option.variable));
    }
    return fmt::format(".TP\n{}\n{}\n", fmt::join(names, ", "), text);
}

std::string command_entry(const CLI::App& command) {
    auto out = fmt::format(".SS {}\n{}.\n.PP\n{}\n", plain(command_path(command)),
                           plain(command.get_description()), synopsis(command));
    for (const auto& option : options_of(command)) {
        out += option_entry(option);
    }
    return out;
}

std::string page_name(const CLI::App& command) {
    auto name = command_path(command);
    std::ranges::replace(name, ' ', '-');
    return name;
}

constexpr std::string_view kEnd = R"(.SH EXIT STATUS
.TP
.B 0
Done.
.TP
.B 1
Failed: the server refused, could not be reached, or the output could not be written.
.TP
.B 2
Wrong use: an option, a configuration file or a URL that can not be used.
.PP
Two commands tell what they found:
.B check-config
ends with 1 when the file has faults;
.B store check
with 1 when records are left that can not be read, and with 2 when that could not be found out.
.SH ENVIRONMENT
.TP
.B HOWL_URL
The server that commands speak to, where
.B \-\-url
does not name one.
)";

}  // namespace

std::string man_page(const CLI::App& command, std::string_view version) {
    auto title = page_name(command);
    const auto name = title;
    std::ranges::transform(title, title.begin(), [](char letter) {
        return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    });
    auto out = fmt::format(
        ".TH {} 1 \"\" \"{}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n"
        ".SH SYNOPSIS\n{}\n",
        plain(title), plain(version), plain(name), plain(command.get_description()),
        synopsis(command));
    out += ".SH OPTIONS\n";
    for (const auto& option : options_of(command)) {
        out += option_entry(option);
    }
    const auto all = all_commands(command);
    if (all.size() > 1) {
        out += ".SH COMMANDS\n";
        for (const auto* below : all) {
            out += below == &command ? "" : command_entry(*below);
        }
    }
    return out + std::string{kEnd};
}

}  // namespace howl::cli
