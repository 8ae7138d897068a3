// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

#include "base/random.hpp"

namespace howl::broker::kafka {

/// How long to wait before the next try: from 0.1 s to 5 s, doubling, with jitter, so that
/// partitions that failed together are not retried together.
class RetryDelay {
public:
    static constexpr std::chrono::milliseconds kFirst{100};
    static constexpr std::chrono::milliseconds kLongest{5'000};

    explicit RetryDelay(Random& random) : random_(random) {}

    /// Between half of the present step and all of it.
    [[nodiscard]] std::chrono::milliseconds next() {
        const auto step = step_;
        step_ = std::min(step_ * 2, kLongest);
        const auto half = step / 2;
        return half + std::chrono::milliseconds{
                          random_.below(static_cast<std::uint64_t>(half.count()) + 1)};
    }

    /// Begins again with the first step.
    void start_over() noexcept { step_ = kFirst; }

private:
    Random& random_;
    std::chrono::milliseconds step_ = kFirst;
};

}  // namespace howl::broker::kafka
