// SPDX-License-Identifier: Apache-2.0
#include "server/config.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include "hub/topic_name.hpp"

namespace howl::server {

using std::chrono::milliseconds;

namespace {

constexpr std::array<std::string_view, 8> kDoors{
    "portal", "api", "inbox", "reports", "chat-relay", "cloud-commands", "cloud-toggle", "wisdom"};
/// Those that may stand anywhere.
constexpr std::array<std::string_view, 4> kMovableDoors{"chat-relay", "cloud-commands",
                                                        "cloud-toggle", "wisdom"};
/// Those that take WebSocket on any path below their prefix.
constexpr std::array<std::string_view, 2> kAnyPathDoors{"chat-relay", "cloud-toggle"};

std::unexpected<Error> wrong(const toml::source_region& where, std::string_view what) {
    const std::string source = where.path ? *where.path : std::string{"configuration"};
    return fail(Errc::kInvalidConfig, "configuration",
                fmt::format("{}:{}: {}", source, where.begin.line, what));
}

std::unexpected<Error> wrong(const toml::node& node, std::string_view what) {
    return wrong(node.source(), what);
}

// --- Values: how each type is read and shown. ---

Result<void> read(const toml::node& node, std::string& out) {
    const auto value = node.value_exact<std::string>();
    if (!value) {
        return wrong(node, "expected a text in quotes");
    }
    out = *value;
    return {};
}

Result<void> read(const toml::node& node, std::uint64_t& out) {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < 0) {
        return wrong(node, "expected a whole number, 0 or more");
    }
    out = static_cast<std::uint64_t>(*value);
    return {};
}

Result<void> read(const toml::node& node, bool& out) {
    const auto value = node.value_exact<bool>();
    if (!value) {
        return wrong(node, "expected true or false");
    }
    out = *value;
    return {};
}

Result<void> read(const toml::node& node, milliseconds& out) {
    const auto text = node.value_exact<std::string>();
    const auto duration = text ? parse_duration(*text) : fail(Errc::kInvalidConfig, "");
    if (!duration) {
        return wrong(node,
                     "expected a duration such as \"250ms\", \"10s\", \"5m\", \"24h\", \"7d\"");
    }
    out = *duration;
    return {};
}

Result<void> read(const toml::node& node, std::vector<std::string>& out) {
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

template <class Enum>
using Choices = std::initializer_list<std::pair<std::string_view, Enum>>;

template <class Enum>
Result<void> read_choice(const toml::node& node, Enum& out, Choices<Enum> choices) {
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

const Choices<telemetry::LogFormat> kLogFormats{{"text", telemetry::LogFormat::kText},
                                                {"json", telemetry::LogFormat::kJson}};
const Choices<telemetry::LogLevel> kLogLevels{{"debug", telemetry::LogLevel::kDebug},
                                              {"info", telemetry::LogLevel::kInfo},
                                              {"warning", telemetry::LogLevel::kWarning},
                                              {"error", telemetry::LogLevel::kError}};

Result<void> read(const toml::node& node, telemetry::LogFormat& out) {
    return read_choice(node, out, kLogFormats);
}

Result<void> read(const toml::node& node, telemetry::LogLevel& out) {
    return read_choice(node, out, kLogLevels);
}

const Choices<StoreChoice> kStores{{"embedded", StoreChoice::kEmbedded},
                                   {"dynamodb", StoreChoice::kDynamoDb}};

Result<void> read(const toml::node& node, StoreChoice& out) {
    return read_choice(node, out, kStores);
}

Result<void> read(const toml::node& node, transport::TransportSettings::Deflate& out) {
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

// --- The table. ---

struct Section {
    std::string_view name;
    std::string_view documentation;
};

struct Setting {
    std::string_view section;
    std::string_view key;
    std::string_view documentation;
    Result<void> (*read_into)(const toml::node&, Config&);
    std::string (*show_in)(const Config&);
};

#define HOWL_SECTION(name, documentation) Section{name, documentation},
#define HOWL_SETTING(section, key, member, documentation)
constexpr std::array kSections{
#include "server/settings.def"
};
#undef HOWL_SECTION
#undef HOWL_SETTING

#define HOWL_SECTION(name, documentation)
#define HOWL_SETTING(section, key, member, documentation)                                     \
    Setting{section, key, documentation,                                                      \
            [](const toml::node& node, Config& config) { return read(node, config.member); }, \
            [](const Config& config) { return show(config.member); }},
constexpr std::array kSettings{
#include "server/settings.def"
};
#undef HOWL_SECTION
#undef HOWL_SETTING

Result<void> read_kafka_sources(const toml::node& node, Config& config);

Result<void> read_section(std::string_view section, const toml::table& table, Config& config) {
    for (const auto& [key, node] : table) {
        if (section == "kafka" && key.str() == "source") {
            HOWL_TRY_VOID(read_kafka_sources(node, config));
            continue;
        }
        const auto setting = std::ranges::find_if(kSettings, [&](const Setting& known) {
            return known.section == section && known.key == key.str();
        });
        const auto subsection = fmt::format("{}.{}", section, key.str());
        if (const auto* inner = node.as_table();
            inner != nullptr &&
            std::ranges::find(kSections, subsection, &Section::name) != kSections.end()) {
            HOWL_TRY_VOID(read_section(subsection, *inner, config));
            continue;
        }
        if (setting == kSettings.end()) {
            return wrong(key.source(),
                         fmt::format("there is no setting '{}' in [{}]", key.str(), section));
        }
        HOWL_TRY_VOID(setting->read_into(node, config));
    }
    return {};
}

// --- Listeners and topics. ---

Result<DoorConfig> read_door(const toml::node& node) {
    DoorConfig door;
    if (const auto* table = node.as_table()) {
        for (const auto& [key, value] : *table) {
            if (key.str() == "allowed_origins") {
                HOWL_TRY_VOID(read(value, door.allowed_origins));
            } else if (key.str() == "name" || key.str() == "prefix") {
                HOWL_TRY_VOID(read(value, key.str() == "name" ? door.name : door.prefix));
            } else {
                return wrong(key.source(), "a door has a 'name', a 'prefix' and 'allowed_origins'");
            }
        }
    } else {
        HOWL_TRY_VOID(read(node, door.name));
    }
    if (std::ranges::find(kDoors, door.name) == kDoors.end()) {
        return wrong(node, fmt::format("there is no door '{}'; there are {}", door.name,
                                       fmt::join(kDoors, ", ")));
    }
    if (!door.prefix.empty() && (door.prefix.front() != '/' || door.prefix.back() != '/')) {
        return wrong(node, "a prefix begins and ends with '/'");
    }
    const bool movable = std::ranges::find(kMovableDoors, door.name) != kMovableDoors.end();
    if (!door.prefix.empty() && !movable) {
        return wrong(node, fmt::format("the door '{}' has a fixed place", door.name));
    }
    if (!door.allowed_origins.empty() && (!movable || door.name == "wisdom")) {
        return wrong(node, fmt::format("the door '{}' has no origins of its own", door.name));
    }
    return door;
}

/// The prefix that was chosen for a door of `listener`.
std::optional<std::string> prefix_of(const ListenerConfig& listener, std::string_view door_name) {
    const auto door = std::ranges::find(listener.doors, door_name, &DoorConfig::name);
    return door == listener.doors.end() || door->prefix.empty() ? std::nullopt
                                                                : std::optional{door->prefix};
}

Result<ListenerConfig> read_listener(const toml::table& table) {
    ListenerConfig listener;
    for (const auto& [key, node] : table) {
        if (key.str() == "address") {
            HOWL_TRY_VOID(read(node, listener.address));
        } else if (const auto* doors = node.as_array(); key.str() == "doors" && doors != nullptr) {
            for (const auto& entry : *doors) {
                HOWL_TRY(door, read_door(entry));
                listener.doors.push_back(std::move(door));
            }
        } else {
            return wrong(key.source(), "a listener has an 'address' and a list of 'doors'");
        }
    }
    if (listener.address.empty()) {
        return wrong(table, "a listener needs an 'address'");
    }
    if (prefix_of(listener, kAnyPathDoors[0]) == prefix_of(listener, kAnyPathDoors[1]) &&
        prefix_of(listener, kAnyPathDoors[0]) != std::nullopt) {
        return wrong(table, fmt::format("{} can't share a prefix: both take WebSocket on any path",
                                        fmt::join(kAnyPathDoors, " and ")));
    }
    return listener;
}

Result<hub::TopicPolicies::Rule> read_topic_rule(const toml::table& table) {
    hub::TopicPolicies::Rule rule;
    bool durable = true;
    for (const auto& [key, node] : table) {
        const auto name = key.str();
        if (name == "pattern") {
            HOWL_TRY_VOID(read(node, rule.pattern));
        } else if (name == "durable") {
            HOWL_TRY_VOID(read(node, durable));
        } else if (name == "history_count") {
            HOWL_TRY_VOID(read(node, rule.policy.retention.count_max));
        } else if (name == "history_age") {
            HOWL_TRY_VOID(read(node, rule.policy.retention.age_max));
        } else {
            return wrong(key.source(), fmt::format("there is no setting '{}' in [[topics]]", name));
        }
    }
    if (rule.pattern.empty() || std::ranges::count(rule.pattern, '*') > 1) {
        return wrong(table, "a topic rule needs a 'pattern' with at most one '*'");
    }
    rule.policy.lane = durable ? hub::Lane::kDurable : hub::Lane::kVolatile;
    return rule;
}

template <class T>
Result<void> read_tables(std::string_view name, const toml::node& node,
                         Result<T> (*read_one)(const toml::table&), std::vector<T>& out) {
    const auto* array = node.as_array();
    if (array == nullptr || !array->is_array_of_tables()) {
        return wrong(node, fmt::format("expected [[{}]]", name));
    }
    for (const auto& entry : *array) {
        HOWL_TRY(value, read_one(*entry.as_table()));
        out.push_back(std::move(value));
    }
    return {};
}

const Choices<broker::kafka::Flow> kFlows{{"inbox", broker::kafka::Flow::kInbox},
                                          {"reports", broker::kafka::Flow::kReports},
                                          {"topic", broker::kafka::Flow::kTopic}};

Result<broker::kafka::Source> read_kafka_source(const toml::table& table) {
    broker::kafka::Source source;
    const std::array<std::pair<std::string_view, std::string*>, 4> texts{
        {{"topic", &source.topic},
         {"target", &source.target},
         {"type", &source.type},
         {"dead_letters", &source.dead_letters}}};
    for (const auto& [key, node] : table) {
        const auto text = std::ranges::find(texts, key.str(), &decltype(texts)::value_type::first);
        if (key.str() == "flow") {
            HOWL_TRY_VOID(read_choice(node, source.flow, kFlows));
        } else if (text != texts.end()) {
            HOWL_TRY_VOID(read(node, *text->second));
        } else {
            return wrong(key.source(),
                         fmt::format("there is no setting '{}' in [[kafka.source]]", key.str()));
        }
    }
    const bool has_target = source.flow == broker::kafka::Flow::kTopic;
    if (source.topic.empty() || has_target == source.target.empty() ||
        (!has_target && !source.type.empty())) {
        return wrong(table,
                     "a source has a 'topic', and with flow = \"topic\" (the default) also a "
                     "'target' and, if wanted, a 'type'");
    }
    return source;
}

/// Those of the file take the place of the built-in ones.
Result<void> read_kafka_sources(const toml::node& node, Config& config) {
    config.kafka.sources.clear();
    return read_tables("kafka.source", node, read_kafka_source, config.kafka.sources);
}

Result<Config> read_root(const toml::table& root) {
    Config config;
    for (const auto& [key, node] : root) {
        const std::string name{key.str()};
        if (name == "listener") {
            HOWL_TRY_VOID(read_tables(name, node, read_listener, config.listeners));
        } else if (name == "topics") {
            HOWL_TRY_VOID(read_tables(name, node, read_topic_rule, config.topics));
        } else if (std::ranges::find(kSections, name, &Section::name) == kSections.end()) {
            return wrong(key.source(), fmt::format("there is no section [{}]", name));
        } else if (const auto* table = node.as_table()) {
            HOWL_TRY_VOID(read_section(name, *table, config));
        } else {
            return wrong(node, fmt::format("expected a section [{}]", name));
        }
    }
    return config;
}

constexpr std::string_view kExampleHead =
    R"(# Every setting of Howl with its default. Take the '#' away from what you change.
# Durations: "250ms", "10s", "5m", "24h", "7d". Check the file with: howl check-config FILE

# Where Howl listens and which doors it opens there. None given: all of them on 127.0.0.1:8080.
# [[listener]]
# address = "127.0.0.1:8080"
# doors = ["portal", "api", "inbox", "reports", "chat-relay", "cloud-commands", "cloud-toggle", "wisdom"]
#
# [[listener]]                # An original client with a fixed address, served from elsewhere.
# address = "127.0.0.1:3000"
# doors = [{ name = "chat-relay", prefix = "/", allowed_origins = ["https://chat.example.com"] }]

# How topics are kept; the first rule whose pattern matches counts, and '*' stands for anything.
# Without a rule: durable, 1000 events, 24 h.
# [[topics]]
# pattern = "metrics/*"
# durable = false             # Kept in memory only: no disk, gone with the process.
# history_count = 10
# history_age = "1h"

# Kafka topics that are read once [kafka] has brokers. None given: the first two.
# [[kafka.source]]
# topic = "v3_messages"
# flow = "inbox"              # "username:message" to the inbox /v3 of that user.
#
# [[kafka.source]]
# topic = "v4_messages"
# flow = "reports"            # {"id","status"} to the reports.
#
# [[kafka.source]]
# topic = "orders"
# flow = "topic"              # The value as an event of the topic 'target'.
# target = "orders/{key}"     # '{key}' stands for the record's key.
# type = "order"
# dead_letters = "orders-dead"  # Where records go that can't be read; without it they are skipped.
)";

}  // namespace

Result<milliseconds> parse_duration(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kUnits{
        {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    const auto known = std::ranges::find(kUnits, unit, &decltype(kUnits)::value_type::first);
    constexpr std::int64_t kDaysMax = 36'500;
    if (error != std::errc{} || known == kUnits.end() || number < 1 ||
        number > kDaysMax * 86'400'000 / known->second) {
        return fail(Errc::kInvalidConfig, "duration", std::string{text});
    }
    return milliseconds{number * known->second};
}

std::string format_duration(milliseconds duration) {
    static constexpr std::array<std::pair<std::int64_t, std::string_view>, 4> kUnits{
        {{3'600'000, "h"}, {60'000, "m"}, {1000, "s"}, {1, "ms"}}};
    for (const auto& [size, unit] : kUnits) {
        if (duration.count() % size == 0) {
            return fmt::format("{}{}", duration.count() / size, unit);
        }
    }
    return {};
}

Result<Config> parse_config(std::string_view text, std::string_view source) {
    try {
        return read_root(toml::parse(text, source));
    } catch (const toml::parse_error& error) {  // Start-up: exceptions of the library end here.
        return wrong(error.source(), error.description());
    }
}

Result<Config> load_config(const std::filesystem::path& file) {
    std::ifstream in{file};
    if (!in) {
        return fail(Errc::kInvalidConfig, "configuration",
                    fmt::format("cannot read {}", file.string()));
    }
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    return parse_config(text, file.string());
}

ListenerConfig default_listener(std::string address) {
    ListenerConfig listener{std::move(address), {}};
    for (const auto door : kDoors) {
        listener.doors.push_back({std::string{door}});
    }
    return listener;
}

void add_compat_listeners(Config& config, Port3000 port_3000) {
    const auto open = [](std::string_view name) {
        return DoorConfig{std::string{name}, "/", {"*"}};
    };
    ListenerConfig at_3000{"127.0.0.1:3000", {{"inbox"}, {"reports"}}};
    if (port_3000 != Port3000::kNeither) {
        at_3000.doors.push_back(open(port_3000 == Port3000::kChat ? "chat-relay" : "cloud-toggle"));
    }
    config.listeners.push_back(std::move(at_3000));
    config.listeners.push_back({"127.0.0.1:7070", {open("cloud-commands")}});
    config.listeners.push_back({"127.0.0.1:8000", {{"wisdom", "/"}}});
}

std::string example_config() {
    const Config defaults;
    std::string out{kExampleHead};
    for (const auto& section : kSections) {
        out += fmt::format("\n# {}.\n[{}]\n", section.documentation, section.name);
        for (const auto& setting : kSettings) {
            if (setting.section == section.name) {
                out += fmt::format("# {}\n# {} = {}\n", setting.documentation, setting.key,
                                   setting.show_in(defaults));
            }
        }
    }
    return out;
}

}  // namespace howl::server
