// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "loadtest/http_publisher.hpp"
#include "loadtest/interruption.hpp"
#include "loadtest/raw_baseline.hpp"
#include "loadtest/scenarios.hpp"

namespace howl::loadtest {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kSpareDescriptors = 64;
/// Events before each measurement, which warm up caches, branch predictors and socket buffers.
constexpr std::uint64_t kWarmUpEvents = 10;
/// A measurement that takes this much longer than planned is cut.
constexpr auto kOverrun = 30s;

/// One side of the comparison: the sender, the readers, the process whose CPU is counted.
struct Side {
    explicit Side(std::string_view side_name) : name(side_name) {}

    std::string_view name;
    std::unique_ptr<EventSource> source;
    std::unique_ptr<LoadClient> client;
    std::optional<ProcessProbe> probe;

    std::uint64_t sent = 0;            ///< Events, warm-up included.
    std::uint64_t expected = 0;        ///< Deliveries, warm-up included.
    std::uint64_t deliveries = 0;      ///< Measured.
    std::uint64_t wire_bytes = 0;      ///< Measured.
    CpuUse cpu;                        ///< Measured.
    std::chrono::nanoseconds time{0};  ///< Measured.
    Histogram latencies;               ///< Measured.
};

std::optional<CpuClock> cpu_of(const Side& side) {
    if (!side.probe) {
        return std::nullopt;
    }
    const auto clock = side.probe->cpu();
    return clock ? std::optional{*clock} : std::nullopt;
}

class FanoutRun {
public:
    FanoutRun(const RunOptions& run, const FanoutOptions& options)
        : run_(run), options_(options), report_("fanout"), progress_("fanout") {}

    Result<Report> carry_out() {
        // First, because a process forks best while it has one thread and few descriptors.
        if (options_.baseline) {
            HOWL_TRY(baseline, RawBaseline::create(options_.readers));
            baseline_ = baseline.get();
            baseline_side_.source = std::move(baseline);
        }
        HOWL_TRY(server, ServerUnderTest::create(run_));
        const std::size_t sides = options_.baseline ? 2 : 1;
        HOWL_TRY_VOID(require_descriptors(options_.readers * sides + kSpareDescriptors));
        HOWL_TRY_VOID(prepare_server_side(server));
        server_ = std::move(server);
        HOWL_TRY_VOID(take_turns());
        report_side(server_side_, "server");
        report_losses(report_, *server_side_.client, server_side_.expected);
        if (baseline_side_.client != nullptr) {
            report_baseline();
        }
        return std::move(report_);
    }

private:
    Result<void> prepare_server_side(const ServerUnderTest& server) {
        const std::string topic = topic_of(run_, "fanout");
        HOWL_TRY(client, LoadClient::create({.crowd = {.endpoint = server.endpoint(),
                                                       .transport = options_.transport,
                                                       .connections = options_.readers,
                                                       .openings_max = run_.openings_max},
                                             .topic = topic}));
        HOWL_TRY(publisher, HttpPublisher::connect(server.endpoint(), topic));
        server_side_.client = std::move(client);
        server_side_.source = std::make_unique<HttpEventSource>(std::move(publisher));
        server_side_.probe = server.probe();
        const auto took = connect_all(*server_side_.client, run_, progress_, report_);
        report_.add_text("transport", "transport", name_of(options_.transport));
        report_.add_count("connections", "connections", server_side_.client->open_count());
        report_.add_figure("connect_s", "time to connect all", seconds_of(took), 3, "s");
        return {};
    }

    /// The baseline repeats what the server sent, so its readers connect after the first events.
    Result<void> prepare_baseline_side() {
        const LoadClient& example = *server_side_.client;
        if (example.sample_event().empty()) {
            return fail(Errc::kSystem, "fanout", "no event arrived to compare with");
        }
        HOWL_TRY(client, LoadClient::create({.crowd = {.endpoint = baseline_->endpoint(),
                                                       .transport = options_.transport,
                                                       .opening = Opening::kBare,
                                                       .bare_framing = example.body_framing(),
                                                       .connections = options_.readers,
                                                       .openings_max = run_.openings_max},
                                             .topic = ""}));
        baseline_side_.client = std::move(client);
        baseline_side_.probe = ProcessProbe{baseline_->pid()};
        baseline_->use_event(example.sample_event(), example.body_framing());
        connect_all(*baseline_side_.client, run_, progress_, report_);
        return {};
    }

    Result<void> take_turns() {
        const unsigned rounds = options_.baseline ? std::max(options_.rounds, 1U) : 1U;
        const double seconds = static_cast<double>(options_.time.count()) / rounds;
        const auto events = static_cast<std::uint64_t>(
            std::max(1.0, std::round(options_.rate_per_second * seconds)));
        for (unsigned round = 0; round < rounds && !Interruption::requested(); ++round) {
            HOWL_TRY_VOID(measure(server_side_, events));
            if (options_.baseline && !Interruption::requested()) {
                if (baseline_side_.client == nullptr) {
                    HOWL_TRY_VOID(prepare_baseline_side());
                }
                HOWL_TRY_VOID(measure(baseline_side_, events));
            }
        }
        return {};
    }

