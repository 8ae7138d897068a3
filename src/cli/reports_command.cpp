// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/event_follower.hpp"
#include "cli/http_client.hpp"
#include "cli/report_text.hpp"

namespace howl::cli {
namespace {

using codec::http::Method;

struct Options {
    std::string url = "http://127.0.0.1:8080";
    std::string user;
    std::string report;
    std::string status;
    std::string idempotency_key;
    std::uint64_t count = 0;
    bool as_json = false;
};

/// What a person reads in the place of the API's JSON.
using Show = Result<std::string> (*)(std::string_view);

/// `/api/reports`, or a place in it, with the user that every request names.
std::string target(const Options& options, std::string_view place = {}) {
    return fmt::format("/api/reports{}?user_id={}", place, encode_url(options.user));
}

void complain(std::string_view why) {
    fmt::print(stderr, "howl reports: {}\n", why);
}

/// Prints what the API said, or what `show` makes of it.
int print(const Options& options, std::string_view said, Show show) {
    if (options.as_json) {
        fmt::print("{}\n", said);
        return 0;
    }
    const auto shown = show(said);
    if (!shown) {
        complain(shown.error().describe());
        return 1;
    }
    fmt::print("{}", *shown);
    return 0;
}

/// One request, whose reply is printed.
int ask(const Options& options, const ClientRequest& request, Show show) {
    const auto server = parse_server_url(options.url);
    if (!server) {
        complain(server.error().describe());
        return 2;
    }
    const auto reply = HttpClient{*server}.call(request);
    if (!reply) {
        complain(reply.error().describe());
        return 1;
    }
    if (reply->status != 200 && reply->status != 201) {
        complain(describe_problem(*reply));
        return 1;
    }
    return print(options, reply->body, show);
}

int list(const Options& options) {
    return ask(options, {.target = target(options)}, report_table);
}

int create(const Options& options) {
    ClientRequest request{.method = Method::kPost, .target = target(options)};
    if (!options.idempotency_key.empty()) {
        request.headers.emplace_back("Idempotency-Key", options.idempotency_key);
    }
    return ask(options, request, report_id_line);
}

int set_status(const Options& options) {
    const auto place = fmt::format("/{}", encode_url(options.report));
    ClientRequest request{.method = Method::kPatch, .target = target(options, place)};
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = boost::json::serialize(boost::json::object{{"status", options.status}});
    return ask(options, request, report_line);
}

int watch(const Options& options) {
    const auto server = parse_server_url(options.url);
    if (!server) {
        complain(server.error().describe());
        return 2;
    }
    FollowOptions follow{
        .command = "howl reports", .target = target(options, "/events"), .count = options.count};
    return EventFollower{*server, std::move(follow)}.run(
        [&options](const codec::sse::EventView& event) {
            // An event that can't be read has been complained of; the next one may be better.
            (void)print(options, event.data, report_event_line);
        });
}

/// A verb of `howl reports`, with what all of them take.
CLI::App* add_verb(CLI::App& reports, const std::shared_ptr<Options>& options, int& exit_status,
                   const char* name, const char* description, int (*run)(const Options&)) {
    auto* verb = reports.add_subcommand(name, description);
    verb->add_option("USER", options->user, "The user's id, a UUID")->required();
    verb->add_option("--url", options->url, "The server")->capture_default_str();
    verb->add_flag("--json", options->as_json, "Print what the API says, as it is");
    verb->callback([options, run, &exit_status] { exit_status = run(*options); });
    return verb;
}

}  // namespace

void add_reports_command(CLI::App& program, int& exit_status) {
    auto options = std::make_shared<Options>();
    auto* reports = program.add_subcommand("reports", "The reports of a user and their status");
    reports->require_subcommand(1);
    const auto add = [&](const char* name, const char* description, int (*run)(const Options&)) {
        return add_verb(*reports, options, exit_status, name, description, run);
    };
    add("list", "Show a user's reports", list);
    auto* creation = add("create", "Make a report and print its id", create);
    creation->add_option("--idempotency-key", options->idempotency_key,
                         "A retry with the same key finds the first one's report");
    auto* move = add("set-status", "Move a report to a status", set_status);
    move->add_option("REPORT", options->report, "The report's id")->required();
    move->add_option("STATUS", options->status,
                     "pending, queued, processing, canceled, failed or completed")
        ->required();
    auto* watching = add("watch", "Print what becomes of a user's reports; reconnects", watch);
    watching->add_option("--count", options->count, "End after this many events; 0: never")
        ->capture_default_str();
}

}  // namespace howl::cli
