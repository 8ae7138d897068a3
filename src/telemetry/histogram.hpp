// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace howl::telemetry {

/// A number that one thread writes and others may read, so that adding needs no locked instruction.
/// Thread: `add` on the thread that owns it; `get` on any.
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

/// What a histogram measures. Durations are counted in nanoseconds and shown in seconds.
enum class Unit : std::uint8_t { kSeconds, kEvents };

namespace detail {

inline constexpr std::uint64_t kMicrosecond = 1'000;
inline constexpr std::uint64_t kMillisecond = 1'000 * kMicrosecond;
inline constexpr std::uint64_t kSecond = 1'000 * kMillisecond;
inline constexpr std::array kSecondsBounds{50 * kMicrosecond,   100 * kMicrosecond,
                                           250 * kMicrosecond,  500 * kMicrosecond,
                                           kMillisecond,        2500 * kMicrosecond,
                                           5 * kMillisecond,    10 * kMillisecond,
                                           25 * kMillisecond,   50 * kMillisecond,
                                           100 * kMillisecond,  250 * kMillisecond,
                                           500 * kMillisecond,  kSecond,
                                           2500 * kMillisecond, 5 * kSecond,
                                           10 * kSecond};
inline constexpr std::array<std::uint64_t, 11> kEventsBounds{
    1, 3, 10, 30, 100, 300, 1000, 3000, 10'000, 100'000, 1'000'000};

}  // namespace detail

/// Upper bounds of the buckets of `unit`, rising; what is above the last has a bucket of its own.
[[nodiscard]] constexpr std::span<const std::uint64_t> bounds_of(Unit unit) noexcept {
    return unit == Unit::kSeconds ? std::span<const std::uint64_t>{detail::kSecondsBounds}
                                  : std::span<const std::uint64_t>{detail::kEventsBounds};
}

inline constexpr std::size_t kBucketsMax =
    std::max(bounds_of(Unit::kSeconds).size(), bounds_of(Unit::kEvents).size()) + 1;

/// Observations of one or more threads, added up.
struct HistogramTotals {
    std::array<std::uint64_t, kBucketsMax> buckets{};  ///< Each without those below it.
    std::uint64_t count = 0;
    std::uint64_t sum = 0;  ///< Nanoseconds or events.
};

/// The observations that one thread made. Fixed buckets, so that observing is two plain additions
/// and allocates nothing.
/// Thread: as `Slot`.
class HistogramSlots {
public:
    void observe(Unit unit, std::uint64_t value) noexcept {
        const auto bounds = bounds_of(unit);
        const auto bucket = std::ranges::lower_bound(bounds, value) - bounds.begin();
        buckets_[static_cast<std::size_t>(bucket)].add(1);
        sum_.add(value);
    }

    void add_to(HistogramTotals& totals) const noexcept {
        for (std::size_t i = 0; i < kBucketsMax; ++i) {
            totals.buckets[i] += buckets_[i].get();
            totals.count += buckets_[i].get();
        }
        totals.sum += sum_.get();
    }

private:
    std::array<Slot<std::uint64_t>, kBucketsMax> buckets_;
    Slot<std::uint64_t> sum_;
};

}  // namespace howl::telemetry
