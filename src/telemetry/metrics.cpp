// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <optional>
#include <sstream>
#include <string_view>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "base/assert.hpp"
#include "base/limits.hpp"
#include "base/mutex.hpp"

namespace howl::telemetry {
namespace {

struct Entry {
    std::string_view name;
    std::string_view help;
};

#define HOWL_COUNTER(enumerator, name, help) Entry{name, help},
constexpr std::array kCounters{
#include "telemetry/metrics.def"
};

#define HOWL_GAUGE(enumerator, name, help) Entry{name, help},
constexpr std::array kGauges{
#include "telemetry/metrics.def"
};

struct HistogramEntry : Entry {
    Unit unit;
    std::string_view labels;  ///< Their names, with commas between.
};

#define HOWL_HISTOGRAM(enumerator, name, help, unit, labels) \
    HistogramEntry{{name, help}, Unit::unit, labels},
constexpr std::array kHistograms{
#include "telemetry/metrics.def"
};
static_assert(kHistograms.size() < limits::kMetricSeriesMax);

constexpr std::size_t kErrorsMax = 64;

struct ThreadSlots {
    std::array<Slot<std::uint64_t>, kCounters.size()> counters;
    std::array<Slot<std::int64_t>, kGauges.size()> gauges;
    std::array<Slot<std::uint64_t>, kErrorsMax> errors;
    /// By the index of the series; made with the thread's first observation.
    std::array<std::atomic<HistogramSlots*>, limits::kMetricSeriesMax> histograms{};
};

/// Of one thread; no other writes into its cache lines.
struct alignas(64) OwnHistogramSlots : HistogramSlots {};

/// Slots outlive their thread, so that a total never falls.
class Registry {
public:
    ThreadSlots& add_thread() {
        const MutexLock lock{mutex_};
        return threads_.emplace_back();
    }

    HistogramSlots& add_histogram(std::atomic<HistogramSlots*>& where) {
        const MutexLock lock{mutex_};
        auto& slots = histograms_.emplace_back();
        where.store(&slots, std::memory_order_release);
        return slots;
    }

    template <class Pick>
    auto sum(Pick pick) {
        const MutexLock lock{mutex_};
        decltype(pick(threads_.front()).get()) total = 0;
        for (auto& slots : threads_) {
            total += pick(slots).get();
        }
        return total;
    }

    HistogramTotals totals(std::size_t series) {
        const MutexLock lock{mutex_};
        HistogramTotals out;
        for (const auto& slots : threads_) {
            if (const auto* mine = slots.histograms[series].load(std::memory_order_acquire)) {
                mine->add_to(out);
            }
        }
        return out;
    }

private:
    Mutex mutex_;
    // Deques, which don't move their elements: threads keep pointers to them.
    std::deque<ThreadSlots> threads_ HOWL_GUARDED_BY(mutex_);
    std::deque<OwnHistogramSlots> histograms_ HOWL_GUARDED_BY(mutex_);
};

Registry& registry() {
    static Registry instance;
    return instance;
}

ThreadSlots& slots() noexcept {
    thread_local ThreadSlots& mine = registry().add_thread();
    return mine;
}

HistogramSlots& slots_of(Series series) noexcept {
    auto& where = slots().histograms[series.index()];
    auto* mine = where.load(std::memory_order_relaxed);
    return mine != nullptr ? *mine : registry().add_histogram(where);
}

const HistogramEntry& row_of(Histogram histogram) noexcept {
    return kHistograms[static_cast<std::size_t>(histogram)];
}

void observe_in(Series series, Unit unit, std::uint64_t value) noexcept {
    HOWL_DEBUG_ASSERT(row_of(series.histogram()).unit == unit);
    slots_of(series).observe(unit, value);
}

/// Which sets of label values there are. The first rows are the histograms themselves.
class SeriesTable {
public:
    struct Row {
        Histogram histogram;
        std::vector<std::string> values;
    };

    SeriesTable() {
        for (std::size_t i = 0; i < kHistograms.size(); ++i) {
            const auto& labels = kHistograms[i].labels;
            const auto names = labels.empty() ? 0 : std::ranges::count(labels, ',') + 1;
            rows_.push_back({static_cast<Histogram>(i),
                             std::vector<std::string>(static_cast<std::size_t>(names), "other")});
        }
    }

    /// Nothing where the table is full.
    std::optional<std::size_t> index_of(Histogram histogram,
                                        const std::vector<std::string>& values) {
        const MutexLock lock{mutex_};
        HOWL_ASSERT(values.size() == rows_[static_cast<std::size_t>(histogram)].values.size());
        const auto found = std::ranges::find_if(rows_, [&](const Row& row) {
            return row.histogram == histogram && row.values == values;
        });
        if (found == rows_.end() && rows_.size() == limits::kMetricSeriesMax) {
            return std::nullopt;
        }
        const auto index = static_cast<std::size_t>(found - rows_.begin());
        if (found == rows_.end()) {
            rows_.push_back({histogram, values});
        }
        return index;
    }

