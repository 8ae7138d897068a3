// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <memory>
#include <unistd.h>

#include <fmt/format.h>

#include "broker/kafka/producer.hpp"
#include "loadtest/http_publisher.hpp"
#include "loadtest/inbox_crowd.hpp"
#include "loadtest/interruption.hpp"
#include "loadtest/payload.hpp"
#include "loadtest/scenarios.hpp"

namespace howl::loadtest {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kTopic = "v3_messages";
constexpr std::string_view kLag = "howl_kafka_lag_records";
constexpr std::size_t kSpareDescriptors = 64;
constexpr auto kJoinTime = 60s;   ///< For the server to be given its partitions.
constexpr auto kDrainTime = 60s;  ///< For the lag to go back to 0 when all is written.
constexpr auto kWriteTime = 10s;
constexpr auto kTurnWait = 2ms;
constexpr auto kQuietTime = 3s;

/// Writes messages to the users in turn, on schedule whatever the brokers do.
class MessageWriter {
public:
    MessageWriter(broker::kafka::Producer& producer, const std::vector<std::string>& users,
                  const KafkaOptions& options)
        : producer_(producer),
          users_(users),
          options_(options),
          count_(static_cast<std::uint64_t>(options.rate_per_second *
                                            static_cast<double>(options.time.count()))) {}

    void start() { start_ = Clock::now(); }
    /// Writes what is due.
    void turn() {
        const auto due =
            std::min(count_, static_cast<std::uint64_t>(seconds_of(Clock::now() - start_) *
                                                        options_.rate_per_second));
        while (written_ < due) {
            write(written_++);
        }
    }
    [[nodiscard]] bool all_written() const noexcept { return written_ == count_; }
    [[nodiscard]] std::uint64_t confirmed() const noexcept { return *confirmed_; }
    [[nodiscard]] std::uint64_t failed() const noexcept { return *failed_; }
    [[nodiscard]] std::uint64_t settled() const noexcept { return confirmed() + failed(); }
    [[nodiscard]] std::uint64_t written() const noexcept { return written_; }

private:
    void write(std::uint64_t index) {
        const auto& user = users_[index % users_.size()];
        const Stamp stamp{.nanos = steady_nanos(), .number = index / users_.size() + 1};
        broker::OutRecord record;
        record.topic = kTopic;
        record.key = user;  // One user, one partition: the order of their messages is Kafka's.
        record.value = fmt::format("{}:{}", user, make_payload(options_.payload_bytes, stamp));
        producer_.send(std::move(record),
                       [confirmed = confirmed_, failed = failed_](Result<void> outcome) {
                           ++(outcome ? *confirmed : *failed);
                       });
    }

    broker::kafka::Producer& producer_;
    const std::vector<std::string>& users_;
    const KafkaOptions& options_;
    const std::uint64_t count_;
    Clock::time_point start_;
    std::uint64_t written_ = 0;
    // Shared with the producer's thread.
    std::shared_ptr<std::atomic<std::uint64_t>> confirmed_ =
        std::make_shared<std::atomic<std::uint64_t>>(0);
    std::shared_ptr<std::atomic<std::uint64_t>> failed_ =
        std::make_shared<std::atomic<std::uint64_t>>(0);
};

/// The server's lag, read once a second.
class LagMonitor {
public:
    explicit LagMonitor(const Endpoint& endpoint) : endpoint_(endpoint) {}

