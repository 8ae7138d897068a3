// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

#include "base/clock.hpp"
#include "cli/commands.hpp"
#include "cli/event_text.hpp"
#include "cli/output.hpp"
#include "cli/remote.hpp"
#include "cli/since.hpp"
#include "cli/topic_history.hpp"

namespace howl::cli {
namespace {

constexpr const char* kName = "howl history";

struct Options {
    std::string url = kDefaultUrl;
    std::string topic;
    std::string since;
    std::optional<std::uint64_t> after;
    std::optional<std::uint64_t> limit;
    bool as_json = false;
    bool raw = false;
};

/// What is shown: at most `limit` events (0: all) after `after`.
struct Part {
    std::uint64_t after = 0;
    std::uint64_t limit = 0;
};

Result<Part> part_of(const Options& options, TopicHistory& history) {
    if (!options.since.empty()) {
        HOWL_TRY(since, parse_since(options.since, SystemClock{}.wall_now()));
        HOWL_TRY(after, history.offset_before(since));
        return Part{after, options.limit.value_or(0)};
    }
    if (options.after) {
        return Part{*options.after, options.limit.value_or(0)};
    }
    constexpr std::uint64_t kNewest = 100;
    const auto limit = options.limit.value_or(kNewest);
    HOWL_TRY(after, history.offset_before_newest(limit == 0 ? UINT64_MAX : limit));
    return Part{after, limit};
}

Result<void> show(const Options& options, ServerUrl server) {
    TopicHistory history{std::move(server), options.topic};
    HOWL_TRY(part, part_of(options, history));
    const auto form = options.as_json ? EventForm::kJson : EventForm::kText;
    const auto controls = options.raw ? Controls::kRaw : Controls::kEscaped;
    HOWL_TRY(reached, history.read(part.after, part.limit, [&](const auto& event) {
        return write_output(event_text(event, form), controls);
    }));
    return {};
}

int run(const Options& options) {
    return work_with(kName, options.url,
                     [&options](ServerUrl server) { return show(options, std::move(server)); });
}

}  // namespace

void add_history_command(CLI::App& program, int& exit_status) {
    auto options = std::make_shared<Options>();
    auto* command = program.add_subcommand("history", "Print the events that are kept of a topic");
    command->add_option("TOPIC", options->topic, "Topic name")->required();
    add_url_option(*command, options->url);
    auto* since =
        command->add_option("--since", options->since,
                            "What is kept since then: 10m, 24h, beginning, 2026-11-30T20:00:00Z");
    command->add_option("--after", options->after, "What stands behind this offset")
        ->excludes(since);
    command->add_option("--limit", options->limit,
                        "At most so many events; 0: all [default: the newest 100; with --since or "
                        "--after: all]");
    command->add_flag("--json", options->as_json, "One JSON object for each event");
    command->add_flag("--raw", options->raw, "Control characters as they are, also on a terminal");
    command->callback([options, &exit_status] { exit_status = run(*options); });
}

}  // namespace howl::cli
