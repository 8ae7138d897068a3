// SPDX-License-Identifier: Apache-2.0
#include "server/settings_table.hpp"

#include <algorithm>
#include <concepts>
#include <utility>
#include <variant>

#include <fmt/ranges.h>

#include "registry/products.hpp"

namespace howl::server {

using products::StoreChoice;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

std::unexpected<ConfigFault> wrong(const toml::source_region& where, std::string_view what) {
    return std::unexpected(
        ConfigFault{{where.path ? *where.path : std::string{"configuration"}, where.begin.line},
                    std::string{what}});
}

std::unexpected<ConfigFault> wrong(const toml::node& node, std::string_view what) {
    return wrong(node.source(), what);
}

Reading<void> read(const toml::node& node, std::string& out) {
    const auto value = node.value_exact<std::string>();
    if (!value) {
        return wrong(node, "expected a text in quotes");
    }
    out = *value;
    return {};
}

Reading<void> read(const toml::node& node, std::uint64_t& out) {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < 0) {
        return wrong(node, "expected a whole number, 0 or more");
    }
    out = static_cast<std::uint64_t>(*value);
    return {};
}

Reading<void> read(const toml::node& node, bool& out) {
    const auto value = node.value_exact<bool>();
    if (!value) {
        return wrong(node, "expected true or false");
    }
    out = *value;
    return {};
}

Reading<void> read(const toml::node& node, milliseconds& out) {
    const auto text = node.value_exact<std::string>();
    const auto duration = text ? parse_duration(*text) : fail(Errc::kInvalidConfig, "");
    if (!duration) {
        return wrong(node,
                     "expected a duration such as \"250ms\", \"10s\", \"5m\", \"24h\", \"7d\"");
    }
    out = *duration;
    return {};
}

Reading<void> read(const toml::node& node, std::vector<std::string>& out) {
    const auto* array = node.as_array();
    if (array == nullptr) {
        return wrong(node, "expected a list of texts");
    }
    out.clear();
    for (const auto& entry : *array) {
        HOWL_TRY_VOID(read(entry, out.emplace_back()));
    }
    return {};
}

namespace {

using server::read;  // Beside those below, which would hide it.

const Choices<telemetry::LogFormat> kLogFormats{{"text", telemetry::LogFormat::kText},
                                                {"json", telemetry::LogFormat::kJson}};
const Choices<telemetry::LogLevel> kLogLevels{{"debug", telemetry::LogLevel::kDebug},
                                              {"info", telemetry::LogLevel::kInfo},
                                              {"warning", telemetry::LogLevel::kWarning},
                                              {"error", telemetry::LogLevel::kError}};

Reading<void> read(const toml::node& node, telemetry::LogFormat& out) {
    return read_choice(node, out, kLogFormats);
}

Reading<void> read(const toml::node& node, telemetry::LogLevel& out) {
    return read_choice(node, out, kLogLevels);
}

const Choices<StoreChoice> kStores{{"embedded", StoreChoice::kEmbedded},
                                   {"dynamodb", StoreChoice::kDynamoDb}};

Reading<void> read(const toml::node& node, StoreChoice& out) {
    return read_choice(node, out, kStores);
}

Reading<void> read(const toml::node& node, transport::TransportSettings::Deflate& out) {
    bool on = false;
    HOWL_TRY_VOID(read(node, on));
    using Deflate = transport::TransportSettings::Deflate;
    out = on ? Deflate::kOn : Deflate::kOff;
    return {};
}

std::string show(const std::string& value) {
    return fmt::format("\"{}\"", value);
}
std::string show(std::uint64_t value) {
    return fmt::to_string(value);
}
std::string show(bool value) {
    return value ? "true" : "false";
}
std::string show(milliseconds value) {
    return show(format_duration(value));
}
std::string show(const std::vector<std::string>& value) {
    return fmt::format("[{}]",
                       value.empty() ? "" : fmt::format("\"{}\"", fmt::join(value, "\", \"")));
}
template <class Enum>
std::string show_choice(Enum wanted, Choices<Enum> choices) {
    const auto found =
        std::ranges::find(choices, wanted, &std::pair<std::string_view, Enum>::second);
    return show(std::string{found == choices.end() ? "" : found->first});
}
std::string show(telemetry::LogFormat value) {
    return show_choice(value, kLogFormats);
}
std::string show(telemetry::LogLevel value) {
    return show_choice(value, kLogLevels);
}
std::string show(StoreChoice value) {
    return show_choice(value, kStores);
}
std::string show(transport::TransportSettings::Deflate value) {
    return show(value == transport::TransportSettings::Deflate::kOn);
}

/// A number or a duration of the table.
template <class T>
Reading<void> read_within(const toml::node& node, T& out, T least, T most) {
    T value{};
    HOWL_TRY_VOID(read(node, value));
    if (value < least || value > most) {
        return wrong(node, fmt::format("expected {} to {}", show(least), show(most)));
    }
    out = value;
    return {};
}

template <class T>
std::string range_text(T least, T most) {
    return fmt::format("From {} to {}.", show(least), show(most));
}

/// A value of a product, by its type.
Reading<products::SettingValue> read_value(const toml::node& node, const products::SettingRow& row,
                                           products::SettingValue value) {
    const auto read_typed = [&](auto& typed) -> Reading<void> {
        using Value = std::remove_reference_t<decltype(typed)>;
        if (!row.range) {
            return read(node, typed);
        }
        if constexpr (std::same_as<Value, std::uint64_t> || std::same_as<Value, milliseconds>) {
            return read_within(node, typed, std::get<Value>(row.range->least),
                               std::get<Value>(row.range->most));
        }
        return wrong(node, "a number has a range, and nothing else");
    };
    HOWL_TRY_VOID(std::visit(read_typed, value));
    return value;
}

std::string show_value(const products::SettingValue& value) {
    return std::visit([](const auto& typed) { return show(typed); }, value);
}

Setting setting_of(std::string_view section, const products::SettingRow& row) {
    return {.section = section,
            .key = row.key,
            .documentation = row.documentation,
            .read_into = [row](const toml::node& node, Config& config) -> Reading<void> {
                HOWL_TRY(value, read_value(node, row, row.get(config.products)));
                row.set(config.products, std::move(value));
                return {};
            },
            .show_in = [row](const Config& config) { return show_value(row.get(config.products)); },
            .range = row.range ? fmt::format("From {} to {}.", show_value(row.range->least),
                                             show_value(row.range->most))
                               : std::string{}};
}

struct Table {
    std::vector<Section> sections;
    std::vector<Setting> settings;

