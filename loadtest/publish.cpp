// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <fmt/format.h>

#include "loadtest/http_publisher.hpp"
#include "loadtest/interruption.hpp"
#include "loadtest/scenarios.hpp"

namespace howl::loadtest {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kSpareDescriptors = 64;
constexpr auto kWarmUp = 500ms;
/// For the outstanding acknowledgements when time is up.
constexpr auto kLastReplies = 10s;
constexpr auto kTurnWait = 20ms;
constexpr std::size_t kReadyMax = 256;
constexpr unsigned kCreated = 201;

/// One keep-alive connection with one outstanding event.
struct Publisher {
    Descriptor socket;
    std::uint64_t sent_nanos = 0;  ///< 0: none is outstanding.
    std::string received;
};

/// Closed loop: each publisher sends its next event when the last one is acknowledged.
class PublisherCrowd {
public:
    PublisherCrowd(Endpoint endpoint, std::string topic, const PublishOptions& options)
        : endpoint_(std::move(endpoint)),
          topic_(std::move(topic)),
          options_(options),
          poller_(::epoll_create1(EPOLL_CLOEXEC)) {}

    Result<void> connect() {
        for (std::size_t index = 0; index < options_.publishers; ++index) {
            HOWL_TRY(socket, connected_socket(index));
            publishers_.push_back({.socket = std::move(socket), .sent_nanos = 0, .received = {}});
        }
        return {};
    }

    void start_all() {
        publishing_ = true;
        std::ranges::for_each(publishers_, [this](Publisher& each) { send_next(each); });
    }
    /// Outstanding events are still waited for.
    void finish() { publishing_ = false; }

    void turn() {
        std::array<epoll_event, kReadyMax> ready;  // Filled by the kernel.
        const int count = ::epoll_wait(poller_.number(), ready.data(), kReadyMax,
                                       static_cast<int>(kTurnWait.count()));
        for (int index = 0; index < count; ++index) {
            on_readable(publishers_[ready[static_cast<std::size_t>(index)].data.u64]);
        }
    }

    void forget_measurements() {
        acknowledged_ = 0;
        latencies_ = {};
    }
    [[nodiscard]] std::uint64_t acknowledged() const noexcept { return acknowledged_; }
    [[nodiscard]] const Histogram& latencies() const noexcept { return latencies_; }
    [[nodiscard]] std::uint64_t failed() const noexcept { return failed_; }
    [[nodiscard]] const std::string& first_failure() const noexcept { return first_failure_; }
    [[nodiscard]] bool is_idle() const noexcept {
        return std::ranges::all_of(publishers_,
                                   [](const Publisher& each) { return each.sent_nanos == 0; });
    }

private:
    Result<Descriptor> connected_socket(std::size_t index) {
        Descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        constexpr int kOn = 1;
        ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn);
        epoll_event wanted{.events = EPOLLIN, .data = {.u64 = index}};
        const bool connected =
            ::connect(socket.number(), reinterpret_cast<const sockaddr*>(&endpoint_.address),
                      sizeof endpoint_.address) == 0 &&
            ::epoll_ctl(poller_.number(), EPOLL_CTL_ADD, socket.number(), &wanted) == 0;
        if (!connected) {
            return fail(Errc::kSystem, "connect a publisher", std::string{::strerror(errno)});
        }
        return socket;
    }

    void send_next(Publisher& publisher) {
        if (!publishing_) {
            return;
        }
        publisher.sent_nanos = steady_nanos();
        const std::string request =
            publish_request(endpoint_, topic_,
                            make_payload(options_.payload_bytes,
                                         {.nanos = publisher.sent_nanos, .number = ++number_}));
        // With one outstanding request the socket's buffer is empty, and can hold the next.
        const auto sent = ::send(publisher.socket.number(), request.data(), request.size(),
                                 MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent != static_cast<ssize_t>(request.size())) {
            give_up(publisher, sent < 0 ? ::strerror(errno) : "request cut short");
        }
    }

    void on_readable(Publisher& publisher) {
        std::array<char, 4096> piece;  // Filled by the kernel.
        const auto got =
            ::recv(publisher.socket.number(), piece.data(), piece.size(), MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            return;
        }
        if (got <= 0) {
            give_up(publisher, got == 0 ? "closed by the server" : ::strerror(errno));
            return;
        }
        publisher.received.append(piece.data(), static_cast<std::size_t>(got));
        take_reply(publisher);
    }

