// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/http_client.hpp"
#include "codec/sse/parser.hpp"

namespace howl::cli {
namespace {

namespace json = boost::json;

struct Options {
    std::string url = "http://127.0.0.1:8080";
    std::vector<std::string> topics;
    std::string last_event_id;
    std::uint64_t count = 0;
    bool as_json = false;
    bool once = false;
};

/// Follows topics over SSE, comes back when the connection breaks, and goes on where it stopped.
class Subscriber {
public:
    Subscriber(const Options& options, ServerUrl server)
        : options_(options), client_(std::move(server)) {}

    int run() {
        last_event_id_ = options_.last_event_id;
        while (true) {
            const auto reply = follow();
            if (enough()) {
                return 0;
            }
            if (reply && reply->status != 200 && reply->status != 503) {
                fmt::print(stderr, "howl subscribe: {}\n", describe_problem(*reply));
                return 1;
            }
            const auto why = reply ? std::string{"the stream ended"} : reply.error().describe();
            if (options_.once) {
                fmt::print(stderr, "howl subscribe: {}\n", why);
                return reply ? 0 : 1;
            }
            wait_before_retry(why);
        }
    }

private:
    [[nodiscard]] bool enough() const { return options_.count > 0 && seen_ >= options_.count; }

    Result<ClientReply> follow() {
        ClientRequest request;
        request.target = "/api/events?envelope=json";
        for (const auto& topic : options_.topics) {
            request.target += "&topic=" + encode_url(topic);
        }
        request.headers.emplace_back("Accept", "text/event-stream");
        if (!last_event_id_.empty()) {
            request.headers.emplace_back("Last-Event-ID", last_event_id_);
        }
        parser_.start_stream();
        return client_.stream(request, [this](std::string_view body) { return take(body); });
    }

    bool take(std::string_view body) {
        failures_ = 0;
        while (!enough()) {
            const auto event = parser_.next(body);
            if (!event) {
                fmt::print(stderr, "howl subscribe: {}\n", event.error().describe());
                return false;
            }
            last_event_id_ = parser_.last_event_id();
            if (!*event) {
                return true;
            }
            show(**event);
        }
        return false;
    }

    void show(const codec::sse::EventView& event) {
        if (event.type == "reset") {
            fmt::print(stderr, "howl subscribe: events were lost: {}\n", event.data);
            return;
        }
        ++seen_;
        if (options_.as_json) {
            fmt::print("{}\n", event.data);
        } else {
            boost::system::error_code error;
            const auto value =
                json::parse(json::string_view{event.data.data(), event.data.size()}, error);
            const auto* object = error ? nullptr : value.if_object();
            const auto text = [object](const char* key) {
                const auto* found = object != nullptr ? object->if_contains(key) : nullptr;
                return found != nullptr && found->is_string() ? std::string{found->get_string()}
                                                              : std::string{};
            };
            fmt::print("{}  {}  {}\n", text("time"), text("topic"), text("data"));
        }
        std::fflush(stdout);
    }

    void wait_before_retry(std::string_view why) {
        using std::chrono::milliseconds;
        constexpr milliseconds kLeast{250};
        constexpr milliseconds kMost{10'000};
        const auto longest = std::min(kMost, kLeast * (1 << std::min(failures_++, 6)));
        const auto asked = parser_.retry().value_or(milliseconds{0});
        const milliseconds jitter{
            static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(longest.count()))};
        const auto wait = std::min(kMost, std::max(asked, kLeast) + jitter);
        fmt::print(stderr, "howl subscribe: {}; again in {} ms\n", why, wait.count());
        std::this_thread::sleep_for(wait);
    }

    const Options& options_;
    HttpClient client_;
    codec::sse::Parser parser_;
    std::string last_event_id_;
    std::uint64_t seen_ = 0;
    int failures_ = 0;
    std::minstd_rand random_{std::random_device{}()};
};

int subscribe(const Options& options) {
    const auto server = parse_server_url(options.url);
    if (!server) {
        fmt::print(stderr, "howl subscribe: {}\n", server.error().describe());
        return 2;
    }
    return Subscriber{options, *server}.run();
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
    command->add_option("--last-event-id", options->last_event_id,
                        "Begin behind this event id; without it: with what comes now");
    command->add_option("--count", options->count, "End after this many events; 0: never")
        ->capture_default_str();
    command->add_flag("--once", options->once, "End with the connection");
    command->callback([options, &exit_status] { exit_status = subscribe(*options); });
}

}  // namespace howl::cli
