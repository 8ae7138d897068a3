// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "loadtest/interruption.hpp"
#include "loadtest/scenarios.hpp"

namespace howl::loadtest {
namespace {

using namespace std::chrono_literals;

/// What a run needs beside its connections: files, pipes, the publisher.
constexpr std::size_t kSpareDescriptors = 64;
constexpr auto kTurnWait = 20ms;

struct Crowds {
    std::vector<std::unique_ptr<LoadClient>> clients;
    std::size_t connections = 0;
};

Result<Crowds> create_crowds(const RunOptions& run, const IdleOptions& options,
                             const Endpoint& endpoint) {
    Crowds crowds;
    for (const auto transport : {Transport::kWebSocket, Transport::kSse}) {
        const auto other = transport == Transport::kWebSocket ? Crowd::kSse : Crowd::kWebSocket;
        if (options.crowd == other) {
            continue;
        }
        HOWL_TRY(client, LoadClient::create({.crowd = {.endpoint = endpoint,
                                                       .transport = transport,
                                                       .connections = options.connections,
                                                       .openings_max = run.openings_max},
                                             .topic = topic_of(run, "idle")}));
        crowds.clients.push_back(std::move(client));
        crowds.connections += options.connections;
    }
    return crowds;
}

void report_memory(Report& report, const std::optional<MemoryUse>& before,
                   const std::optional<MemoryUse>& after, std::size_t connections) {
    if (!before || !after) {
        report.add_text("memory", "server memory", "not measured: no --server-pid");
        return;
    }
    const auto per_connection = [&](std::uint64_t MemoryUse::* kind) {
        const double grown =
            static_cast<double>((*after).*kind) - static_cast<double>((*before).*kind);
        return grown / static_cast<double>(std::max<std::size_t>(connections, 1));
    };
    report.add_figure("anonymous_bytes_per_connection", "server memory per connection",
                      per_connection(&MemoryUse::anonymous_bytes), 0, "B");
    report.add_figure("private_dirty_bytes_per_connection", "  of it, private dirty",
                      per_connection(&MemoryUse::private_dirty_bytes), 0, "B");
    report.add_figure("resident_bytes_per_connection", "  resident growth",
                      per_connection(&MemoryUse::resident_bytes), 0, "B");
    report.add_count("server_resident_bytes", "server resident bytes", after->resident_bytes);
}

/// Keeps all connections open, answering pings. Returns the time it took.
std::chrono::nanoseconds keep_open(Crowds& crowds, std::chrono::seconds time, Progress& progress) {
    const auto start = std::chrono::steady_clock::now();
    while (!Interruption::requested() && std::chrono::steady_clock::now() - start < time) {
        std::size_t open = 0;
        for (const auto& client : crowds.clients) {
            client->turn(kTurnWait);
            open += client->open_count();
        }
        if (progress.due()) {
            progress.show(fmt::format("{} connections open", open));
        }
    }
    return std::chrono::steady_clock::now() - start;
}

}  // namespace

Result<Report> run_idle(const RunOptions& run, const IdleOptions& options) {
    HOWL_TRY(server, ServerUnderTest::create(run));
    HOWL_TRY(crowds, create_crowds(run, options, server.endpoint()));
    HOWL_TRY_VOID(require_descriptors(crowds.connections + kSpareDescriptors));
    Report report{"idle"};
    Progress progress{"idle"};

    const auto memory_before = server.memory();
    std::chrono::nanoseconds connecting{0};
    std::size_t connected = 0;
    for (const auto& client : crowds.clients) {
        connecting += connect_all(*client, run, progress, report);
        connected += client->open_count();
    }
    const auto cpu_before = server.cpu();
    const auto idle_time = keep_open(crowds, options.time, progress);
    const auto cpu_after = server.cpu();
    const auto memory_after = server.memory();

    report.add_count("connections", "connections", connected);
    report.add_figure("connect_s", "time to connect all", seconds_of(connecting), 3, "s");
    report.add_figure("stayed_s", "time idle", seconds_of(idle_time), 1, "s");
    report_memory(report, memory_before, memory_after, connected);
    if (cpu_before && cpu_after) {
        const CpuUse cpu = cpu_between(*cpu_before, *cpu_after, ProcessProbe::nanos_per_tick());
        report.add_figure("server_core_percent", "server CPU while idle",
                          cpu.total_nanos() / static_cast<double>(idle_time.count()) * 100, 2,
                          "% of a core");
    }
    std::uint64_t pings = 0;
    std::size_t ended = 0;
    for (const auto& client : crowds.clients) {
        pings += client->pings();
        ended += client->ended_count();
    }
    report.add_count("pings", "pings answered", pings);
    report.add_count("ended_connections", "connections ended", ended);
    if (ended != 0) {
        report.add_failure(fmt::format("{} connections did not stay open", ended));
    }
    return report;
}

}  // namespace howl::loadtest
