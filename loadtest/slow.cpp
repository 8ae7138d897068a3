// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "loadtest/http_publisher.hpp"
#include "loadtest/scenarios.hpp"

namespace howl::loadtest {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kSpareDescriptors = 64;
constexpr auto kOverrun = 30s;
constexpr auto kSampleInterval = 250ms;

/// Observes the server's process while some readers stall: a stalled reader can't see that its
/// connection is closed behind the bytes that it doesn't read, but the server's descriptors become
/// fewer.
class ServerMonitor {
public:
    explicit ServerMonitor(const ServerUnderTest& server)
        : server_(server),
          start_(std::chrono::steady_clock::now()),
          descriptors_before_(server.descriptors()) {}

    void sample() {
        const auto now = std::chrono::steady_clock::now();
        if (now < next_) {
            return;
        }
        next_ = now + kSampleInterval;
        if (const auto memory = server_.memory()) {
            peak_bytes_ = std::max(peak_bytes_, memory->resident_bytes);
        }
        const auto descriptors = server_.descriptors();
        if (!descriptors || !descriptors_before_ || *descriptors >= *descriptors_before_) {
            return;
        }
        const std::size_t gone = *descriptors_before_ - *descriptors;
        if (gone > closed_) {
            closed_ = gone;
            last_closed_ = now - start_;
            first_closed_ = first_closed_.value_or(last_closed_);
        }
    }

    [[nodiscard]] std::uint64_t peak_bytes() const noexcept { return peak_bytes_; }
    [[nodiscard]] std::size_t closed() const noexcept { return closed_; }
    [[nodiscard]] std::optional<std::chrono::nanoseconds> first_closed() const noexcept {
        return first_closed_;
    }
    [[nodiscard]] std::chrono::nanoseconds last_closed() const noexcept { return last_closed_; }

private:
    const ServerUnderTest& server_;
    const std::chrono::steady_clock::time_point start_;
    const std::optional<std::size_t> descriptors_before_;
    std::chrono::steady_clock::time_point next_;
    std::uint64_t peak_bytes_ = 0;
    std::size_t closed_ = 0;
    std::optional<std::chrono::nanoseconds> first_closed_;
    std::chrono::nanoseconds last_closed_{0};
};

struct Phase {
    Histogram latencies;
    std::uint64_t expected = 0;  ///< Of the readers that don't stall.
};

class SlowRun {
public:
    SlowRun(ServerUnderTest server, const RunOptions& run, const SlowOptions& options)
        : server_(std::move(server)),
          run_(run),
          options_(options),
          report_("slow"),
          progress_("slow") {}

    Result<Report> carry_out() {
        HOWL_TRY_VOID(prepare());
        Phase all_read;
        // Observed in the same way, because that costs the readers some time too.
        ServerMonitor warm_up{server_};
        HOWL_TRY_VOID(run_phase(all_read, warm_up));
        const auto memory_before = server_.memory();

        client_->stall();
        ServerMonitor monitor{server_};
        Phase some_stall;
        HOWL_TRY_VOID(run_phase(some_stall, monitor));
        monitor.sample();
        const auto memory_after = server_.memory();
        read_rest_of_stalled();

        report_latency(all_read, some_stall);
        report_stalled(monitor);
        report_memory_use(memory_before, memory_after, monitor);
        report_reader_losses(all_read.expected + some_stall.expected);
        return std::move(report_);
    }

private:
    Result<void> prepare() {
        const std::string topic = topic_of(run_, "slow");
        HOWL_TRY(client, LoadClient::create({.crowd = {.endpoint = server_.endpoint(),
                                                       .transport = options_.transport,
                                                       .connections = options_.readers,
                                                       .openings_max = run_.openings_max,
                                                       .stalling = options_.stalled},
                                             .topic = topic}));
        HOWL_TRY(publisher, HttpPublisher::connect(server_.endpoint(), topic));
        client_ = std::move(client);
        source_ = std::make_unique<HttpEventSource>(std::move(publisher));
        connect_all(*client_, run_, progress_, report_);
        return {};
    }

