// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <unistd.h>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/file.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/remote.hpp"
#include "hub/topic_spelling.hpp"

namespace howl::cli {
namespace {

constexpr const char* kName = "howl publish";

/// Far more than a server takes: its refusal has the better message.
constexpr std::size_t kInputBytesMax = std::size_t{64} * 1024 * 1024;

struct Options {
    std::string url = kDefaultUrl;
    std::string topic;
    std::string data = "-";
    std::string type;
    std::string content_type = "text/plain; charset=utf-8";
    std::string idempotency_key;
};

int publish(const Options& options) {
    ClientRequest request;
    request.method = codec::http::Method::kPost;
    request.target = fmt::format("/api/topics/{}/events", hub::spell_topic(options.topic));
    if (!options.type.empty()) {
        request.target += "?type=" + encode_url(options.type);
    }
    request.headers.emplace_back("Content-Type", options.content_type);
    if (!options.idempotency_key.empty()) {
        request.headers.emplace_back("Idempotency-Key", options.idempotency_key);
    }
    request.body = options.data;
    if (options.data == "-") {
        auto input = read_descriptor(STDIN_FILENO, "standard input", kInputBytesMax);
        if (!input) {
            return fail_with(kName, user_text_of(input.error()));
        }
        request.body = std::move(*input);
    }
    const auto reply = ask(kName, options.url, request);
    return reply ? finish(kName, reply->body + "\n") : reply.error();
}

}  // namespace

void add_publish_command(CLI::App& program, int& exit_status) {
    auto options = std::make_shared<Options>();
    auto* command = program.add_subcommand("publish", "Publish one event to a topic");
    command->add_option("TOPIC", options->topic, "Topic name, e.g. news or chat/lobby")->required();
    command->add_option("DATA", options->data, "The event's text; - reads standard input")
        ->capture_default_str();
    add_url_option(*command, options->url);
    command->add_option("--type", options->type, "Event type, what a page listens to");
    command->add_option("--content-type", options->content_type, "Media type of the text")
        ->capture_default_str();
    command->add_option("--idempotency-key", options->idempotency_key,
                        "A retry with the same key stores nothing twice");
    command->callback([options, &exit_status] { exit_status = publish(*options); });
}

}  // namespace howl::cli
