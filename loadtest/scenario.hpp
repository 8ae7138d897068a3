// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "loadtest/load_client.hpp"
#include "loadtest/process_stats.hpp"
#include "loadtest/report.hpp"
#include "loadtest/spawned_server.hpp"

namespace howl::loadtest {

/// The options of every scenario.
struct RunOptions {
    std::string url = "http://127.0.0.1:8080";
    Reach reach = Reach::kLoopbackOnly;
    bool spawn = false;  ///< Start a server for this run instead of using `url`.
    SpawnOptions spawn_options;
    pid_t server_pid = 0;  ///< Of the server at `url`, to measure it; 0: not measured.
    std::string topic;     ///< A fresh one per run when empty.
    ReportFormat format = ReportFormat::kTable;
    std::chrono::seconds connect_time{30};  ///< Connections that are not open then have failed.
    std::size_t openings_max = 1024;        ///< Concurrent handshakes.
};

/// The server under test: its address, and its CPU and memory if they can be read.
class ServerUnderTest {
public:
    [[nodiscard]] static Result<ServerUnderTest> create(const RunOptions& options);

    [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }
    [[nodiscard]] const std::optional<ProcessProbe>& probe() const noexcept { return probe_; }
    /// Nothing when there is no probe or the process has ended.
    [[nodiscard]] std::optional<CpuClock> cpu() const;
    [[nodiscard]] std::optional<MemoryUse> memory() const;
    [[nodiscard]] std::optional<std::size_t> descriptors() const;

private:
    ServerUnderTest() = default;

    std::unique_ptr<SpawnedServer> spawned_;
    Endpoint endpoint_;
    std::optional<ProcessProbe> probe_;
};

/// `options.topic`, or one that no other run uses.
[[nodiscard]] std::string topic_of(const RunOptions& options, std::string_view scenario);

/// "ws" or "sse".
[[nodiscard]] std::string_view name_of(Transport transport) noexcept;

/// Turns `crowd` until `condition` holds; false when `timeout` or the user ended it before.
/// `each_turn` runs between turns.
[[nodiscard]] bool turn_until(ConnectionCrowd& crowd, std::chrono::nanoseconds timeout,
                              const std::function<bool()>& condition,
                              const std::function<void()>& each_turn = {});

/// Turns `client` until it has received `expected` events, or none for a second.
void wait_until_quiet(LoadClient& client, std::uint64_t expected);
/// The same of any crowd: until `seen` returns `expected`, or has not grown for `quiet`.
void wait_until_quiet(ConnectionCrowd& crowd, std::uint64_t expected,
                      const std::function<std::uint64_t()>& seen, std::chrono::nanoseconds quiet);

/// Opens all connections within `options.connect_time`, reports the outcome, and fails the report
/// when one is missing. Returns the time it took.
std::chrono::nanoseconds connect_all(ConnectionCrowd& crowd, const RunOptions& options,
                                     Progress& progress, Report& report);

/// "3 x 1013 slow, 1 x reset"; empty when all connections are open.
[[nodiscard]] std::string describe_endings(const ConnectionCrowd& crowd);
/// How many connections ended, and how.
void report_endings(Report& report, const ConnectionCrowd& crowd);

/// Reports what the readers lost and got twice, and how their connections ended; fails the report
/// for losses.
/// `expected` counts deliveries without repeats.
void report_losses(Report& report, const LoadClient& client, std::uint64_t expected);

/// User, system and total microseconds per delivery as `<key>_user_us_per_delivery` and so on.
void report_cpu(Report& report, std::string_view key, std::string_view label, const CpuUse& cpu,
                std::uint64_t deliveries);

[[nodiscard]] double seconds_of(std::chrono::nanoseconds time) noexcept;

}  // namespace howl::loadtest
