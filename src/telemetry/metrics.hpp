// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.hpp"

/// Counters and gauges of the process, from `metrics.def`, shown on `/metrics`.
///
/// The fan-out counts every delivery, so counting must cost a plain addition: each thread adds to
/// its own slots and a reader sums them up. A gauge may rise on one thread and fall on another.
///
/// Thread: any.
namespace howl::telemetry {

#define HOWL_COUNTER(enumerator, name, help) enumerator,
#define HOWL_GAUGE(enumerator, name, help)
enum class Counter : std::uint8_t {
#include "telemetry/metrics.def"
};
#undef HOWL_COUNTER
#undef HOWL_GAUGE

#define HOWL_COUNTER(enumerator, name, help)
#define HOWL_GAUGE(enumerator, name, help) enumerator,
enum class Gauge : std::uint8_t {
#include "telemetry/metrics.def"
};
#undef HOWL_COUNTER
#undef HOWL_GAUGE

void count(Counter counter, std::uint64_t by = 1) noexcept;
/// A handled error; on `/metrics` as `howl_errors_total{code="..."}`.
void count(Errc code) noexcept;
void adjust(Gauge gauge, std::int64_t by) noexcept;

[[nodiscard]] std::uint64_t value(Counter counter);
[[nodiscard]] std::uint64_t value(Errc code);
[[nodiscard]] std::int64_t value(Gauge gauge);

/// All of them in the Prometheus text format 0.0.4.
[[nodiscard]] std::string metrics_text();

/// Holds a gauge up by one while it lives.
class GaugeHold {
public:
    explicit GaugeHold(Gauge gauge) : gauge_(gauge) { adjust(gauge_, 1); }
    ~GaugeHold() { adjust(gauge_, -1); }
    GaugeHold(const GaugeHold&) = delete;
    GaugeHold& operator=(const GaugeHold&) = delete;

private:
    Gauge gauge_;
};

}  // namespace howl::telemetry
