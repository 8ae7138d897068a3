// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "telemetry/histogram.hpp"

/// Counters, gauges and histograms of the process, from `metrics.def`, shown on `/metrics`.
///
/// The fan-out counts every delivery, so counting must cost a plain addition: each thread adds to
/// its own slots and a reader sums them up. A gauge may rise on one thread and fall on another. An
/// observation costs a search among less than twenty bounds; the first that a thread makes in a
/// series allocates its slots, no later one does. Of prometheus-cpp only the text is used: its own
/// histograms take a lock for each observation.
///
/// Thread: any.
namespace howl::telemetry {

#define HOWL_COUNTER(enumerator, name, help) enumerator,
enum class Counter : std::uint8_t {
#include "telemetry/metrics.def"
};

#define HOWL_GAUGE(enumerator, name, help) enumerator,
enum class Gauge : std::uint8_t {
#include "telemetry/metrics.def"
};

#define HOWL_HISTOGRAM(enumerator, name, help, unit, labels) enumerator,
enum class Histogram : std::uint8_t {
#include "telemetry/metrics.def"
};

/// A histogram with one set of values of its labels.
class Series {
public:
    /// The series without labels; of a histogram that has some, the one that takes what no other
    /// series does, where each label is `other`.
    constexpr explicit Series(Histogram histogram) noexcept
        : histogram_(histogram), index_(static_cast<std::uint16_t>(histogram)) {}

    [[nodiscard]] constexpr Histogram histogram() const noexcept { return histogram_; }
    [[nodiscard]] constexpr std::size_t index() const noexcept { return index_; }

private:
    friend Series series(Histogram histogram, const std::vector<std::string>& values);
    constexpr Series(Histogram histogram, std::uint16_t index) noexcept
        : histogram_(histogram), index_(index) {}

    Histogram histogram_;
    std::uint16_t index_;
};

/// The series of `histogram` whose labels have these values, in the order of `metrics.def`; the
/// same ones give the same series. For the start of the process: it takes a lock.
///
/// Requires: the values are from our own text, never a peer's, and there is one for each label.
/// Limits: `limits::kMetricSeriesMax` of all histograms together. Reached: the series that takes
/// what no other does.
[[nodiscard]] Series series(Histogram histogram, const std::vector<std::string>& values);

void count(Counter counter, std::uint64_t by = 1) noexcept;
/// A handled error; on `/metrics` as `howl_errors_total{code="..."}`.
void count(Errc code) noexcept;
void adjust(Gauge gauge, std::int64_t by) noexcept;
/// Requires: the unit of the histogram is seconds.
void observe(Series series, std::chrono::nanoseconds duration) noexcept;
/// Requires: the unit of the histogram is events.
void observe(Series series, std::uint64_t events) noexcept;
/// For a histogram without labels.
template <class Value>
void observe(Histogram histogram, Value value) noexcept {
    observe(Series{histogram}, value);
}

[[nodiscard]] std::uint64_t value(Counter counter);
[[nodiscard]] std::uint64_t value(Errc code);
[[nodiscard]] std::int64_t value(Gauge gauge);
[[nodiscard]] HistogramTotals value(Series series);

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