    /// True if it was read.
    bool turn() {
        if (Clock::now() < next_) {
            return false;
        }
        next_ = Clock::now() + 1s;
        last_ = read_metric(endpoint_, kLag).value_or(0);
        largest_ = std::max(largest_, last_);
        history_ += fmt::format("{}{:.0f}", history_.empty() ? "" : " ", last_);
        return true;
    }
    [[nodiscard]] double last() const noexcept { return last_; }
    [[nodiscard]] double largest() const noexcept { return largest_; }
    [[nodiscard]] const std::string& history() const noexcept { return history_; }

private:
    const Endpoint& endpoint_;
    Clock::time_point next_;
    double last_ = 0;
    double largest_ = 0;
    std::string history_;
};

std::vector<std::string> make_users(std::size_t count) {
    std::vector<std::string> users;
    for (std::size_t n = 0; n < count; ++n) {
        users.push_back(fmt::format("bench-{}-{}", ::getpid(), n));
    }
    return users;
}

RunOptions with_kafka(RunOptions run, const KafkaOptions& options) {
    run.spawn_options.config_text = fmt::format("[kafka]\nbrokers = \"{}\"\n", options.brokers);
    return run;
}

Result<std::unique_ptr<broker::kafka::Producer>> make_producer(const KafkaOptions& options) {
    broker::kafka::KafkaSettings settings;
    settings.brokers = options.brokers;
    settings.write_time = kWriteTime;
    return broker::kafka::Producer::create(settings);
}

Result<void> await_partitions(ConnectionCrowd& crowd, const Endpoint& endpoint) {
    auto next = Clock::now();
    bool assigned = false;
    const auto look = [&] {
        if (Clock::now() >= next) {
            next = Clock::now() + 200ms;
            assigned = read_metric(endpoint, "howl_kafka_partitions").value_or(0) > 0;
        }
        return assigned;
    };
    if (!turn_until(crowd, kJoinTime, look)) {
        return fail(Errc::kSystem, "kafka", "the server was given no partitions in time");
    }
    return {};
}

/// The measurements of a run.
struct Measured {
    std::chrono::nanoseconds writing{};
    std::optional<std::chrono::nanoseconds> draining;  ///< Nothing: the lag did not go back to 0.
    std::optional<CpuClock> cpu_before;
    std::optional<CpuClock> cpu_after;
};

Measured carry_out(const ServerUnderTest& server, InboxCrowd& crowd, MessageWriter& writer,
                   LagMonitor& lag) {
    Progress progress{"kafka"};
    const auto show = [&] {
        if (progress.due()) {
            progress.show(fmt::format("{} written, {} delivered, lag {:.0f}",
                                      with_thousands(writer.written()),
                                      with_thousands(crowd.counts().messages), lag.last()));
        }
    };
    Measured measured;
    measured.cpu_before = server.cpu();
    const auto start = Clock::now();
    writer.start();
    while (!writer.all_written() && !Interruption::requested()) {
        writer.turn();
        crowd.turn(kTurnWait);
        lag.turn();
        show();
    }
    measured.writing = Clock::now() - start;
    const auto drained = [&] {
        return lag.turn() && lag.last() == 0 && writer.settled() == writer.written();
    };
    if (turn_until(crowd, kDrainTime, drained, show)) {
        measured.draining = Clock::now() - start - measured.writing;
    }
    wait_until_quiet(
        crowd, writer.confirmed(), [&] { return crowd.counts().messages; }, kQuietTime);
    measured.cpu_after = server.cpu();
    return measured;
}

void report_rate(Report& report, const MessageWriter& writer, const Measured& measured,
                 const LagMonitor& lag) {
    report.add_count("written", "records written and confirmed", writer.confirmed());
    report.add_figure(
        "written_per_s", "  per second",
        static_cast<double>(writer.confirmed()) / std::max(seconds_of(measured.writing), 1e-9), 0,
        "/s");
    report.add_count("failed", "writes that failed", writer.failed());
    report.add_figure("lag_max", "largest lag", lag.largest(), 0, "records");
    report.add_text("lag_course", "lag, each second", lag.history());
    if (measured.draining) {
        report.add_figure("lag_back_s", "lag back to 0 after the last write",
                          seconds_of(*measured.draining), 2, "s");
    } else {
        report.add_failure("the lag did not go back to 0");
    }
    if (writer.failed() != 0) {
        report.add_failure(fmt::format("{} writes to Kafka failed", writer.failed()));
    }
}

void report_deliveries(Report& report, const InboxCrowd& crowd, const MessageWriter& writer) {
    const auto& counts = crowd.counts();
    const auto lost = writer.confirmed() - std::min(writer.confirmed(), counts.messages);
    report.add_count("delivered", "messages delivered", counts.messages);
    report.add_latency("latency_ms", "from the write to the reader,", crowd.latencies());
    report.add_count("lost", "lost", lost);
    report.add_count("doubled", "doubled", counts.doubled);
    report.add_count("out_of_order", "out of order", counts.out_of_order);
    report_endings(report, crowd);
    if (lost + counts.doubled + counts.out_of_order != 0) {
        report.add_failure("messages are lost, doubled or out of order");
    }
}

}  // namespace

Result<Report> run_kafka(const RunOptions& run, const KafkaOptions& options) {
    HOWL_TRY(server, ServerUnderTest::create(with_kafka(run, options)));
    HOWL_TRY_VOID(require_descriptors(options.users + kSpareDescriptors));
    HOWL_TRY(producer, make_producer(options));
    const auto users = make_users(options.users);
    HOWL_TRY(crowd, InboxCrowd::create({.endpoint = server.endpoint(),
                                        .transport = Transport::kSse,
                                        .connections = options.users,
                                        .openings_max = run.openings_max},
                                       users));
    Report report{"kafka"};
    {
        Progress progress{"kafka"};
        connect_all(*crowd, run, progress, report);
    }
    HOWL_TRY_VOID(await_partitions(*crowd, server.endpoint()));
    MessageWriter writer{*producer, users, options};
    LagMonitor lag{server.endpoint()};
    const auto measured = carry_out(server, *crowd, writer, lag);

    report.add_count("users", "users", options.users);
    report_rate(report, writer, measured, lag);
    report_deliveries(report, *crowd, writer);
    if (measured.cpu_before && measured.cpu_after) {
        report_cpu(
            report, "server", "server",
            cpu_between(*measured.cpu_before, *measured.cpu_after, ProcessProbe::nanos_per_tick()),
            crowd->counts().messages);
    }
    return report;
}

}  // namespace howl::loadtest