    void add(const products::SettingsSection& section) {
        sections.push_back({section.name, section.documentation});
        for (const auto& row : section.rows) {
            settings.push_back(setting_of(section.name, row));
        }
    }
    void add_sections_of(products::SettingsSection::Place place) {
        for (const auto& section : registry::all_of(&products::Product::settings)) {
            if (section.place == place) {
                add(section);
            }
        }
    }
};

/// Makes the rows of `settings.def`, whose members are macro arguments.
template <class Read, class Show>
Setting own(std::string_view section, std::string_view key, std::string_view documentation,
            Read read_into, Show show_in, std::string range = {}) {
    return {section,         key, documentation, std::move(read_into), std::move(show_in),
            std::move(range)};
}

Table make_table() {
    Table table;
#define HOWL_SECTION(name, documentation) table.sections.push_back({name, documentation});
#define HOWL_SETTING(section, key, member, documentation)                                 \
    table.settings.push_back(own(                                                         \
        section, key, documentation,                                                      \
        [](const toml::node& node, Config& config) { return read(node, config.member); }, \
        [](const Config& config) { return show(config.member); }));
#define HOWL_NUMBER(section, key, member, least, most, documentation)                      \
    {                                                                                      \
        using Value = decltype(std::declval<Config&>().member);                            \
        table.settings.push_back(own(                                                      \
            section, key, documentation,                                                   \
            [](const toml::node& node, Config& config) {                                   \
                return read_within<Value>(node, config.member, Value{least}, Value{most}); \
            },                                                                             \
            [](const Config& config) { return show(config.member); },                      \
            range_text(Value{least}, Value{most})));                                       \
    }
#define HOWL_SECTIONS_OF(place) table.add_sections_of(products::SettingsSection::Place::place);
#include "server/settings.def"
#undef HOWL_SECTION
#undef HOWL_SETTING
#undef HOWL_NUMBER
#undef HOWL_SECTIONS_OF
    return table;
}

const Table& table() {
    static const Table kTable = make_table();
    return kTable;
}

}  // namespace

std::span<const Section> sections() {
    return table().sections;
}

std::span<const Setting> settings() {
    return table().settings;
}

}  // namespace howl::server
