// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "loadtest/report.hpp"
#include "loadtest/scenario.hpp"

/// The runs of `howl bench`. Each connects, works for a bounded time, and reports its measurements;
/// an error means that the run could not be done, a failed report that the server fell short.
namespace howl::loadtest {

enum class Crowd : std::uint8_t { kWebSocket, kSse, kBoth };

/// Connections that only stay open: what one costs in memory, and whether all survive.
struct IdleOptions {
    std::size_t connections = 1000;  ///< With `kBoth`, so many of each.
    Crowd crowd = Crowd::kWebSocket;
    std::chrono::seconds time{10};
};
[[nodiscard]] Result<Report> run_idle(const RunOptions& run, const IdleOptions& options);

/// One publisher, many readers: deliveries per second, latency, CPU per delivery, nothing lost.
struct FanoutOptions {
    std::size_t readers = 1000;
    Transport transport = Transport::kWebSocket;
    double rate_per_second = 200;
    std::size_t payload_bytes = 140;
    std::chrono::seconds time{10};  ///< Measured, for the server; the baseline takes as long.
    bool baseline = false;          ///< Measure the bare send() loop beside it.
    unsigned rounds = 2;            ///< Server and baseline take turns so often.
};
[[nodiscard]] Result<Report> run_fanout(const RunOptions& run, const FanoutOptions& options);

/// All readers are disconnected, miss events, and reconnect at once with their cursors.
struct StormOptions {
    std::size_t clients = 1000;
    std::size_t missed = 20;
    Transport transport = Transport::kWebSocket;
    std::size_t payload_bytes = 140;
};
[[nodiscard]] Result<Report> run_storm(const RunOptions& run, const StormOptions& options);

/// Some readers stop reading: the latency of the others, when the stalled are closed, the cost.
struct SlowOptions {
    std::size_t readers = 2000;
    std::size_t stalled = 100;  ///< Of the readers.
    Transport transport = Transport::kWebSocket;
    double rate_per_second = 200;
    std::size_t payload_bytes = 1024;
    std::chrono::seconds time{15};  ///< Of each of the two phases: all read, some stall.
};
[[nodiscard]] Result<Report> run_slow(const RunOptions& run, const SlowOptions& options);

/// Publishers that send the next event when the last one is acknowledged.
struct PublishOptions {
    std::size_t publishers = 64;
    std::size_t payload_bytes = 200;
    std::chrono::seconds time{10};
};
[[nodiscard]] Result<Report> run_publish(const RunOptions& run, const PublishOptions& options);

/// A room whose members send in random order, on schedule whatever the server does: time to join,
/// delivery latency, every message once and in order at every member.
struct ChatOptions {
    std::size_t members = 1000;
    double rate_per_second = 50;  ///< Of all members together.
    std::size_t text_bytes = 140;
    std::chrono::seconds time{15};
    double p99_limit_ms = 100;  ///< Above it the report fails.
};
[[nodiscard]] Result<Report> run_chat(const RunOptions& run, const ChatOptions& options);

/// Records written to Kafka on schedule, read by their users at `/v3/sse`: the lag over time, when
/// it is back to 0, every message once and in order.
struct KafkaOptions {
    std::string brokers;  ///< `HOST:PORT,...`, which the server under test reads as well.
    std::size_t users = 50;
    double rate_per_second = 20'000;
    std::size_t payload_bytes = 100;
    std::chrono::seconds time{15};
};
[[nodiscard]] Result<Report> run_kafka(const RunOptions& run, const KafkaOptions& options);

}  // namespace howl::loadtest
