// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "loadtest/http_publisher.hpp"
#include "loadtest/scenarios.hpp"

namespace howl::loadtest {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kSpareDescriptors = 64;
/// A storm that takes longer has failed.
constexpr auto kStormTime = 60s;

/// Publishes events number `first` and following.
Result<void> publish_events(HttpPublisher& publisher, std::uint64_t first, std::uint64_t count,
                            std::size_t payload_bytes) {
    for (std::uint64_t index = 0; index < count; ++index) {
        const Stamp stamp{.nanos = steady_nanos(), .number = first + index};
        HOWL_TRY_VOID(publisher.publish(make_payload(payload_bytes, stamp)));
    }
    return {};
}

/// Times from the start of the storm until all readers had reached a state.
struct Milestones {
    std::optional<std::chrono::nanoseconds> all_connected;
    std::optional<std::chrono::nanoseconds> all_caught_up;
};

Milestones reconnect_all(LoadClient& client, std::uint64_t wanted_events, Progress& progress) {
    Milestones milestones;
    const auto start = std::chrono::steady_clock::now();
    const auto elapsed = [&] { return std::chrono::steady_clock::now() - start; };
    const auto unique = [&] { return client.counts().events - client.counts().repeats; };
    client.open_all();
    const bool done = turn_until(
        client, kStormTime,
        [&] {
            if (!milestones.all_connected && client.open_count() == client.size()) {
                milestones.all_connected = elapsed();
            }
            return client.all_settled() && unique() >= wanted_events;
        },
        [&] {
            if (progress.due()) {
                progress.show(fmt::format("{} back, {} events still to come", client.open_count(),
                                          wanted_events - std::min(wanted_events, unique())));
            }
        });
    if (done) {
        milestones.all_caught_up = elapsed();
    }
    return milestones;
}

void report_milestone(Report& report, std::string_view key, std::string_view label,
                      const std::optional<std::chrono::nanoseconds>& when) {
    if (when) {
        report.add_figure(key, label, seconds_of(*when), 3, "s");
    } else {
        report.add_text(key, label, "never");
        report.add_failure(fmt::format("{}: never", label));
    }
}

}  // namespace

Result<Report> run_storm(const RunOptions& run, const StormOptions& options) {
    HOWL_TRY(server, ServerUnderTest::create(run));
    HOWL_TRY_VOID(require_descriptors(options.clients + kSpareDescriptors));
    const std::string topic = topic_of(run, "storm");
    HOWL_TRY(client, LoadClient::create({.crowd = {.endpoint = server.endpoint(),
                                                   .transport = options.transport,
                                                   .connections = options.clients,
                                                   .openings_max = run.openings_max},
                                         .topic = topic,
                                         .cursors = CursorUse::kResume}));
    HOWL_TRY(publisher, HttpPublisher::connect(server.endpoint(), topic));
    Report report{"storm"};
    Progress progress{"storm"};

    connect_all(*client, run, progress, report);
    // One event gives every reader a cursor to resume with.
    HOWL_TRY_VOID(publish_events(publisher, 1, 1, options.payload_bytes));
    const std::uint64_t first_events = client->open_count();
    wait_until_quiet(*client, first_events);
    const std::size_t with_cursor = client->readers_at(1);
    client->drop_all();
    HOWL_TRY_VOID(publish_events(publisher, 2, options.missed, options.payload_bytes));

    const std::uint64_t expected = first_events + options.clients * options.missed;
    const auto cpu_before = server.cpu();
    const Milestones milestones = reconnect_all(*client, expected, progress);
    const auto cpu_after = server.cpu();
    wait_until_quiet(*client, expected + 1);  // One more second, in which a repeat would arrive.

    report.add_text("transport", "transport", name_of(options.transport));
    report.add_count("clients", "clients", options.clients);
    report.add_count("with_cursor", "clients with a cursor", with_cursor);
    report.add_count("missed", "events missed by each", options.missed);
    report_milestone(report, "connected_s", "all connected again after", milestones.all_connected);
    report_milestone(report, "caught_up_s", "all have all events after", milestones.all_caught_up);
    report_losses(report, *client, expected);
    report.add_count("skipped", "holes in the middle", client->counts().skipped);
    if (cpu_before && cpu_after) {
        const CpuUse cpu = cpu_between(*cpu_before, *cpu_after, ProcessProbe::nanos_per_tick());
        report_cpu(report, "server", "server", cpu, options.clients * options.missed);
    }
    return report;
}

}  // namespace howl::loadtest
