// SPDX-License-Identifier: Apache-2.0
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/event_follower.hpp"
#include "cli/output.hpp"
#include "cli/remote.hpp"
#include "cli/report_text.hpp"

namespace howl::cli {
namespace {

using codec::http::Method;

constexpr const char* kName = "howl reports";

struct Options {
    std::string url = kDefaultUrl;
    std::string user;
    std::string report;
    std::string status;
    std::string idempotency_key;
    std::uint64_t count = 0;
    bool as_json = false;
};

/// Turns the API's JSON into text for a person.
using Show = Result<std::string> (*)(std::string_view);

/// `/api/reports`, or a path below it, with the user that every request names.
std::string target(const Options& options, std::string_view path = {}) {
    return fmt::format("/api/reports{}?user_id={}", path, encode_url(options.user));
}

/// The API's JSON, or `show` of it.
Result<std::string> shown(const Options& options, std::string_view said, Show show) {
    return options.as_json ? std::string{said} + "\n" : show(said);
}

/// One request, whose reply is printed.
int ask_and_show(const Options& options, const ClientRequest& request, Show show) {
    const auto reply = ask(kName, options.url, request);
    if (!reply) {
        return reply.error();
    }
    const auto text = shown(options, reply->body, show);
    return text ? finish(kName, *text) : fail_with(kName, user_text_of(text.error()));
}

/// The pages of the list as one JSON array.
std::expected<std::string, int> all_pages(const Options& options) {
    boost::json::array all;
    std::string after;
    do {
        auto page = ask(kName, options.url, {.target = target(options) + after});
        if (!page) {
            return std::unexpected(page.error());
        }
        boost::system::error_code error;
        const auto part = boost::json::parse(page->body, error);
        if (error || !part.is_array()) {
            return std::move(page->body);  // The caller reports that it is no list.
        }
        all.insert(all.end(), part.get_array().begin(), part.get_array().end());
        after = page->next.empty() ? "" : "&after=" + encode_url(page->next);
    } while (!after.empty());
    return boost::json::serialize(all);
}

int list(const Options& options) {
    const auto pages = all_pages(options);
    if (!pages) {
        return pages.error();
    }
    const auto text = shown(options, *pages, report_table);
    return text ? finish(kName, *text) : fail_with(kName, user_text_of(text.error()));
}

int create(const Options& options) {
    ClientRequest request{.method = Method::kPost, .target = target(options)};
    if (!options.idempotency_key.empty()) {
        request.headers.emplace_back("Idempotency-Key", options.idempotency_key);
    }
    return ask_and_show(options, request, report_id_line);
}

int set_status(const Options& options) {
    const auto path = fmt::format("/{}", encode_url(options.report));
    ClientRequest request{.method = Method::kPatch, .target = target(options, path)};
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = boost::json::serialize(boost::json::object{{"status", options.status}});
    return ask_and_show(options, request, report_line);
}

int watch(const Options& options) {
    auto server = server_of(kName, options.url);
    if (!server) {
        return server.error();
    }
    FollowOptions follow{
        .command = kName, .target = target(options, "/events"), .count = options.count};
    return EventFollower{std::move(*server), std::move(follow)}.run(
        [&options](const codec::sse::EventView& event) -> Result<void> {
            const auto text = shown(options, event.data, report_event_line);
            if (!text) {
                print_error(kName, user_text_of(text.error()));  // The next event may be valid.
                return {};
            }
            return write_output(*text);
        });
}

/// A subcommand of `howl reports`, with the options that all of them take. Each has an object of
/// its own, because CLI11 reads HOWL_URL also for subcommands that were not named.
struct Verb {
    CLI::App* command;
    std::shared_ptr<Options> options;
};

Verb add_verb(CLI::App& reports, int& exit_status, const char* name, const char* description,
              int (*run)(const Options&)) {
    auto options = std::make_shared<Options>();
    auto* verb = reports.add_subcommand(name, description);
    verb->add_option("USER", options->user, "The user's id, a UUID")->required();
    add_url_option(*verb, options->url);
    verb->add_flag("--json", options->as_json, "Print what the API says, as it is");
    verb->callback([options, run, &exit_status] { exit_status = run(*options); });
    return {verb, std::move(options)};
}

}  // namespace

void add_reports_command(CLI::App& program, int& exit_status) {
    auto* reports = program.add_subcommand("reports", "The reports of a user and their status");
    reports->require_subcommand(1);
    const auto add = [&](const char* name, const char* description, int (*run)(const Options&)) {
        return add_verb(*reports, exit_status, name, description, run);
    };
    add("list", "Show a user's reports", list);
    const auto creation = add("create", "Make a report and print its id", create);
    creation.command->add_option("--idempotency-key", creation.options->idempotency_key,
                                 "A retry with the same key finds the first one's report");
    const auto move = add("set-status", "Move a report to a status", set_status);
    move.command->add_option("REPORT", move.options->report, "The report's id")->required();
    move.command
        ->add_option("STATUS", move.options->status,
                     "pending, queued, processing, canceled, failed or completed")
        ->required();
    const auto watching = add("watch", "Print what becomes of a user's reports; reconnects", watch);
    watching.command
        ->add_option("--count", watching.options->count, "End after this many events; 0: never")
        ->capture_default_str();
}

}  // namespace howl::cli
