// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/http_client.hpp"

namespace howl::cli {
namespace {

struct Options {
    std::string url = "http://127.0.0.1:8080";
    std::string topic;
    std::string data = "-";
    std::string type;
    std::string content_type = "text/plain; charset=utf-8";
    std::string idempotency_key;
};

int publish(const Options& options) {
    const auto server = parse_server_url(options.url);
    if (!server) {
        fmt::print(stderr, "howl publish: {}\n", server.error().describe());
        return 2;
    }
    ClientRequest request;
    request.method = codec::http::Method::kPost;
    request.target = fmt::format("/api/topics/{}/events", encode_url(options.topic, "/:"));
    if (!options.type.empty()) {
        request.target += "?type=" + encode_url(options.type);
    }
    request.headers.emplace_back("Content-Type", options.content_type);
    if (!options.idempotency_key.empty()) {
        request.headers.emplace_back("Idempotency-Key", options.idempotency_key);
    }
    request.body = options.data;
    if (options.data == "-") {
        request.body.assign(std::istreambuf_iterator<char>{std::cin}, {});
    }
    const auto reply = HttpClient{*server}.call(request);
    if (!reply) {
        fmt::print(stderr, "howl publish: {}\n", reply.error().describe());
        return 1;
    }
    if (reply->status != 200 && reply->status != 201) {
        fmt::print(stderr, "howl publish: {}\n", describe_problem(*reply));
        return 1;
    }
    fmt::print("{}\n", reply->body);
    return 0;
}

}  // namespace

void add_publish_command(CLI::App& program, int& exit_status) {
    auto options = std::make_shared<Options>();
    auto* command = program.add_subcommand("publish", "Publish one event to a topic");
    command->add_option("TOPIC", options->topic, "Topic name, e.g. news or chat/lobby")->required();
    command->add_option("DATA", options->data, "The event's text; - reads standard input")
        ->capture_default_str();
    command->add_option("--url", options->url, "The server")->capture_default_str();
    command->add_option("--type", options->type, "Event type, what a page listens to");
    command->add_option("--content-type", options->content_type, "Media type of the text")
        ->capture_default_str();
    command->add_option("--idempotency-key", options->idempotency_key,
                        "A retry with the same key stores nothing twice");
    command->callback([options, &exit_status] { exit_status = publish(*options); });
}

}  // namespace howl::cli