    /// One phase: the same series of events, with the latency of all but the stalling readers.
    Result<void> run_phase(Phase& phase, ServerMonitor& monitor) {
        const auto count = static_cast<std::uint64_t>(
            std::max(1.0, options_.rate_per_second * static_cast<double>(options_.time.count())));
        const SendPlan plan{.rate_per_second = options_.rate_per_second,
                            .count = count,
                            .first_number = sent_ + 1,
                            .payload_bytes = options_.payload_bytes};
        const std::size_t readers = client_->flowing_open();
        const std::uint64_t seen_before = client_->flowing_events();
        client_->record_into(&phase.latencies);
        HOWL_TRY_VOID(source_->start(plan));
        const auto each_turn = [&] {
            monitor.sample();
            if (progress_.due()) {
                progress_.show(fmt::format("{} events sent, {} connections open",
                                           sent_ + source_->sent(), client_->open_count()));
            }
        };
        if (!turn_until(
                *client_, due_after(plan, count) + kOverrun, [&] { return source_->done(); },
                each_turn)) {
            source_->stop();
        }
        sent_ += source_->sent();
        phase.expected = source_->sent() * readers;
        if (const std::string why = source_->failure(); !why.empty()) {
            report_.add_failure(why);
        }
        static_cast<void>(turn_until(*client_, 2s, [&] {  // Missing ones are counted at the end.
            return client_->flowing_events() - seen_before >= phase.expected;
        }));
        return {};
    }

    /// Readers that were closed find the close frame, or the end, after their last bytes.
    void read_rest_of_stalled() {
        client_->record_into(nullptr);
        client_->unstall();
        static_cast<void>(turn_until(*client_, 2s, [&] {  // Not all need have been closed.
            return client_->open_count() <= options_.readers - options_.stalled;
        }));
    }

    void report_latency(const Phase& all_read, const Phase& some_stall) {
        report_.add_text("transport", "transport", name_of(options_.transport));
        report_.add_count("readers", "readers", options_.readers);
        report_.add_latency("baseline_latency_ms", "latency while all read,", all_read.latencies);
        report_.add_latency("stalled_latency_ms", "latency while some stall,",
                            some_stall.latencies);
        const double before = static_cast<double>(all_read.latencies.value_at(99));
        const double during = static_cast<double>(some_stall.latencies.value_at(99));
        report_.add_figure("p99_ratio", "p99, some stall / all read", during / before, 2, "x");
        report_.add_figure("p99_growth_ms", "p99 growth", (during - before) / 1e6, 3, "ms");
    }

    void report_stalled(const ServerMonitor& monitor) {
        report_.add_count("stalled", "readers that stalled", options_.stalled);
        report_.add_count("closed", "  closed by the server, as they found",
                          client_->ended_count());
        if (monitor.first_closed()) {
            report_.add_count("closed_early", "  closed while they stalled", monitor.closed());
            report_.add_figure("first_closed_s", "  first closed after",
                               seconds_of(*monitor.first_closed()), 2, "s");
            report_.add_figure("last_closed_s", "  last closed after",
                               seconds_of(monitor.last_closed()), 2, "s");
        }
    }

    void report_memory_use(const std::optional<MemoryUse>& before,
                           const std::optional<MemoryUse>& after, const ServerMonitor& monitor) {
        if (!before || !after) {
            return;
        }
        constexpr double kMebibyte = 1024.0 * 1024.0;
        const auto growth = [&](std::uint64_t bytes) {
            return (static_cast<double>(bytes) - static_cast<double>(before->resident_bytes)) /
                   kMebibyte;
        };
        report_.add_figure("rss_growth_peak_mib", "server memory growth, peak",
                           growth(std::max(monitor.peak_bytes(), after->resident_bytes)), 2, "MiB");
        report_.add_figure("rss_growth_end_mib", "server memory growth, at the end",
                           growth(after->resident_bytes), 2, "MiB");
    }

    void report_reader_losses(std::uint64_t expected) {
        const std::uint64_t lost = expected - std::min(expected, client_->flowing_events());
        report_.add_count("lost", "deliveries lost by the others", lost);
        report_.add_text("endings", "how connections ended", describe_endings(*client_));
        if (lost != 0) {
            report_.add_failure(fmt::format("{} deliveries lost", lost));
        }
        if (client_->flowing_open() < options_.readers - options_.stalled) {
            report_.add_failure("readers that did read were closed too");
        }
    }

    ServerUnderTest server_;  // Before the connections, to end after them.
    const RunOptions& run_;
    const SlowOptions& options_;
    Report report_;
    Progress progress_;
    std::unique_ptr<LoadClient> client_;
    std::unique_ptr<HttpEventSource> source_;
    std::uint64_t sent_ = 0;
};

}  // namespace

Result<Report> run_slow(const RunOptions& run, const SlowOptions& options) {
    if (options.stalled > options.readers) {
        return fail(Errc::kInvalidConfig, "slow", "more stalled readers than readers");
    }
    HOWL_TRY(server, ServerUnderTest::create(run));
    HOWL_TRY_VOID(require_descriptors(options.readers + kSpareDescriptors));
    return SlowRun{std::move(server), run, options}.carry_out();
}

}  // namespace howl::loadtest
