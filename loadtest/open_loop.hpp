// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "loadtest/event_source.hpp"

namespace howl::loadtest {

/// Returns the events of a plan when they are due, whether those before are answered or not: a
/// server that falls behind gets no fewer.
class OpenLoop {
public:
    OpenLoop(const SendPlan& plan, std::uint64_t start_nanos) noexcept
        : plan_(plan), start_nanos_(start_nanos) {}

    struct Due {
        std::uint64_t number;     ///< For its stamp.
        std::uint64_t due_nanos;  ///< On the clock of `start_nanos`.
    };
    /// The next event, if it is due by `now_nanos`; to be sent now.
    [[nodiscard]] std::optional<Due> take(std::uint64_t now_nanos) noexcept {
        const auto after = static_cast<std::uint64_t>(due_after(plan_, taken_).count());
        if (finished() || start_nanos_ + after > now_nanos) {
            return std::nullopt;
        }
        return Due{plan_.first_number + taken_++, start_nanos_ + after};
    }

    [[nodiscard]] std::uint64_t taken() const noexcept { return taken_; }
    [[nodiscard]] bool finished() const noexcept { return taken_ == plan_.count; }

private:
    // Constant after construction.
    SendPlan plan_;
    std::uint64_t start_nanos_;

    std::uint64_t taken_ = 0;
};

}  // namespace howl::loadtest
