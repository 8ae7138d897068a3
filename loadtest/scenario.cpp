// SPDX-License-Identifier: Apache-2.0
#include "loadtest/scenario.hpp"

#include <algorithm>
#include <unistd.h>

#include <fmt/format.h>

#include "loadtest/interruption.hpp"

namespace howl::loadtest {
namespace {

using namespace std::chrono_literals;

constexpr auto kTurnWait = 2ms;
constexpr auto kQuietTime = 1s;

template <class T>
std::optional<T> value_or_nothing(Result<T> result) {
    return result ? std::optional<T>{std::move(*result)} : std::nullopt;
}

std::uint64_t unique_events(const LoadClient& client) {
    return client.counts().events - client.counts().repeats;
}

}  // namespace

Result<ServerUnderTest> ServerUnderTest::create(const RunOptions& options) {
    ServerUnderTest server;
    if (options.spawn) {
        HOWL_TRY(spawned, SpawnedServer::create(options.spawn_options));
        server.endpoint_ = spawned->endpoint();
        server.probe_ = ProcessProbe{spawned->pid()};
        server.spawned_ = std::move(spawned);
        return server;
    }
    HOWL_TRY(endpoint, parse_endpoint(options.url, options.reach));
    server.endpoint_ = endpoint;
    if (options.server_pid != 0) {
        server.probe_ = ProcessProbe{options.server_pid};
        HOWL_TRY_VOID(server.probe_->cpu());
    }
    return server;
}

std::optional<CpuClock> ServerUnderTest::cpu() const {
    return probe_ ? value_or_nothing(probe_->cpu()) : std::nullopt;
}

std::optional<MemoryUse> ServerUnderTest::memory() const {
    return probe_ ? value_or_nothing(probe_->memory()) : std::nullopt;
}

std::optional<std::size_t> ServerUnderTest::descriptors() const {
    return probe_ ? value_or_nothing(probe_->descriptors()) : std::nullopt;
}

std::string topic_of(const RunOptions& options, std::string_view scenario) {
    return options.topic.empty() ? fmt::format("bench/{}-{}", scenario, ::getpid()) : options.topic;
}

std::string_view name_of(Transport transport) noexcept {
    return transport == Transport::kWebSocket ? "ws" : "sse";
}

double seconds_of(std::chrono::nanoseconds time) noexcept {
    return std::chrono::duration<double>{time}.count();
}

bool turn_until(ConnectionCrowd& crowd, std::chrono::nanoseconds timeout,
                const std::function<bool()>& condition, const std::function<void()>& each_turn) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (!condition()) {
        if (Interruption::requested() || std::chrono::steady_clock::now() >= deadline) {
            return false;
        }
        crowd.turn(kTurnWait);
        if (each_turn) {
            each_turn();
        }
    }
    return true;
}

void wait_until_quiet(ConnectionCrowd& crowd, std::uint64_t expected,
                      const std::function<std::uint64_t()>& seen, std::chrono::nanoseconds quiet) {
    std::uint64_t last = seen();
    auto last_growth = std::chrono::steady_clock::now();
    while (last < expected && std::chrono::steady_clock::now() - last_growth < quiet) {
        crowd.turn(kTurnWait);
        if (const std::uint64_t now = seen(); now != last) {
            last = now;
            last_growth = std::chrono::steady_clock::now();
        }
    }
}

void wait_until_quiet(LoadClient& client, std::uint64_t expected) {
    wait_until_quiet(client, expected, [&client] { return unique_events(client); }, kQuietTime);
}

std::chrono::nanoseconds connect_all(ConnectionCrowd& crowd, const RunOptions& options,
                                     Progress& progress, Report& report) {
    const auto start = std::chrono::steady_clock::now();
    crowd.open_all();
    const bool settled = turn_until(
        crowd, options.connect_time, [&] { return crowd.all_settled(); },
        [&] {
            if (progress.due()) {
                progress.show(fmt::format("{} of {} connected", crowd.open_count(), crowd.size()));
            }
        });
    const auto took = std::chrono::steady_clock::now() - start;
    progress.show(fmt::format("{} connected in {:.2f} s", crowd.open_count(), seconds_of(took)));
    if (crowd.open_count() < crowd.size()) {
        report.add_failure(fmt::format("{} of {} did not connect{}{}",
                                       crowd.size() - crowd.open_count(), crowd.size(),
                                       settled ? ": " : " in time ", crowd.first_failure()));
    }
    return took;
}

std::string describe_endings(const ConnectionCrowd& crowd) {
    std::string endings;
    for (const auto& [how, times] : crowd.endings()) {
        endings += fmt::format("{}{} x {}", endings.empty() ? "" : ", ", times, how);
    }
    return endings;
}

void report_endings(Report& report, const ConnectionCrowd& crowd) {
    report.add_count("ended_connections", "connections ended", crowd.ended_count());
    if (crowd.ended_count() != 0) {
        report.add_text("endings", "how they ended", describe_endings(crowd));
    }
}

void report_losses(Report& report, const LoadClient& client, std::uint64_t expected) {
    const std::uint64_t seen = unique_events(client);
    const std::uint64_t lost = expected - std::min(expected, seen);
    report.add_count("lost", "lost deliveries", lost);
    report.add_count("repeated", "repeated deliveries", client.counts().repeats);
    report.add_count("resets", "history resets", client.counts().resets);
    report_endings(report, client);
    if (lost != 0) {
        report.add_failure(fmt::format("{} deliveries lost", lost));
    }
    if (client.counts().repeats != 0) {
        report.add_failure(fmt::format("{} deliveries repeated", client.counts().repeats));
    }
}

void report_cpu(Report& report, std::string_view key, std::string_view label, const CpuUse& cpu,
                std::uint64_t deliveries) {
    const double count = static_cast<double>(std::max<std::uint64_t>(deliveries, 1));
    const auto add = [&](std::string_view part, double nanos) {
        report.add_figure(fmt::format("{}_{}_us_per_delivery", key, part),
                          fmt::format("{} CPU per delivery, {}", label, part),
                          nanos / count / 1000.0, 3, "us");
    };
    add("user", cpu.user_nanos);
    add("system", cpu.system_nanos);
    add("total", cpu.total_nanos());
}

}  // namespace howl::loadtest
