// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <unistd.h>

#include <fmt/format.h>

#include "base/random.hpp"
#include "loadtest/chat_crowd.hpp"
#include "loadtest/interruption.hpp"
#include "loadtest/open_loop.hpp"
#include "loadtest/scenarios.hpp"

namespace howl::loadtest {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kSpareDescriptors = 64;
/// Every join is announced to all members, and the last ones get a snapshot of about 65 bytes for
/// each member: a thousand joins at once would measure something else.
constexpr std::size_t kJoinsUnderWayMax = 32;
/// Nothing received for so long after the last join: all announcements have arrived.
constexpr auto kJoinsQuiet = 500ms;
/// Nothing received for so long after the last message: what is missing is lost.
constexpr auto kMessagesQuiet = 5s;
/// A run that takes this much longer than planned is cut.
constexpr auto kOverrun = 30s;
/// The order of the senders is random and the same in each run.
constexpr std::uint64_t kSendersSeed = 1;

class ChatRun {
public:
    ChatRun(ServerUnderTest server, const RunOptions& run, const ChatOptions& options)
        : server_(std::move(server)),
          run_(run),
          options_(options),
          report_("chat"),
          progress_("chat") {}

    Result<Report> carry_out() {
        const auto memory_before = server_.memory();
        HOWL_TRY_VOID(join());
        const auto memory_joined = server_.memory();
        send_messages();
        report_messages();
        report_costs();
        report_memory_use(memory_before, memory_joined, server_.memory());
        check_limits();
        return std::move(report_);
    }

private:
    [[nodiscard]] const RoomCounts& counts() const { return room().counts(); }
    [[nodiscard]] const RoomChecker& room() const { return crowd_->checker(); }

    Result<void> join() {
        const auto openings_max = std::min(run_.openings_max, kJoinsUnderWayMax);
        HOWL_TRY(crowd, ChatCrowd::create({.crowd = {.endpoint = server_.endpoint(),
                                                     .connections = options_.members,
                                                     .openings_max = openings_max},
                                           .room = fmt::format("bench-{}", ::getpid()),
                                           .name = fmt::format("bench {}", ::getpid())}));
        crowd_ = std::move(crowd);
        const auto took = connect_all(*crowd_, run_, progress_, report_);
        report_.add_count("members", "members", crowd_->open_count());
        report_.add_figure("join_s", "time to join all", seconds_of(took), 3, "s");
        wait_until_quiet(
            *crowd_, std::numeric_limits<std::uint64_t>::max(),
            [this] { return counts().received; }, kJoinsQuiet);
        joined_ = crowd_->open_count();
        return {};
    }

    void send_messages() {
        const double messages =
            std::round(options_.rate_per_second * static_cast<double>(options_.time.count()));
        const SendPlan plan{.rate_per_second = options_.rate_per_second,
                            .count = static_cast<std::uint64_t>(std::max(1.0, messages)),
                            .payload_bytes = options_.text_bytes};
        const auto cpu_before = server_.cpu();
        start_nanos_ = steady_nanos();
        OpenLoop loop{plan, start_nanos_};
        static_cast<void>(turn_until(  // A run that is cut short reports what it has received.
            *crowd_, due_after(plan, plan.count) + kOverrun,
            [&] { return loop.finished() || crowd_->open_count() == 0; }, [&] { send_due(loop); }));
        wait_until_quiet(
            *crowd_, room().sent() * (joined_ + 1),
            [this] { return counts().deliveries + counts().acknowledged; }, kMessagesQuiet);
        if (const auto cpu_after = server_.cpu(); cpu_before && cpu_after) {
            cpu_ = cpu_between(*cpu_before, *cpu_after, ProcessProbe::nanos_per_tick());
        }
    }

    void send_due(OpenLoop& loop) {
        while (crowd_->open_count() != 0) {
            const auto due = loop.take(steady_nanos());
            if (!due) {
                break;
            }
            const Stamp stamp =
                crowd_->send_message(next_sender(), due->number, options_.text_bytes);
            lateness_.record(stamp.nanos - due->due_nanos);
        }
        if (progress_.due()) {
            progress_.show(fmt::format("{} messages sent, {} deliveries", room().sent(),
                                       with_thousands(counts().deliveries)));
        }
    }

    /// Requires: at least one member is open.
    ConnectionIndex next_sender() {
        ConnectionIndex sender{random_.below(crowd_->size())};
        while (!crowd_->is_open(sender)) {
            sender = ConnectionIndex{(sender.value() + 1) % crowd_->size()};
        }
        return sender;
    }