    std::vector<Row> rows() const {
        const MutexLock lock{mutex_};
        return rows_;
    }

private:
    mutable Mutex mutex_;
    std::vector<Row> rows_ HOWL_GUARDED_BY(mutex_);
};

SeriesTable& series_table() {
    static SeriesTable instance;
    return instance;
}

prometheus::MetricFamily family(const Entry& entry, prometheus::MetricType type) {
    prometheus::MetricFamily out;
    out.name = entry.name;
    out.help = entry.help;
    out.type = type;
    return out;
}

/// A metric of `entry`, with its label, in its family, which is the last one or a new one.
prometheus::ClientMetric& add_metric(std::vector<prometheus::MetricFamily>& families, Entry entry,
                                     prometheus::MetricType type) {
    const auto brace = entry.name.find('{');
    const auto label = entry.name.substr(std::min(brace, entry.name.size()));
    entry.name = entry.name.substr(0, brace);
    if (families.empty() || families.back().name != entry.name) {
        families.push_back(family(entry, type));
    }
    auto& metric = families.back().metric.emplace_back();
    if (const auto equals = label.find("=\""); equals != std::string_view::npos) {
        const auto value = label.substr(equals + 2);
        metric.label.push_back({std::string{label.substr(1, equals - 1)},
                                std::string{value.substr(0, value.find('"'))}});
    }
    return metric;
}

prometheus::MetricFamily error_family() {
    auto out =
        family({"howl_errors_total", "Handled errors by code."}, prometheus::MetricType::Counter);
    for (std::size_t i = 0; i < error_count(); ++i) {
        const auto code = static_cast<Errc>(i);
        auto& metric = out.metric.emplace_back();
        metric.label.push_back({"code", std::string{entry_of(code).name}});
        metric.counter.value = static_cast<double>(value(code));
    }
    return out;
}

/// `value` in the unit that `/metrics` shows.
double shown(Unit unit, std::uint64_t value) {
    constexpr double kNanosecondsInSecond = 1e9;
    return unit == Unit::kSeconds ? static_cast<double>(value) / kNanosecondsInSecond
                                  : static_cast<double>(value);
}

prometheus::ClientMetric histogram_metric(const HistogramEntry& entry,
                                          const HistogramTotals& totals) {
    prometheus::ClientMetric out;
    std::uint64_t up_to = 0;
    const auto bounds = bounds_of(entry.unit);
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        up_to += totals.buckets[i];
        out.histogram.bucket.push_back({up_to, shown(entry.unit, bounds[i])});
    }
    out.histogram.sample_count = totals.count;
    out.histogram.sample_sum = shown(entry.unit, totals.sum);
    return out;
}

std::vector<prometheus::ClientMetric::Label> labels_of(std::string_view names,
                                                       const std::vector<std::string>& values) {
    std::vector<prometheus::ClientMetric::Label> out;
    for (const auto& value : values) {
        const auto name = names.substr(0, names.find(','));
        names.remove_prefix(std::min(names.size(), name.size() + 1));
        out.push_back({std::string{name}, value});
    }
    return out;
}

/// A series with labels is shown once it has an observation: most routes are never requested.
void add_histograms(std::vector<prometheus::MetricFamily>& families) {
    const auto first = families.size();
    for (const auto& entry : kHistograms) {
        families.push_back(family(entry, prometheus::MetricType::Histogram));
    }
    const auto rows = series_table().rows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& entry = row_of(rows[i].histogram);
        const auto totals = registry().totals(i);
        if (totals.count > 0 || entry.labels.empty()) {
            auto metric = histogram_metric(entry, totals);
            metric.label = labels_of(entry.labels, rows[i].values);
            families[first + static_cast<std::size_t>(rows[i].histogram)].metric.push_back(
                std::move(metric));
        }
    }
}

}  // namespace

Series series(Histogram histogram, const std::vector<std::string>& values) {
    const auto index = series_table().index_of(histogram, values);
    return index ? Series{histogram, static_cast<std::uint16_t>(*index)} : Series{histogram};
}

void count(Counter counter, std::uint64_t by) noexcept {
    slots().counters[static_cast<std::size_t>(counter)].add(by);
}

void count(Errc code) noexcept {
    slots().errors[static_cast<std::size_t>(code)].add(1);
}

void adjust(Gauge gauge, std::int64_t by) noexcept {
    slots().gauges[static_cast<std::size_t>(gauge)].add(by);
}

void observe(Series series, std::chrono::nanoseconds duration) noexcept {
    observe_in(series, Unit::kSeconds,
               static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0)));
}

void observe(Series series, std::uint64_t events) noexcept {
    observe_in(series, Unit::kEvents, events);
}

std::uint64_t value(Counter counter) {
    return registry().sum([counter](ThreadSlots& of) -> auto& {
        return of.counters[static_cast<std::size_t>(counter)];
    });
}

std::uint64_t value(Errc code) {
    return registry().sum(
        [code](ThreadSlots& of) -> auto& { return of.errors[static_cast<std::size_t>(code)]; });
}

std::int64_t value(Gauge gauge) {
    return registry().sum(
        [gauge](ThreadSlots& of) -> auto& { return of.gauges[static_cast<std::size_t>(gauge)]; });
}

HistogramTotals value(Series series) {
    return registry().totals(series.index());
}

std::string metrics_text() {
    std::vector<prometheus::MetricFamily> families;
    for (std::size_t i = 0; i < kCounters.size(); ++i) {
        add_metric(families, kCounters[i], prometheus::MetricType::Counter).counter.value =
            static_cast<double>(value(static_cast<Counter>(i)));
    }
    for (std::size_t i = 0; i < kGauges.size(); ++i) {
        add_metric(families, kGauges[i], prometheus::MetricType::Gauge).gauge.value =
            static_cast<double>(value(static_cast<Gauge>(i)));
    }
    add_histograms(families);
    families.push_back(error_family());
    std::ostringstream text;
    prometheus::TextSerializer{}.Serialize(text, families);
    return std::move(text).str();
}

}  // namespace howl::telemetry
