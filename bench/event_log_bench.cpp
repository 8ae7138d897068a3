// SPDX-License-Identifier: Apache-2.0
// How fast the durable lane acknowledges, on a real directory: `event_log_bench [directory]`. The
// targets: p99 <= 10 ms for one publisher and >= 20,000 events/s for 64.
//
// A publisher sends its next event when the last one is acknowledged, as a REST client does. The
// publishers are not threads but states: the acknowledgement itself sends the next event, so that
// on two cores the figure is the log's and not the scheduler's.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "base/random.hpp"
#include "hub/event_log.hpp"
#include "storage/memory/memory_event_log.hpp"
#include "storage/sqlite/sqlite_event_log.hpp"

namespace {

using namespace howl;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kEventBytes = 200;
constexpr auto kRunTime = std::chrono::seconds{5};
constexpr std::size_t kTopics = 20;
constexpr std::uint64_t kStoredEvents = 1'000'000;

class Listener final : public hub::CommitListener {
public:
    [[nodiscard]] bool is_read(const hub::TopicName& /*topic*/) override { return true; }
    void on_forgotten(std::span<const hub::TopicName> /*topics*/) override {}
    void on_commit(std::vector<hub::CommittedBatch> group) override {
        for (auto& batch : group) {
            batch.done(std::move(batch.outcome));
        }
    }
};

hub::AppendBatch::Item item(std::size_t topic, hub::Retention retention) {
    return {{.topic = hub::TopicName::parse("bench/" + std::to_string(topic)).value(),
             .type = "news",
             .content_type = "text/plain",
             .data = std::string(kEventBytes, 'x'),
             .idempotency_key = {}},
            retention,
            hub::TopicRank::kVisitor};
}

/// Publishers that each wait for their acknowledgement.
class ClosedLoop {
public:
    ClosedLoop(hub::EventLog& log, std::size_t publishers) : log_(log), publishers_(publishers) {}

    void run() {
        end_ = SteadyClock::now() + kRunTime;
        running_ = publishers_;
        for (std::size_t publisher = 0; publisher < publishers_; ++publisher) {
            publish(publisher);
        }
        for (auto running = running_.load(); running != 0; running = running_.load()) {
            running_.wait(running);
        }
    }

    void print(const char* name) {
        const std::scoped_lock lock{mutex_};
        std::ranges::sort(latencies_);
        const auto at = [&](double part) {
            const auto index =
                static_cast<std::size_t>(part * static_cast<double>(latencies_.size() - 1));
            return std::chrono::duration<double, std::milli>{latencies_[index]}.count();
        };
        const double seconds = std::chrono::duration<double>{kRunTime}.count();
        std::printf("%-8s %10zu %12.0f %9.3f %9.3f %9.3f", name, publishers_,
                    static_cast<double>(latencies_.size()) / seconds, at(0.5), at(0.99), at(1.0));
    }

private:
    void publish(std::size_t publisher) {
        const auto begin = SteadyClock::now();
        log_.append({{item(publisher % kTopics, {})},
                     [this, publisher, begin](const Result<hub::Receipts>& outcome) {
                         acknowledged(publisher, begin, outcome.has_value());
                     }});
    }

    void acknowledged(std::size_t publisher, SteadyClock::time_point begin, bool stored) {
        const auto now = SteadyClock::now();
        {
            const std::scoped_lock lock{mutex_};
            latencies_.push_back(now - begin);
        }
        if (stored && now < end_) {
            publish(publisher);
        } else if (--running_ == 0) {
            running_.notify_one();
        }
    }

    hub::EventLog& log_;
    const std::size_t publishers_;
    SteadyClock::time_point end_;
    std::atomic<std::size_t> running_ = 0;
    std::mutex mutex_;
    std::vector<SteadyClock::duration> latencies_;
};

std::unique_ptr<storage::sqlite::SqliteEventLog> open(const std::filesystem::path& directory,
                                                      const Clock& clock) {
    static SystemRandom random;
    auto log = storage::sqlite::SqliteEventLog::open(directory, clock, random);
    if (!log) {
        std::fprintf(stderr, "%s\n", log.error().describe().c_str());
        std::exit(1);
    }
    return std::move(*log);
}

void bench_sqlite(const std::filesystem::path& directory, const Clock& clock,
                  std::size_t publishers) {
    Listener listener;
    const auto log = open(directory / std::to_string(publishers), clock);
    log->start(listener);
    ClosedLoop loop{*log, publishers};
    loop.run();
    log->stop();
    loop.print("sqlite");
    const auto stats = log->stats();
    const auto commits = static_cast<double>(std::max<std::uint64_t>(1, stats.commits));
    std::printf(" %10.1f %10.3f\n", static_cast<double>(stats.events) / commits,
                std::chrono::duration<double, std::milli>{stats.commit_time}.count() / commits);
}

void bench_memory(const Clock& clock, std::size_t batches) {
    Listener listener;
    storage::memory::MemoryEventLog log{clock, Epoch{"bench"}};
    log.start(listener);
    const auto begin = SteadyClock::now();
    for (std::size_t i = 0; i < batches; ++i) {
        log.append({{item(i % kTopics, {})}, [](const Result<hub::Receipts>&) {}});
    }
    const std::chrono::duration<double> taken = SteadyClock::now() - begin;
    std::printf("memory: %.0f events/s, one publisher, one event a batch\n",
                static_cast<double>(batches) / taken.count());
}

/// How long a restart takes until the first append can be taken.
void bench_restart(const std::filesystem::path& directory, const Clock& clock) {
    constexpr std::size_t kBatch = 1000;
    {
        Listener listener;
        const auto log = open(directory, clock);
        log->start(listener);
        for (std::uint64_t i = 0; i < kStoredEvents / kBatch; ++i) {
            std::vector<hub::AppendBatch::Item> items;
            for (std::size_t k = 0; k < kBatch; ++k) {
                items.push_back(item(k, {.count_max = kStoredEvents}));
            }
            std::promise<void> stored;
            log->append({std::move(items),
                         [&stored](const Result<hub::Receipts>&) { stored.set_value(); }});
            stored.get_future().wait();
        }
    }
    const auto begin = SteadyClock::now();
    const auto log = open(directory, clock);
    const auto topics = log->topics();
    const auto newest = log->newest(limits::kWindowBytesMax);
    const std::chrono::duration<double> taken = SteadyClock::now() - begin;
    std::printf("restart: %.3f s with %llu events in %zu topics, %zu of them loaded\n",
                taken.count(), static_cast<unsigned long long>(kStoredEvents), topics->size(),
                newest->size());
}

}  // namespace

int main(int argc, char** argv) {
    const std::filesystem::path parent =
        argc > 1 ? std::filesystem::path{argv[1]} : std::filesystem::current_path();
    const auto directory = parent / "event_log_bench.data";
    const SystemClock clock;
    std::filesystem::remove_all(directory);
    std::printf("%zu-byte events\n%-8s %10s %12s %9s %9s %9s %10s %10s\n", kEventBytes, "log",
                "publishers", "acked/s", "p50 ms", "p99 ms", "max ms", "ev/commit", "commit ms");
    for (const std::size_t publishers : {1U, 64U, 1024U}) {
        bench_sqlite(directory, clock, publishers);
    }
    bench_memory(clock, 1'000'000);
    bench_restart(directory / "restart", clock);
    std::filesystem::remove_all(directory);
    return 0;
}
