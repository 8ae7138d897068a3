// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/json.hpp"
#include "cli/commands.hpp"
#include "cli/event_follower.hpp"
#include "cli/http_client.hpp"

namespace howl::cli {
namespace {

struct Options {
    std::string url = "http://127.0.0.1:8080";
    std::vector<std::string> topics;
    FollowOptions follow{.command = "howl subscribe", .target = "/api/events?envelope=json"};
    bool as_json = false;
};

/// `data` is an event in its JSON envelope.
void show_event(std::string_view data) {
    const auto event = apps::parse_object(data);
    const auto text = [&event](std::string_view member) {
        return event ? apps::string_in(*event, member).value_or("") : std::string_view{};
    };
    fmt::print("{}  {}  {}\n", text("time"), text("topic"), text("data"));
}

int subscribe(const Options& options) {
    const auto server = parse_server_url(options.url);
    if (!server) {
        fmt::print(stderr, "howl subscribe: {}\n", server.error().describe());
        return 2;
    }
    auto follow = options.follow;
    for (const auto& topic : options.topics) {
        follow.target += "&topic=" + encode_url(topic);
    }
    return EventFollower{*server, std::move(follow)}.run(
        [&options](const codec::sse::EventView& event) {
            if (options.as_json) {
                fmt::print("{}\n", event.data);
            } else {
                show_event(event.data);
            }
        });
}

}  // namespace

void add_subscribe_command(CLI::App& program, int& exit_status) {
    auto options = std::make_shared<Options>();
    auto* command = program.add_subcommand(
        "subscribe", "Follow topics; reconnects and goes on where it stopped");
    command->add_option("TOPIC", options->topics, "Topic names, up to 128")->required();
    command->add_option("--url", options->url, "The server")->capture_default_str();
    command->add_flag("--json", options->as_json,
                      "One JSON object for each event: topic, epoch, offset, type, time, data");
    command->add_option("--last-event-id", options->follow.last_event_id,
                        "Begin behind this event id; without it: with what comes now");
    command->add_option("--count", options->follow.count, "End after this many events; 0: never")
        ->capture_default_str();
    command->add_flag("--once", options->follow.once, "End with the connection");
    command->callback([options, &exit_status] { exit_status = subscribe(*options); });
}

}  // namespace howl::cli
