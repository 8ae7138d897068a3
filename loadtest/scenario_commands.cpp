// SPDX-License-Identifier: Apache-2.0
#include "loadtest/scenario_commands.hpp"

#include <cstdio>
#include <functional>
#include <map>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/limits.hpp"
#include "hub/topic_name.hpp"
#include "loadtest/interruption.hpp"
#include "loadtest/payload.hpp"
#include "loadtest/scenarios.hpp"

namespace howl::loadtest {
namespace {

/// Bounds of the options: a run always ends.
constexpr std::size_t kConnectionsMax = 100'000;
constexpr std::size_t kSecondsMax = 3'600;
constexpr double kRateMax = 100'000;
constexpr double kRateMin = 0.01;
constexpr std::size_t kMissedMax = 10'000;
constexpr unsigned kRoundsMax = 100;
constexpr unsigned kShardsMax = 1024;
constexpr std::size_t kOpeningsMax = 100'000;
/// What `chat.message_bytes_max` is by default.
constexpr std::size_t kChatTextBytesMax = 8192;
/// More would fill the producer's queue and measure nothing else.
constexpr std::size_t kKafkaTextBytesMax = 8192;

using Scenario = std::function<Result<Report>(const RunOptions&)>;

/// The command line's spelling of the options that every scenario has.
struct RunArguments {
    RunOptions options;
    bool json = false;
    bool allow_remote = false;
    std::size_t connect_seconds = 30;
};

RunOptions run_options_of(const RunArguments& arguments) {
    RunOptions options = arguments.options;
    options.format = arguments.json ? ReportFormat::kJson : ReportFormat::kTable;
    options.reach = arguments.allow_remote ? Reach::kAnywhere : Reach::kLoopbackOnly;
    options.connect_time = std::chrono::seconds{arguments.connect_seconds};
    return options;
}

std::string refuse_bad_topic(const std::string& topic) {
    return hub::TopicName::parse(topic) ? std::string{}
                                        : std::string{entry_of(Errc::kInvalidTopic).text};
}

void add_run_options(CLI::App& command, RunArguments& arguments) {
    RunOptions& options = arguments.options;
    auto* url = command.add_option("--url", options.url, "Server to load, http://HOST:PORT");
    url->capture_default_str();
    auto* spawn =
        command.add_flag("--spawn", options.spawn, "Start a server for the run, and end it after");
    spawn->excludes(url);
    command
        .add_option("--server-program", options.spawn_options.program,
                    "The howl that --spawn starts; the one beside this program when absent")
        ->check(CLI::ExistingFile);
    command.add_option("--shards", options.spawn_options.shards, "Shards of the --spawn server")
        ->check(CLI::Range(1U, kShardsMax));
    command
        .add_option("--server-config", options.spawn_options.config,
                    "Configuration file of the --spawn server")
        ->check(CLI::ExistingFile);
    command
        .add_option("--data-dir", options.spawn_options.data_dir,
                    "Where the --spawn server keeps its data during the run")
        ->check(CLI::ExistingDirectory);
    command
        .add_option("--server-pid", options.server_pid,
                    "Process of the server at --url, to measure its CPU and memory")
        ->check(CLI::PositiveNumber)
        ->excludes(spawn);
    command
        .add_option("--connect-seconds", arguments.connect_seconds,
                    "Time for all connections to open, seconds")
        ->check(CLI::Range(std::size_t{1}, kSecondsMax))
        ->capture_default_str();
    command.add_option("--in-flight", options.openings_max, "Handshakes under way at once")
        ->check(CLI::Range(std::size_t{1}, kOpeningsMax))
        ->capture_default_str();
    command.add_flag("--json", arguments.json, "Print one JSON object instead of a table");
    command.add_flag("--allow-remote", arguments.allow_remote,
                     "Permit a server that is not on this machine");
}

void add_topic(CLI::App& command, RunArguments& arguments) {
    command.add_option("--topic", arguments.options.topic, "Topic to use; a fresh one when absent")
        ->check(CLI::Validator{refuse_bad_topic, "TOPIC"});
}

void add_connections(CLI::App& command, const char* name, std::size_t& count, const char* what) {
    command.add_option(name, count, what)
        ->check(CLI::Range(std::size_t{0}, kConnectionsMax))
        ->capture_default_str();
}

void add_transport(CLI::App& command, Transport& transport) {
    static const std::map<std::string, Transport> kNames{{"ws", Transport::kWebSocket},
                                                         {"sse", Transport::kSse}};
    command.add_option("--transport", transport, "ws or sse")
        ->transform(CLI::CheckedTransformer(kNames).description("{ws,sse}"))
        ->default_str("ws");
}

void add_rate(CLI::App& command, double& rate_per_second) {
    command.add_option("--rate", rate_per_second, "Events published per second")
        ->check(CLI::Range(kRateMin, kRateMax))
        ->capture_default_str();
}

void add_size(CLI::App& command, std::size_t& payload_bytes) {
    command.add_option("--size", payload_bytes, "Bytes of an event's data")
        ->check(CLI::Range(kStampBytes, limits::kEventBytesMax))
        ->capture_default_str();
}

void add_seconds(CLI::App& command, std::chrono::seconds& time, const char* what) {
    command
        .add_option_function<std::size_t>(
            "--seconds", [&time](std::size_t seconds) { time = std::chrono::seconds{seconds}; },
            what)
        ->check(CLI::Range(std::size_t{1}, kSecondsMax))
        ->default_str(std::to_string(time.count()));
}

int run_and_print(const RunOptions& options, const Scenario& scenario) {
    const Interruption interruption;
    const auto report = scenario(options);
    if (!report) {
        std::fputs(("howl-bench: " + report.error().describe() + "\n").c_str(), stderr);
        return 1;
    }
    std::fputs(report->text(options.format).c_str(), stdout);
    return report->failed() ? 1 : 0;
}

enum class Target : std::uint8_t {
    kTopic,  ///< May be named by `--topic`.
    kRoom,   ///< Always a fresh one.
};

/// Adds one scenario. Its options live as long as the command, which keeps them in its callback.
template <class Options, Target kTarget = Target::kTopic>
void add_scenario(CLI::App& program, int& exit_status, const char* name, const char* what,
                  Result<Report> (*run)(const RunOptions&, const Options&),
                  void (*add_options)(CLI::App&, Options&)) {
    auto* command = program.add_subcommand(name, what);
    const auto arguments = std::make_shared<RunArguments>();
    const auto options = std::make_shared<Options>();
    add_options(*command, *options);
    add_run_options(*command, *arguments);
    if constexpr (kTarget == Target::kTopic) {
        add_topic(*command, *arguments);
    }
    command->callback([arguments, options, run, &exit_status] {
        exit_status = run_and_print(run_options_of(*arguments), [&](const RunOptions& run_options) {
            return run(run_options, *options);
        });
    });
}

void add_idle_options(CLI::App& command, IdleOptions& options) {
    static const std::map<std::string, Crowd> kNames{
        {"ws", Crowd::kWebSocket}, {"sse", Crowd::kSse}, {"both", Crowd::kBoth}};
    add_connections(command, "--connections", options.connections,
                    "Connections to open (of each kind with --transport both)");
    command.add_option("--transport", options.crowd, "ws, sse or both")
        ->transform(CLI::CheckedTransformer(kNames).description("{ws,sse,both}"))
        ->default_str("ws");
    add_seconds(command, options.time, "Time to stay connected, seconds");
}

void add_fanout_options(CLI::App& command, FanoutOptions& options) {
    add_connections(command, "--readers", options.readers, "Readers of the topic");
    add_transport(command, options.transport);
    add_rate(command, options.rate_per_second);
    add_size(command, options.payload_bytes);
    add_seconds(command, options.time, "Time measured, seconds");
    command.add_flag("--baseline", options.baseline,
                     "Measure a bare send() loop over as many sockets in the same run");
    command
        .add_option("--rounds", options.rounds,
                    "Turns that server and baseline take, dividing the time")
        ->check(CLI::Range(1U, kRoundsMax))
        ->capture_default_str();
}

void add_storm_options(CLI::App& command, StormOptions& options) {
    add_connections(command, "--clients", options.clients,
                    "Clients that are cut off and come back");
    command.add_option("--missed", options.missed, "Events published while they are away")
        ->check(CLI::Range(std::size_t{0}, kMissedMax))
        ->capture_default_str();
    add_transport(command, options.transport);
    add_size(command, options.payload_bytes);
}

void add_slow_options(CLI::App& command, SlowOptions& options) {
    add_connections(command, "--readers", options.readers, "Readers of the topic");
    add_connections(command, "--stalled", options.stalled, "Of them, those that stop reading");
    add_transport(command, options.transport);
    add_rate(command, options.rate_per_second);
    add_size(command, options.payload_bytes);
    add_seconds(command, options.time, "Time of each phase (all read, then some stall), seconds");
}

void add_publish_options(CLI::App& command, PublishOptions& options) {
    add_connections(command, "--publishers", options.publishers,
                    "Keep-alive connections, each with one event under way");
    add_size(command, options.payload_bytes);
    add_seconds(command, options.time, "Time measured, seconds");
}

void add_chat_options(CLI::App& command, ChatOptions& options) {
    add_connections(command, "--members", options.members, "Members of the room");
    command
        .add_option("--rate", options.rate_per_second,
                    "Messages sent per second by all members together; the server allows each "
                    "of them chat.messages_per_second")
        ->check(CLI::Range(kRateMin, kRateMax))
        ->capture_default_str();
    command.add_option("--size", options.text_bytes, "Bytes of a message's text")
        ->check(CLI::Range(kStampBytes, kChatTextBytesMax))
        ->capture_default_str();
    add_seconds(command, options.time, "Time in which messages are sent, seconds");
    command
        .add_option("--p99-limit", options.p99_limit_ms,
                    "Fail when the p99 of the delivery latency is above, ms")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
}

void add_kafka_options(CLI::App& command, KafkaOptions& options) {
    command
        .add_option("--brokers", options.brokers,
                    "HOST:PORT of Kafka's brokers; the --spawn server reads there too")
        ->required();
    command.add_option("--users", options.users, "Users with an inbox, each read by one stream")
        ->check(CLI::Range(std::size_t{1}, kConnectionsMax))
        ->capture_default_str();
    command.add_option("--rate", options.rate_per_second, "Records written per second")
        ->check(CLI::Range(kRateMin, kRateMax))
        ->capture_default_str();
    command.add_option("--size", options.payload_bytes, "Bytes of a message")
        ->check(CLI::Range(kStampBytes, kKafkaTextBytesMax))
        ->capture_default_str();
    add_seconds(command, options.time, "Time in which records are written, seconds");
}

}  // namespace

void add_scenario_commands(CLI::App& program, int& exit_status) {
    program.require_subcommand(1);
    add_scenario<IdleOptions>(program, exit_status, "idle",
                              "Many silent connections: memory of each", run_idle,
                              add_idle_options);
    add_scenario<FanoutOptions>(program, exit_status, "fanout",
                                "One publisher, many readers: CPU per delivery, latency, losses",
                                run_fanout, add_fanout_options);
    add_scenario<StormOptions>(program, exit_status, "storm",
                               "All clients are cut off and resume at once", run_storm,
                               add_storm_options);
    add_scenario<SlowOptions>(program, exit_status, "slow",
                              "Some readers stop reading: what the others feel", run_slow,
                              add_slow_options);
    add_scenario<PublishOptions>(program, exit_status, "publish",
                                 "Publishers in a closed loop: acknowledged events per second",
                                 run_publish, add_publish_options);
    add_scenario<ChatOptions, Target::kRoom>(
        program, exit_status, "chat",
        "Members of one chat room: time to join, delivery latency, every message once in order",
        run_chat, add_chat_options);
    add_scenario<KafkaOptions, Target::kRoom>(
        program, exit_status, "kafka",
        "Records from Kafka to their users' inboxes: rate, lag, every message once in order",
        run_kafka, add_kafka_options);
}

}  // namespace howl::loadtest
