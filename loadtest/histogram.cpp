// SPDX-License-Identifier: Apache-2.0
#include "loadtest/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace howl::loadtest {

// Values below 2^5 have a bucket each; above, each power of two is cut into 2^5 equal buckets.
std::size_t Histogram::bucket_of(std::uint64_t value) noexcept {
    constexpr std::uint64_t kSubMask = (1U << kSubBits) - 1U;
    if (value <= kSubMask) {
        return value;
    }
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - 1U - kSubBits;
    return ((shift + 1U) << kSubBits) + ((value >> shift) & kSubMask);
}

std::uint64_t Histogram::highest_in(std::size_t bucket) noexcept {
    constexpr std::uint64_t kSubCount = 1U << kSubBits;
    if (bucket < kSubCount) {
        return bucket;
    }
    const auto shift = static_cast<unsigned>(bucket >> kSubBits) - 1U;
    const std::uint64_t lowest = (kSubCount + bucket % kSubCount) << shift;
    return lowest + ((std::uint64_t{1} << shift) - 1U);
}

void Histogram::record(std::uint64_t value) noexcept {
    ++buckets_[bucket_of(value)];
    ++count_;
    max_ = std::max(max_, value);
}

void Histogram::merge(const Histogram& other) noexcept {
    for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
        buckets_[bucket] += other.buckets_[bucket];
    }
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
}

std::uint64_t Histogram::value_at(double percent) const noexcept {
    if (count_ == 0) {
        return 0;
    }
    const double wanted = std::ceil(percent / 100.0 * static_cast<double>(count_));
    const auto rank = std::clamp(static_cast<std::uint64_t>(wanted), std::uint64_t{1}, count_);
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
        seen += buckets_[bucket];
        if (seen >= rank) {
            return std::min(highest_in(bucket), max_);
        }
    }
    return max_;
}

}  // namespace howl::loadtest
