// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace howl::loadtest {

/// Latencies of millions of deliveries in 15 KB: buckets that grow with the value.
///
/// A value is known to 1/32 of itself at worst, from 1 ns to centuries; recording is a handful of
/// instructions and never allocates, so the client stays cheaper than what it measures.
class Histogram {
public:
    void record(std::uint64_t value) noexcept;
    void merge(const Histogram& other) noexcept;

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] std::uint64_t max() const noexcept { return max_; }
    /// The value below or at which `percent` (0-100) of the recorded ones lie; 0 when empty. Never
    /// too small, and at most 1/32 too large.
    [[nodiscard]] std::uint64_t value_at(double percent) const noexcept;

private:
    static constexpr unsigned kSubBits = 5;
    static constexpr std::size_t kBuckets = (64U - kSubBits + 1U) << kSubBits;

    static std::size_t bucket_of(std::uint64_t value) noexcept;
    static std::uint64_t highest_in(std::size_t bucket) noexcept;

    std::array<std::uint64_t, kBuckets> buckets_{};
    std::uint64_t count_ = 0;
    std::uint64_t max_ = 0;
};

}  // namespace howl::loadtest
