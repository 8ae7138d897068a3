// SPDX-License-Identifier: Apache-2.0
// Commands that send one request and show the answer: presence and stats.
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/remote.hpp"
#include "hub/topic_spelling.hpp"
#include "products/json.hpp"

namespace howl::cli {
namespace {

namespace json = boost::json;

struct Options {
    std::string url = kDefaultUrl;
    std::string topic;
    std::uint64_t limit = 100;
    bool as_json = false;
};

/// Turns the API's JSON into text for a person.
using Show = std::string (*)(const json::object&);

int query(const char* name, const Options& options, const std::string& target, Show show) {
    const auto reply = ask(name, options.url, {.target = target});
    if (!reply) {
        return reply.error();
    }
    const auto body = products::parse_object(reply->body);
    if (!body) {
        return fail_with(name, user_text_of(body.error()));
    }
    return finish(name, options.as_json ? reply->body + "\n" : show(*body));
}

std::string plain(const json::value& value) {
    return value.is_string() ? std::string{value.get_string()} : json::serialize(value);
}

/// A line for each member.
std::string show_stats(const json::object& stats) {
    std::string out;
    for (const auto& [name, value] : stats) {
        out += fmt::format("{:<16}{}\n", std::string_view{name}, plain(value));
    }
    return out;
}

/// A line for each name, then the number of further members.
std::string show_members(const json::object& presence) {
    std::string out;
    const auto* members = presence.if_contains("members");
    std::size_t shown = 0;
    if (members != nullptr && members->is_array()) {
        for (const auto& member : members->get_array()) {
            const auto* object = member.if_object();
            if (object == nullptr) {
                continue;
            }
            ++shown;
            const auto sessions = products::whole_number_in(*object, "sessions").value_or(0);
            out += fmt::format("{:<32}  {} {}\n", products::string_in(*object, "name").value_or(""),
                               sessions, sessions == 1 ? "session" : "sessions");
        }
    }
    const auto count = products::whole_number_in(presence, "count").value_or(0);
    const auto more = count - static_cast<std::int64_t>(shown);
    return more > 0 ? out + fmt::format("and {} more\n", more) : out;
}

CLI::App* add(CLI::App& program, const std::shared_ptr<Options>& options, const char* name,
              const char* description) {
    auto* command = program.add_subcommand(name, description);
    add_url_option(*command, options->url);
    command->add_flag("--json", options->as_json, "Print what the API says, as it is");
    return command;
}

}  // namespace

void add_presence_command(CLI::App& program, int& exit_status) {
    auto options = std::make_shared<Options>();
    auto* command = add(program, options, "presence", "Say who reads a topic under a name");
    command->add_option("TOPIC", options->topic, "Topic name")->required();
    command->add_option("--limit", options->limit, "Names at most, 1 to 1000")
        ->capture_default_str();
    command->callback([options, &exit_status] {
        exit_status = query("howl presence", *options,
                            fmt::format("/api/topics/{}/presence?limit={}",
                                        hub::spell_topic(options->topic), options->limit),
                            show_members);
    });
}

void add_stats_command(CLI::App& program, int& exit_status) {
    auto options = std::make_shared<Options>();
    auto* command = add(program, options, "stats", "Print the server's figures");
    command->callback([options, &exit_status] {
        exit_status = query("howl stats", *options, "/api/stats", show_stats);
    });
}

}  // namespace howl::cli
