// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "server/config.hpp"
#include "server/settings_table.hpp"

namespace howl::server {
namespace {

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
# begin = "stored"            # Where to begin the first time: "stored" (what the group has committed,
#                             # else "end"), "end", "beginning", or a time: "2026-11-21T12:00:00Z".
#
# [[kafka.source]]
# topic = "orders"
# flow = "topic"              # The value as an event of the topic 'target'.
# target = "orders/{key}"     # '{key}' stands for the record's key.
# type = "order"
# dead_letters = "orders-dead"  # Where records go that can't be read; without it they are skipped.
)";

}  // namespace

std::string example_config() {
    const Config defaults;
    std::string out{kExampleHead};
    for (const auto& section : sections()) {
        out += fmt::format("\n# {}.\n[{}]\n", section.documentation, section.name);
        for (const auto& setting : settings()) {
            if (setting.section == section.name) {
                const auto range = setting.range == nullptr ? std::string{} : " " + setting.range();
                out += fmt::format("# {}{}\n# {} = {}\n", setting.documentation, range, setting.key,
                                   setting.show_in(defaults));
            }
        }
    }
    return out;
}

}  // namespace howl::server
