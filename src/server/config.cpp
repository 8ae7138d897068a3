// SPDX-License-Identifier: Apache-2.0
#include "server/config.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include "base/file.hpp"
#include "hub/topic_name.hpp"
#include "products/reading.hpp"
#include "registry/products.hpp"
#include "server/endpoint_kinds.hpp"
#include "server/settings_table.hpp"

namespace howl::server {

using std::chrono::milliseconds;

namespace {

using products::EndpointKind;

Place place_of(const toml::node& node) {
    return wrong(node, "").error().place;
}

bool is_section(std::string_view name) {
    return std::ranges::find(sections(), name, &Section::name) != sections().end();
}

/// What the file has said so far.
class Found {
public:
    explicit Found(ReadConfig& out) : out_(out) {}
    [[nodiscard]] Config& config() { return out_.config; }
    [[nodiscard]] SettingPlaces& places() { return out_.config.places; }
    /// Keeps what is wrong; the reading goes on.
    void note(Reading<void> reading) {
        if (!reading) {
            out_.faults.push_back(std::move(reading).error());
        }
    }
    [[nodiscard]] std::size_t fault_count() const { return out_.faults.size(); }

private:
    ReadConfig& out_;
};

/// What an endpoint must not say, once its members could be read.
Reading<void> check_endpoint(const toml::node& node, const EndpointConfig& endpoint) {
    const auto* kind = find_endpoint(endpoint.name);
    if (kind == nullptr) {
        return wrong(node, fmt::format("there is no door '{}'; there are {}", endpoint.name,
                                       fmt::join(endpoint_names(), ", ")));
    }
    if (!endpoint.prefix.empty() &&
        (endpoint.prefix.front() != '/' || endpoint.prefix.back() != '/')) {
        return wrong(node, "a prefix begins and ends with '/'");
    }
    if (!endpoint.prefix.empty() && !kind->is_movable()) {
        return wrong(node, fmt::format("the door '{}' has a fixed place", endpoint.name));
    }
    if (!endpoint.allowed_origins.empty() && kind->origins == EndpointKind::Origins::kOfServer) {
        return wrong(node, fmt::format("the door '{}' has no origins of its own", endpoint.name));
    }
    return {};
}

Reading<void> read_endpoint_member(const toml::key& key, const toml::node& value,
                                   EndpointConfig& endpoint) {
    if (key.str() == "allowed_origins") {
        return read(value, endpoint.allowed_origins);
    }
    if (key.str() == "name" || key.str() == "prefix") {
        return read(value, key.str() == "name" ? endpoint.name : endpoint.prefix);
    }
    return wrong(key.source(), "a door has a 'name', a 'prefix' and 'allowed_origins'");
}

EndpointConfig read_endpoint(const toml::node& node, Found& found) {
    const auto faults = found.fault_count();
    EndpointConfig endpoint;
    if (const auto* table = node.as_table()) {
        for (const auto& [key, value] : *table) {
            found.note(read_endpoint_member(key, value, endpoint));
        }
    } else {
        found.note(read(node, endpoint.name));
    }
    if (found.fault_count() == faults) {
        found.note(check_endpoint(node, endpoint));
    }
    return endpoint;
}

bool takes_any_path(const EndpointConfig& endpoint) {
    const auto* kind = find_endpoint(endpoint.name);
    return kind != nullptr && kind->sockets == EndpointKind::Sockets::kOnAnyPath;
}

/// Endpoints that were given one prefix although both take WebSocket on any path below it; by the
/// order in which endpoints are listed.
std::vector<std::string_view> colliding(const ListenerConfig& listener) {
    std::map<std::string_view, std::set<std::string_view>> by_prefix;
    for (const auto& endpoint : listener.endpoints) {
        if (takes_any_path(endpoint) && !endpoint.prefix.empty()) {
            by_prefix[endpoint.prefix].insert(endpoint.name);
        }
    }
    const auto found =
        std::ranges::find_if(by_prefix, [](const auto& entry) { return entry.second.size() > 1; });
    auto names = endpoint_names();
    std::erase_if(names, [&](std::string_view name) {
        return found == by_prefix.end() || !found->second.contains(name);
    });
    return names;
}

Reading<void> check_listener(const toml::table& table, const ListenerConfig& listener) {
    if (listener.address.empty() || listener.endpoints.empty()) {
        return wrong(table, "a listener needs an 'address' and 'doors'");
    }
    if (const auto names = colliding(listener); !names.empty()) {
        return wrong(table, fmt::format("{} can't share a prefix: both take WebSocket on any path",
                                        fmt::join(names, " and ")));
    }
    return {};
}

ListenerConfig read_listener(const toml::table& table, Found& found) {
    const auto faults = found.fault_count();
    ListenerConfig listener;
    for (const auto& [key, node] : table) {
        if (key.str() == "address") {
            found.note(read(node, listener.address));
        } else if (const auto* endpoints = node.as_array();
                   key.str() == "doors" && endpoints != nullptr) {
            for (const auto& entry : *endpoints) {
                listener.endpoints.push_back(read_endpoint(entry, found));
            }
        } else {
            found.note(wrong(key.source(), "a listener has an 'address' and a list of 'doors'"));
        }
    }
    if (found.fault_count() == faults) {
        found.note(check_listener(table, listener));
    }
    return listener;
}

std::string with_star_filled(std::string pattern) {
    std::ranges::replace(pattern, '*', 'x');
    return pattern;
}

Reading<void> check_topic_rule(const toml::table& table, const std::string& pattern) {
    if (pattern.empty() || std::ranges::count(pattern, '*') > 1) {
        return wrong(table, "a topic rule needs a 'pattern' with at most one '*'");
    }
    if (!hub::TopicName::parse(with_star_filled(pattern))) {
        return wrong(table, fmt::format("no topic's name can match '{}'", pattern));
    }
    return {};
}

hub::TopicPolicies::Rule read_topic_rule(const toml::table& table, Found& found) {
    const auto faults = found.fault_count();
    hub::TopicPolicies::Rule rule;
    bool durable = true;
    for (const auto& [key, node] : table) {
        const auto name = key.str();
        if (name == "pattern") {
            found.note(read(node, rule.pattern));
        } else if (name == "durable") {
            found.note(read(node, durable));
        } else if (name == "history_count") {
            found.note(read(node, rule.policy.retention.count_max));
        } else if (name == "history_age") {
            found.note(read(node, rule.policy.retention.age_max));
        } else {
            found.note(
                wrong(key.source(), fmt::format("there is no setting '{}' in [[topics]]", name)));
        }
    }
    if (found.fault_count() == faults) {
        found.note(check_topic_rule(table, rule.pattern));
    }
    rule.policy.lane = durable ? hub::Lane::kDurable : hub::Lane::kVolatile;
    return rule;
}

/// Those without a fault; what is wrong with the others is noted.
template <class T>
void read_tables(std::string_view name, const toml::node& node,
                 T (*read_one)(const toml::table&, Found&), std::vector<T>& out, Found& found) {
    const auto* array = node.as_array();
    if (array == nullptr || !array->is_array_of_tables()) {
        found.note(wrong(node, fmt::format("expected [[{}]]", name)));
        return;
    }
    for (const auto& entry : *array) {
        const auto faults = found.fault_count();
        auto value = read_one(*entry.as_table(), found);
        if (found.fault_count() == faults) {
            found.places().set(fmt::format("{}[{}]", name, out.size()), place_of(entry));
            out.push_back(std::move(value));
        }
    }
}

/// The name of a flow: one of a product, or Kafka's own.
Reading<void> read_flow(const toml::node& node, std::string& out) {
    std::vector<std::string_view> names;
    std::ranges::transform(registry::all_of(&products::Product::flows), std::back_inserter(names),
                           &products::FlowKind::name);
    names.push_back(broker::kafka::kTopicFlow);
    const auto text = node.value_exact<std::string>();
    if (!text || std::ranges::find(names, *text) == names.end()) {
        return wrong(node, fmt::format("expected one of \"{}\"", fmt::join(names, "\", \"")));
    }
    out = *text;
    return {};
}

/// `stored`, `end`, `beginning`, or a time such as `2026-11-21T12:00:00Z`.
Reading<void> read_begin(const toml::node& node, broker::kafka::Begin& out) {
    using enum broker::kafka::Begin::At;
    const Choices<broker::kafka::Begin::At> words{
        {"stored", kStored}, {"end", kEnd}, {"beginning", kBeginning}};
    std::string text;
    if (auto reading = read(node, text); !reading) {
        return reading;
    }
    if (const auto word = std::ranges::find(words, text, &decltype(words)::value_type::first);
        word != words.end()) {
        out.at = word->second;
        return {};
    }
    auto time = products::parse_iso_time(text);
    if (!time && text.ends_with('Z')) {
        time = products::parse_iso_time(text.substr(0, text.size() - 1) + ".000Z");
    }
    if (!time) {
        return wrong(node,
                     "expected 'stored', 'end', 'beginning' or a time like 2026-11-21T12:00:00Z");
    }
    out = {kTime, *time};
    return {};
}

Reading<void> check_kafka_source(const toml::table& table, const broker::kafka::Source& source) {
    const bool has_target = source.flow == broker::kafka::kTopicFlow;
    if (source.topic.empty() || has_target == source.target.empty() ||
        (!has_target && !source.type.empty())) {
        return wrong(table,
                     "a source has a 'topic', and with flow = \"topic\" (the default) also a "
                     "'target' and, if wanted, a 'type'");
    }
    return {};
}

broker::kafka::Source read_kafka_source(const toml::table& table, Found& found) {
    const auto faults = found.fault_count();
    broker::kafka::Source source;
    const std::array<std::pair<std::string_view, std::string*>, 4> texts{
        {{"topic", &source.topic},
         {"target", &source.target},
         {"type", &source.type},
         {"dead_letters", &source.dead_letters}}};
    for (const auto& [key, node] : table) {
        const auto text = std::ranges::find(texts, key.str(), &decltype(texts)::value_type::first);
        if (key.str() == "flow") {
            found.note(read_flow(node, source.flow));
        } else if (key.str() == "begin") {
            found.note(read_begin(node, source.begin));
        } else if (text != texts.end()) {
            found.note(read(node, *text->second));
        } else {
            found.note(
                wrong(key.source(),
                      fmt::format("there is no setting '{}' in [[kafka.source]]", key.str())));
        }
    }
    if (found.fault_count() == faults) {
        found.note(check_kafka_source(table, source));
    }
    return source;
}

/// Those of the file take the place of the built-in ones.
void read_kafka_sources(const toml::node& node, Found& found) {
    auto& sources = found.config().kafka.sources;
    sources.clear();
    read_tables("kafka.source", node, read_kafka_source, sources, found);
}

void read_section(std::string_view section, const toml::table& table, Found& found) {
    for (const auto& [key, node] : table) {
        if (section == "kafka" && key.str() == "source") {
            read_kafka_sources(node, found);
            continue;
        }
        const auto setting = std::ranges::find_if(settings(), [&](const Setting& known) {
            return known.section == section && known.key == key.str();
        });
        const auto name = fmt::format("{}.{}", section, key.str());
        if (const auto* inner = node.as_table(); inner != nullptr && is_section(name)) {
            read_section(name, *inner, found);
        } else if (setting == settings().end()) {
            found.note(wrong(key.source(),
                             fmt::format("there is no setting '{}' in [{}]", key.str(), section)));
        } else {
            found.places().set(name, place_of(node));
            found.note(setting->read_into(node, found.config()));
        }
    }
}

void read_root(const toml::table& root, Found& found) {
    auto& config = found.config();
    for (const auto& [key, node] : root) {
        const std::string name{key.str()};
        if (name == "listener") {
            read_tables(name, node, read_listener, config.listeners, found);
        } else if (name == "topics") {
            read_tables(name, node, read_topic_rule, config.topics, found);
        } else if (!is_section(name)) {
            found.note(wrong(key.source(), fmt::format("there is no section [{}]", name)));
        } else if (const auto* table = node.as_table()) {
            read_section(name, *table, found);
        } else {
            found.note(wrong(node, fmt::format("expected a section [{}]", name)));
        }
    }
}

/// As an original server had it: at the root, and for the pages of everybody.
EndpointConfig original_place_of(const EndpointKind& kind) {
    EndpointConfig endpoint{std::string{kind.name}, kind.is_movable() ? "/" : ""};
    if (kind.origins == EndpointKind::Origins::kOwnToo) {
        endpoint.allowed_origins = {"*"};
    }
    return endpoint;
}

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

ReadConfig read_config(std::string_view text, std::string_view source) {
    ReadConfig out;
    Found found{out};
    try {
        read_root(toml::parse(text, source), found);
    } catch (const toml::parse_error& error) {  // Start-up: exceptions of the library end here.
        found.note(wrong(error.source(), error.description()));
    }
    return out;
}

Result<ReadConfig> read_config_file(const std::filesystem::path& file) {
    HOWL_TRY(text, read_file(file));
    return read_config(text, file.string());
}

Result<Config> parse_config(std::string_view text, std::string_view source) {
    auto read = read_config(text, source);
    if (!read.faults.empty()) {
        return fail(Errc::kInvalidConfig, "configuration", describe(read.faults));
    }
    return std::move(read.config);
}

Result<Config> load_config(const std::filesystem::path& file) {
    HOWL_TRY(text, read_file(file));
    return parse_config(text, file.string());
}

ListenerConfig default_listener(std::string address) {
    ListenerConfig listener{std::move(address), {}};
    for (const auto name : endpoint_names()) {
        listener.endpoints.push_back({std::string{name}});
    }
    return listener;
}

broker::kafka::KafkaSettings usual_kafka() {
    broker::kafka::KafkaSettings kafka;
    for (const auto& flow : registry::all_of(&products::Product::flows)) {
        kafka.sources.push_back(
            {.topic = std::string{flow.usual_topic}, .flow = std::string{flow.name}});
    }
    return kafka;
}

void add_compat_listeners(Config& config, std::string_view any_path) {
    std::map<std::uint16_t, ListenerConfig> by_port;
    for (const auto& kind : endpoint_kinds()) {
        const bool is_wanted =
            kind.sockets == EndpointKind::Sockets::kOnItsPaths || kind.name == any_path;
        if (kind.original_port != 0 && is_wanted) {
            by_port[kind.original_port].endpoints.push_back(original_place_of(kind));
        }
    }
    for (auto& [port, listener] : by_port) {
        listener.address = fmt::format("127.0.0.1:{}", port);
        config.listeners.push_back(std::move(listener));
    }
}

}  // namespace howl::server
