// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "server/config.hpp"
#include "server/config_fault.hpp"

namespace howl::server {

/// The rows of `settings.def` and those of the products, and how a value of each type is read from
/// TOML and shown in it.

template <class T>
using Reading = std::expected<T, ConfigFault>;

[[nodiscard]] std::unexpected<ConfigFault> wrong(const toml::source_region& where,
                                                 std::string_view what);
[[nodiscard]] std::unexpected<ConfigFault> wrong(const toml::node& node, std::string_view what);

[[nodiscard]] Reading<void> read(const toml::node& node, std::string& out);
[[nodiscard]] Reading<void> read(const toml::node& node, std::uint64_t& out);
[[nodiscard]] Reading<void> read(const toml::node& node, bool& out);
[[nodiscard]] Reading<void> read(const toml::node& node, std::chrono::milliseconds& out);
[[nodiscard]] Reading<void> read(const toml::node& node, std::vector<std::string>& out);

template <class Enum>
using Choices = std::initializer_list<std::pair<std::string_view, Enum>>;

template <class Enum>
[[nodiscard]] Reading<void> read_choice(const toml::node& node, Enum& out, Choices<Enum> choices) {
    const auto text = node.value_exact<std::string>();
    for (const auto& [name, value] : choices) {
        if (text && *text == name) {
            out = value;
            return {};
        }
    }
    std::string names;
    for (const auto& [name, value] : choices) {
        names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", name);
    }
    return wrong(node, "expected one of " + names);
}

struct Section {
    std::string_view name;
    std::string_view documentation;
};

struct Setting {
    std::string_view section;
    std::string_view key;
    std::string_view documentation;
    std::function<Reading<void>(const toml::node&, Config&)> read_into;
    std::function<std::string(const Config&)> show_in;
    std::string range{};  ///< `From 1 to 64.`; empty: any value of the type.

    /// As messages name it: `wisdom.tick`.
    [[nodiscard]] std::string name() const { return fmt::format("{}.{}", section, key); }
};

[[nodiscard]] std::span<const Section> sections();
[[nodiscard]] std::span<const Setting> settings();

}  // namespace howl::server
