// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/clock.hpp"

namespace howl::products::chat {

/// A token bucket that holds twice what flows in during a second, kept as one moment: when the
/// bucket would be full again (the virtual scheduling of ITU-T I.371, "GCRA").
class RateLimit {
public:
    /// 0 counts as 1.
    explicit RateLimit(std::uint64_t per_second)
        : interval_(std::chrono::nanoseconds{std::chrono::seconds{1}} /
                    static_cast<std::int64_t>(std::max<std::uint64_t>(per_second, 1))),
          tolerance_(std::chrono::seconds{2} - interval_) {}

    /// True, and one token less, if there is one.
    [[nodiscard]] bool try_take(SteadyTime now) {
        const auto full_at = std::max(full_at_, now);
        if (full_at - now > tolerance_) {
            return false;
        }
        full_at_ = full_at + interval_;
        return true;
    }

private:
    // Constant after construction.
    const std::chrono::nanoseconds interval_;
    const std::chrono::nanoseconds tolerance_;
    // Shard-local state.
    SteadyTime full_at_;
};

}  // namespace howl::products::chat