    void take_reply(Publisher& publisher) {
        HttpHead head;
        const Scan outcome = scan_http_head(publisher.received, head);
        if (outcome == Scan::kIncomplete) {
            return;
        }
        const auto length = outcome == Scan::kItem ? head.content_length() : std::nullopt;
        if (!length) {
            give_up(publisher, "the response cannot be read");
            return;
        }
        if (publisher.received.size() < head.bytes + *length) {
            return;
        }
        if (head.status == kCreated) {
            ++acknowledged_;
            latencies_.record(steady_nanos() - publisher.sent_nanos);
        } else {
            count_failure(fmt::format("status {}", head.status));
        }
        publisher.received.erase(0, head.bytes + *length);
        publisher.sent_nanos = 0;
        send_next(publisher);
    }

    void give_up(Publisher& publisher, std::string_view why) {
        publisher.socket.close();
        publisher.sent_nanos = 0;
        count_failure(why);
    }

    void count_failure(std::string_view why) {
        ++failed_;
        if (first_failure_.empty()) {
            first_failure_ = why;
        }
    }

    const Endpoint endpoint_;
    const std::string topic_;
    const PublishOptions& options_;
    const Descriptor poller_;
    std::vector<Publisher> publishers_;
    bool publishing_ = false;
    std::uint64_t number_ = 0;
    std::uint64_t acknowledged_ = 0;
    std::uint64_t failed_ = 0;
    std::string first_failure_;
    Histogram latencies_;
};

/// The server's own count of events and of the commits that made them durable, one fsync each.
struct CommitCounters {
    std::optional<double> events;
    std::optional<double> commits;
};

CommitCounters commit_counters(const Endpoint& endpoint) {
    return {.events = read_metric(endpoint, "howl_events_published_total"),
            .commits = read_metric(endpoint, "howl_commits_total")};
}

void report_group_size(Report& report, const CommitCounters& before, const CommitCounters& after) {
    if (before.events && before.commits && after.events && after.commits) {
        report.add_figure("events_per_fsync", "events per fsync",
                          (*after.events - *before.events) / (*after.commits - *before.commits), 2,
                          "");
    }
}

/// Lets the crowd publish for `time`. Returns the time it took.
std::chrono::nanoseconds publish_for(PublisherCrowd& crowd, std::chrono::nanoseconds time,
                                     Progress& progress) {
    const auto start = std::chrono::steady_clock::now();
    while (!Interruption::requested() && std::chrono::steady_clock::now() - start < time &&
           !crowd.is_idle()) {
        crowd.turn();
        if (progress.due()) {
            progress.show(with_thousands(crowd.acknowledged()) + " events acknowledged");
        }
    }
    return std::chrono::steady_clock::now() - start;
}

void await_last_replies(PublisherCrowd& crowd) {
    const auto deadline = std::chrono::steady_clock::now() + kLastReplies;
    while (!crowd.is_idle() && std::chrono::steady_clock::now() < deadline) {
        crowd.turn();
    }
}

}  // namespace

Result<Report> run_publish(const RunOptions& run, const PublishOptions& options) {
    HOWL_TRY(server, ServerUnderTest::create(run));
    HOWL_TRY_VOID(require_descriptors(options.publishers + kSpareDescriptors));
    PublisherCrowd crowd{server.endpoint(), topic_of(run, "publish"), options};
    HOWL_TRY_VOID(crowd.connect());
    Report report{"publish"};
    Progress progress{"publish"};

    crowd.start_all();
    publish_for(crowd, kWarmUp, progress);
    crowd.forget_measurements();
    const CommitCounters commits_before = commit_counters(server.endpoint());
    const auto cpu_before = server.cpu();
    const auto took = publish_for(crowd, options.time, progress);
    const std::uint64_t acknowledged = crowd.acknowledged();
    const auto cpu_after = server.cpu();
    const CommitCounters commits_after = commit_counters(server.endpoint());
    crowd.finish();
    await_last_replies(crowd);

    report.add_count("publishers", "publishers", options.publishers);
    report.add_count("acknowledged", "events acknowledged", acknowledged);
    report.add_figure("acknowledged_per_s", "  per second",
                      static_cast<double>(acknowledged) / std::max(seconds_of(took), 1e-9), 0,
                      "/s");
    report.add_latency("latency_ms", "time to acknowledge,", crowd.latencies());
    report.add_count("failed", "failed", crowd.failed());
    report_group_size(report, commits_before, commits_after);
    if (cpu_before && cpu_after) {
        const CpuUse cpu = cpu_between(*cpu_before, *cpu_after, ProcessProbe::nanos_per_tick());
        report.add_figure("server_us_per_event", "server CPU per event",
                          cpu.total_nanos() / 1000.0 /
                              static_cast<double>(std::max<std::uint64_t>(acknowledged, 1)),
                          2, "us");
    }
    if (crowd.failed() != 0) {
        report.add_failure(
            fmt::format("{} publishes failed: {}", crowd.failed(), crowd.first_failure()));
    }
    if (!crowd.is_idle()) {
        report.add_failure("some publishes were never answered");
    }
    return report;
}

}  // namespace howl::loadtest
