// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <sstream>
#include <string_view>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace howl::telemetry {
namespace {

struct Entry {
    std::string_view name;
    std::string_view help;
};

#define HOWL_COUNTER(enumerator, name, help) Entry{name, help},
#define HOWL_GAUGE(enumerator, name, help)
constexpr std::array kCounters{
#include "telemetry/metrics.def"
};
#undef HOWL_COUNTER
#undef HOWL_GAUGE

#define HOWL_COUNTER(enumerator, name, help)
#define HOWL_GAUGE(enumerator, name, help) Entry{name, help},
constexpr std::array kGauges{
#include "telemetry/metrics.def"
};
#undef HOWL_COUNTER
#undef HOWL_GAUGE

constexpr std::size_t kErrorsMax = 64;

/// Written by one thread only, so that adding needs no locked instruction.
template <class T>
class Slot {
public:
    void add(T by) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }
    [[nodiscard]] T get() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<T> value_{0};
};

struct ThreadSlots {
    std::array<Slot<std::uint64_t>, kCounters.size()> counters;
    std::array<Slot<std::int64_t>, kGauges.size()> gauges;
    std::array<Slot<std::uint64_t>, kErrorsMax> errors;
};

/// Slots outlive their thread, because what was counted stays counted.
class Registry {
public:
    ThreadSlots& add_thread() {
        const std::scoped_lock lock{mutex_};
        return *threads_.emplace_back(std::make_unique<ThreadSlots>());
    }

    template <class Pick>
    auto sum(Pick pick) {
        const std::scoped_lock lock{mutex_};
        decltype(pick(*threads_.front()).get()) total = 0;
        for (const auto& slots : threads_) {
            total += pick(*slots).get();
        }
        return total;
    }

private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<ThreadSlots>> threads_;
};

Registry& registry() {
    static Registry instance;
    return instance;
}

ThreadSlots& slots() noexcept {
    thread_local ThreadSlots& mine = registry().add_thread();
    return mine;
}

prometheus::MetricFamily family(const Entry& entry, prometheus::MetricType type) {
    prometheus::MetricFamily out;
    out.name = entry.name;
    out.help = entry.help;
    out.type = type;
    return out;
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

}  // namespace

void count(Counter counter, std::uint64_t by) noexcept {
    slots().counters[static_cast<std::size_t>(counter)].add(by);
}

void count(Errc code) noexcept {
    slots().errors[static_cast<std::size_t>(code)].add(1);
}

void adjust(Gauge gauge, std::int64_t by) noexcept {
    slots().gauges[static_cast<std::size_t>(gauge)].add(by);
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

std::string metrics_text() {
    std::vector<prometheus::MetricFamily> families;
    for (std::size_t i = 0; i < kCounters.size(); ++i) {
        auto& out = families.emplace_back(family(kCounters[i], prometheus::MetricType::Counter));
        out.metric.emplace_back().counter.value =
            static_cast<double>(value(static_cast<Counter>(i)));
    }
    for (std::size_t i = 0; i < kGauges.size(); ++i) {
        auto& out = families.emplace_back(family(kGauges[i], prometheus::MetricType::Gauge));
        out.metric.emplace_back().gauge.value = static_cast<double>(value(static_cast<Gauge>(i)));
    }
    families.push_back(error_family());
    std::ostringstream text;
    prometheus::TextSerializer{}.Serialize(text, families);
    return std::move(text).str();
}

}  // namespace howl::telemetry
