// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "registry/products.hpp"
#include "server/config.hpp"
#include "server/endpoint_kinds.hpp"
#include "server/settings_table.hpp"

namespace howl::server {
namespace {

constexpr std::string_view kListeners =
    R"(# Every setting of Howl with its default. Take the '#' away from what you change.
# Durations: "250ms", "10s", "5m", "24h", "7d". Check the file with: howl check-config FILE

# Where Howl listens and which doors it opens there. None given: all of them on 127.0.0.1:8080.
# [[listener]]
# address = "127.0.0.1:8080"
# doors = ["{}"]
#
# [[listener]]                # An original client with a fixed address, served from elsewhere.
# address = "127.0.0.1:3000"
# doors = [{{ name = "{}", prefix = "/", allowed_origins = ["https://chat.example.com"] }}]

# How topics are kept; the first rule whose pattern matches counts, and '*' stands for anything.
# Without a rule: durable, 1000 events, 24 h.
# [[topics]]
# pattern = "metrics/*"
# durable = false             # Kept in memory only: no disk, gone with the process.
# history_count = 10
# history_age = "1h"
)";
constexpr std::string_view kFlow = R"(# [[kafka.source]]
# topic = "{}"
# {:<28}# {}
)";
/// The last lines of the last of those, and a source of Kafka's own flow.
constexpr std::string_view kSourceEnd =
    R"(# begin = "stored"            # Where to begin the first time: "stored" (what the group has committed,
#                             # else "end"), "end", "beginning", or a time: "2026-11-21T12:00:00Z".
#
# [[kafka.source]]
# topic = "orders"
# flow = "topic"              # The value as an event of the topic 'target'.
# target = "orders/{key}"     # '{key}' stands for the record's key.
# type = "order"
# dead_letters = "orders-dead"  # Where records go that can't be read; without it they are skipped.
)";

/// An endpoint that an original client finds at the root of its port.
std::string_view movable_endpoint() {
    const auto& kinds = endpoint_kinds();
    const auto found = std::ranges::find_if(kinds, [](const products::EndpointKind& kind) {
        return kind.is_movable() && kind.original_port != 0;
    });
    return found == kinds.end() ? kApiEndpoint : found->name;
}

/// Requires: a product has a flow.
std::string kafka_sources() {
    constexpr std::array<std::string_view, 5> kNumbers{"none", "one", "two", "three", "four"};
    std::vector<std::string> sources;
    for (const auto& flow : registry::all_of(&products::Product::flows)) {
        sources.push_back(fmt::format(
            kFlow, flow.usual_topic, fmt::format(R"(flow = "{}")", flow.name), flow.documentation));
    }
    return fmt::format(
        "\n# Kafka topics that are read once [kafka] has brokers. None given: the first {}.\n{}{}",
        kNumbers.at(sources.size()), fmt::join(sources, "#\n"), kSourceEnd);
}

std::string head() {
    return fmt::format(kListeners, fmt::join(endpoint_names(), R"(", ")"), movable_endpoint()) +
           kafka_sources();
}

}  // namespace

std::string example_config() {
    const Config defaults;
    auto out = head();
    for (const auto& section : sections()) {
        out += fmt::format("\n# {}.\n[{}]\n", section.documentation, section.name);
        for (const auto& setting : settings()) {
            if (setting.section == section.name) {
                const auto range = setting.range.empty() ? std::string{} : " " + setting.range;
                out += fmt::format("# {}{}\n# {} = {}\n", setting.documentation, range, setting.key,
                                   setting.show_in(defaults));
            }
        }
    }
    return out;
}

}  // namespace howl::server
