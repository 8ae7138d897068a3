// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/clock.hpp"

namespace howl::broker::kafka {

/// Bounds the log lines that others can cause (a token bucket): a burst, then one in a second, each
/// with the number of lines that were left out before it.
class LogBudget {
public:
    static constexpr std::uint64_t kBurst = 10;
    static constexpr std::chrono::seconds kPerLine{1};

    /// How many lines were left out since the last one; nothing: leave this one out too.
    [[nodiscard]] std::optional<std::uint64_t> try_take(SteadyTime now) {
        const auto added = last_ ? static_cast<std::uint64_t>((now - *last_) / kPerLine) : kBurst;
        if (added > 0) {
            left_ = std::min(kBurst, left_ + added);
            last_ = now;
        }
        if (left_ == 0) {
            ++left_out_;
            return std::nullopt;
        }
        --left_;
        return std::exchange(left_out_, 0);
    }

private:
    std::uint64_t left_ = 0;
    std::uint64_t left_out_ = 0;
    std::optional<SteadyTime> last_;
};

}  // namespace howl::broker::kafka