    [[nodiscard]] std::chrono::nanoseconds sending_time() const {
        const std::uint64_t end = std::max(room().last_delivery_nanos(), start_nanos_ + 1);
        return std::chrono::nanoseconds{end - start_nanos_};
    }

    void report_messages() {
        report_.add_count("sent", "messages sent", room().sent());
        report_.add_count("acknowledged", "  acknowledged", counts().acknowledged);
        report_.add_count("deliveries", "deliveries", counts().deliveries);
        report_.add_figure("deliveries_per_s", "  per second",
                           static_cast<double>(counts().deliveries) / seconds_of(sending_time()), 0,
                           "/s");
        report_.add_latency("latency_ms", "delivery latency", room().latencies());
        report_.add_latency("ack_latency_ms", "time to acknowledge,", room().ack_latencies());
        report_.add_latency("lateness_ms", "sent later than planned,", lateness_);
        report_.add_count("lost", "lost deliveries", room().lost());
        report_.add_count("doubled", "doubled deliveries", counts().doubled);
        report_.add_count("out_of_order", "deliveries out of order", counts().out_of_order);
        report_.add_count("contradictions", "contradictions in offsets and acks",
                          counts().contradictions);
        report_.add_count("foreign", "messages of others", counts().foreign);
        report_endings(report_, *crowd_);
    }

    void report_costs() {
        if (!cpu_) {
            return;
        }
        report_.add_figure("server_core_percent", "server CPU",
                           cpu_->total_nanos() / static_cast<double>(sending_time().count()) * 100,
                           1, "% of a core");
        report_cpu(report_, "server", "server", *cpu_, counts().deliveries);
    }

    void report_memory_use(const std::optional<MemoryUse>& before,
                           const std::optional<MemoryUse>& joined,
                           const std::optional<MemoryUse>& after) {
        if (!before || !joined || !after) {
            return;
        }
        constexpr double kMebibyte = 1024.0 * 1024.0;
        const double grown = static_cast<double>(joined->anonymous_bytes) -
                             static_cast<double>(before->anonymous_bytes);
        report_.add_figure("anonymous_bytes_per_member", "server memory per member",
                           grown / static_cast<double>(std::max<std::size_t>(joined_, 1)), 0, "B");
        report_.add_figure("rss_joined_mib", "server memory when all had joined",
                           static_cast<double>(joined->resident_bytes) / kMebibyte, 1, "MiB");
        report_.add_figure("rss_end_mib", "server memory at the end",
                           static_cast<double>(after->resident_bytes) / kMebibyte, 1, "MiB");
    }

    void check_limits() {
        const double p99_ms = static_cast<double>(room().latencies().value_at(99)) / 1e6;
        if (p99_ms > options_.p99_limit_ms) {
            report_.add_failure(fmt::format("delivery p99 is {:.3f} ms, above the limit of {} ms",
                                            p99_ms, options_.p99_limit_ms));
        }
        fail_for(room().lost(), "deliveries lost");
        fail_for(counts().doubled, "deliveries doubled");
        fail_for(counts().out_of_order, "deliveries out of order");
        fail_for(counts().contradictions, "contradictions in offsets and acks");
        fail_for(room().sent() - counts().acknowledged, "messages not acknowledged");
        fail_for(crowd_->ended_count(), "members were cut off");
        fail_for(counts().resets, "times history was lost");
        fail_for(counts().malformed, "unreadable messages of the server");
        for (const auto& [code, times] : counts().errors) {
            fail_for(times, fmt::format("times '{}'", code));
        }
    }

    void fail_for(std::uint64_t times, std::string_view what) {
        if (times != 0) {
            report_.add_failure(fmt::format("{} {}", times, what));
        }
    }

    ServerUnderTest server_;  // Before the connections, to end after them.
    const RunOptions& run_;
    const ChatOptions& options_;
    Report report_;
    Progress progress_;
    std::unique_ptr<ChatCrowd> crowd_;
    SeededRandom random_{kSendersSeed};
    std::size_t joined_ = 0;
    std::uint64_t start_nanos_ = 0;
    std::optional<CpuUse> cpu_;
    Histogram lateness_;
};

}  // namespace

Result<Report> run_chat(const RunOptions& run, const ChatOptions& options) {
    HOWL_TRY(server, ServerUnderTest::create(run));
    HOWL_TRY_VOID(require_descriptors(options.members + kSpareDescriptors));
    return ChatRun{std::move(server), run, options}.carry_out();
}

}  // namespace howl::loadtest