    Result<void> measure(Side& side, std::uint64_t events) {
        side.client->record_into(nullptr);
        HOWL_TRY_VOID(send(side, kWarmUpEvents));
        side.client->record_into(&side.latencies);
        const std::uint64_t events_before = side.client->counts().events;
        const std::uint64_t bytes_before = side.client->wire_bytes();
        const auto cpu_before = cpu_of(side);
        const auto start = std::chrono::steady_clock::now();
        HOWL_TRY_VOID(send(side, events));
        side.time += std::chrono::steady_clock::now() - start;
        if (const auto cpu_after = cpu_of(side); cpu_before && cpu_after) {
            side.cpu += cpu_between(*cpu_before, *cpu_after, ProcessProbe::nanos_per_tick());
        }
        side.deliveries += side.client->counts().events - events_before;
        side.wire_bytes += side.client->wire_bytes() - bytes_before;
        return {};
    }

    /// Sends `count` events to the readers that are open now and waits until they have arrived.
    Result<void> send(Side& side, std::uint64_t count) {
        const SendPlan plan{.rate_per_second = options_.rate_per_second,
                            .count = count,
                            .first_number = side.sent + 1,
                            .payload_bytes = options_.payload_bytes};
        const std::size_t readers = side.client->open_count();
        HOWL_TRY_VOID(side.source->start(plan));
        const auto timeout = due_after(plan, count) + kOverrun;
        if (!turn_until(
                *side.client, timeout, [&] { return side.source->done(); },
                [&] { on_turn(side); })) {
            side.source->stop();
            static_cast<void>(
                turn_until(*side.client, kOverrun, [&] { return side.source->done(); }));
        }
        side.sent += side.source->sent();
        side.expected += side.source->sent() * readers;
        if (const std::string why = side.source->failure(); !why.empty()) {
            report_.add_failure(fmt::format("{}: {}", side.name, why));
        }
        wait_until_quiet(*side.client, side.expected);
        return {};
    }

    void on_turn(const Side& side) {
        if (!progress_.due()) {
            return;
        }
        // The side that waits must still answer pings.
        for (const Side* each : {&server_side_, &baseline_side_}) {
            if (each->client != nullptr && each != &side) {
                each->client->turn(0ms);
            }
        }
        progress_.show(fmt::format("{}: {} events sent, {} deliveries", side.name,
                                   side.sent + side.source->sent(),
                                   with_thousands(side.client->counts().events)));
    }

    void report_side(const Side& side, std::string_view key) {
        const double seconds = std::max(seconds_of(side.time), 1e-9);
        const double deliveries = static_cast<double>(std::max<std::uint64_t>(side.deliveries, 1));
        const auto keyed = [&](std::string_view name) { return fmt::format("{}_{}", key, name); };
        const auto labeled = [&](std::string_view name) { return fmt::format("{} {}", key, name); };
        report_.add_count(keyed("deliveries"), labeled("deliveries"), side.deliveries);
        report_.add_figure(keyed("deliveries_per_s"), labeled("deliveries per second"),
                           static_cast<double>(side.deliveries) / seconds, 0, "/s");
        report_.add_figure(keyed("wire_bytes_per_delivery"), labeled("bytes per delivery"),
                           static_cast<double>(side.wire_bytes) / deliveries, 1, "B");
        report_.add_latency(keyed("latency_ms"), labeled("latency"), side.latencies);
        if (side.probe) {
            report_cpu(report_, key, key, side.cpu, side.deliveries);
        }
    }

    void report_baseline() {
        report_side(baseline_side_, "baseline");
        report_.add_count("baseline_refused", "baseline refused by full sockets",
                          baseline_->refused());
        if (!server_side_.probe || server_side_.deliveries == 0 || baseline_side_.deliveries == 0) {
            return;
        }
        const auto per_delivery = [](const Side& side) {
            return side.cpu.total_nanos() / static_cast<double>(side.deliveries);
        };
        report_.add_figure("cpu_ratio", "server CPU / bare send() loop",
                           per_delivery(server_side_) / per_delivery(baseline_side_), 3, "x");
    }

    const RunOptions& run_;
    const FanoutOptions& options_;
    Report report_;
    Progress progress_;
    std::optional<ServerUnderTest> server_;  ///< Before the sides, to end after their connections.
    RawBaseline* baseline_ = nullptr;        ///< Owned by `baseline_side_`.
    Side server_side_{"server"};
    Side baseline_side_{"baseline"};
};

}  // namespace

Result<Report> run_fanout(const RunOptions& run, const FanoutOptions& options) {
    return FanoutRun{run, options}.carry_out();
}

}  // namespace howl::loadtest
