// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/clock.hpp"
#include "cli/commands.hpp"
#include "cli/event_follower.hpp"
#include "cli/event_text.hpp"
#include "cli/output.hpp"
#include "cli/remote.hpp"
#include "cli/since.hpp"
#include "cli/topic_history.hpp"
#include "products/json.hpp"

namespace howl::cli {
namespace {

constexpr const char* kName = "howl subscribe";

struct Options {
    std::string url = kDefaultUrl;
    std::vector<std::string> topics;
    std::string since;
    FollowOptions follow{.command = kName, .target = "/api/events?envelope=json"};
    bool as_json = false;
    bool raw = false;
};

/// Prints the kept events, then the new ones, each once.
class Subscription {
public:
    Subscription(const Options& options, ServerUrl server)
        : options_(options), server_(std::move(server)), follow_(options.follow) {}

    int run() {
        if (!options_.since.empty()) {
            const auto since = parse_since(options_.since, SystemClock{}.wall_now());
            if (!since) {
                return fail_with(kName, user_text_of(since.error()), kWrongUse);
            }
            if (const auto shown = show_past(*since); !shown) {
                return fail_with(kName, user_text_of(shown.error()));
            }
        }
        if (options_.follow.count > 0 && shown_ >= options_.follow.count) {
            return kDone;
        }
        follow_.count -= follow_.count > 0 ? shown_ : 0;
        for (const auto& topic : options_.topics) {
            follow_.target += "&topic=" + encode_url(topic);
        }
        return EventFollower{server_, std::move(follow_)}.run(
            [this](const codec::sse::EventView& event) { return show_live(event.data); });
    }

private:
    Result<void> show(const boost::json::object& envelope) {
        ++shown_;
        const auto form = options_.as_json ? EventForm::kJson : EventForm::kText;
        return write_output(event_text(envelope, form),
                            options_.raw ? Controls::kRaw : Controls::kEscaped);
    }

    Result<void> show_past(WallTime since) {
        for (const auto& topic : options_.topics) {
            TopicHistory history{server_, topic};
            HOWL_TRY(after, history.offset_before(since));
            const auto count = options_.follow.count;
            if (count > 0 && shown_ >= count) {
                return {};
            }
            HOWL_TRY(reached, history.read(after, count == 0 ? 0 : count - shown_,
                                           [this](const auto& event) { return show(event); }));
            if (follow_.last_event_id.empty()) {
                follow_.last_event_id = reached.cursor;  // The oldest one, for all topics.
            }
            reached_[topic] = std::move(reached);
        }
        return {};
    }

    Result<void> show_live(std::string_view data) {
        const auto envelope = products::parse_object(data);
        if (!envelope) {
            return fail(Errc::kSystem, "stream", "the server's reply is not an event stream");
        }
        return was_shown(*envelope) ? Result<void>{} : show(*envelope);
    }

    [[nodiscard]] bool was_shown(const boost::json::object& envelope) const {
        const auto past = reached_.find(products::string_in(envelope, "topic").value_or(""));
        const auto offset = products::whole_number_in(envelope, "offset");
        return past != reached_.end() && offset && *offset >= 0 &&
               products::string_in(envelope, "epoch") == past->second.epoch &&
               static_cast<std::uint64_t>(*offset) <= past->second.offset;
    }

    const Options& options_;
    const ServerUrl server_;
    FollowOptions follow_;
    std::map<std::string, TopicHistory::Reached, std::less<>> reached_;
    std::uint64_t shown_ = 0;
};

int subscribe(const Options& options) {
    auto server = server_of(kName, options.url);
    return server ? Subscription{options, std::move(*server)}.run() : server.error();
}

}  // namespace

void add_subscribe_command(CLI::App& program, int& exit_status) {
    auto options = std::make_shared<Options>();
    auto* command = program.add_subcommand(
        "subscribe", "Follow topics; reconnects and goes on where it stopped");
    command->add_option("TOPIC", options->topics, "Topic names, up to 128")->required();
    add_url_option(*command, options->url);
    command->add_flag("--json", options->as_json,
                      "One JSON object for each event: topic, epoch, offset, type, time, data");
    command->add_flag("--raw", options->raw,
                      "Control characters as they are, also on a terminal, where they are shown as "
                      "\\x1B otherwise");
    auto* since = command->add_option(
        "--since", options->since,
        "First what is kept since then: 10m, 24h, beginning, 2026-11-30T20:00:00Z");
    command
        ->add_option("--last-event-id", options->follow.last_event_id,
                     "Begin behind this event id; without it: with what comes now")
        ->excludes(since);
    command->add_option("--count", options->follow.count, "End after this many events; 0: never")
        ->capture_default_str();
    command->add_flag("--once", options->follow.once, "End with the connection");
    command->callback([options, &exit_status] { exit_status = subscribe(*options); });
}

}  // namespace howl::cli
