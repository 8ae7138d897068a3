// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "hub/event_log.hpp"

namespace howl::hub {

/// Time for ages: starts at the time of day and from then on follows the steady clock, so that a
/// clock that is set while the server runs neither expires history nor keeps it for ever.
///
/// Thread: any.
class AgeClock {
public:
    /// `not_before`: the newest age time of an earlier run; ages never step back over a restart.
    explicit AgeClock(const Clock& clock, WallTime not_before = WallTime::min())
        : clock_(clock),
          steady_start_(clock.steady_now()),
          start_(std::max(clock.wall_now(), not_before)) {}

    [[nodiscard]] WallTime now() const {
        return start_ +
               std::chrono::floor<std::chrono::milliseconds>(clock_.steady_now() - steady_start_);
    }

private:
    const Clock& clock_;
    const SteadyTime steady_start_;
    const WallTime start_;
};

/// What was stored at this age time or before has been kept for `age_max`.
[[nodiscard]] inline WallTime expiry_cutoff(WallTime now, std::chrono::milliseconds age_max) {
    // An operator may write an age that no clock reaches.
    return age_max >= now.time_since_epoch() ? WallTime::min() : now - age_max;
}

/// One topic's account in a lane: what was given out, what is gone, and the rule for the rest.
/// Offsets have no holes, so the limit by count is arithmetic and needs no look at the events.
struct TopicLedger {
    Offset last_offset;
    Sequence last_sequence;
    Offset evicted_offset;     ///< Events up to here are gone.
    Sequence evicted_through;  ///< The sequence of `evicted_offset`, or a later one before the next
                               ///< event.
    WallTime last_time = WallTime::min();
    Retention retention;  ///< The one given last.

    [[nodiscard]] bool empty() const noexcept { return evicted_offset == last_offset; }

    /// Events up to here are too many.
    [[nodiscard]] Offset surplus_offset() const noexcept {
        const auto surplus = last_offset.value() > retention.count_max
                                 ? last_offset.value() - retention.count_max
                                 : 0;
        return std::max(evicted_offset, Offset{surplus});
    }

    /// Gives out the next place in the topic. Event times of a topic never decrease.
    void take(Sequence sequence, WallTime now) noexcept {
        last_offset = last_offset.next();
        last_sequence = sequence;
        last_time = std::max(last_time, now);
    }

    void evict_all() noexcept {
        evicted_offset = last_offset;
        evicted_through = last_sequence;
    }

    /// Puts a new topic behind what was forgotten under its name.
    void begin_behind(const ForgottenTopics::Mark& mark) noexcept {
        last_offset = mark.last_offset;
        last_sequence = mark.last_sequence;
        evict_all();
    }
    [[nodiscard]] ForgottenTopics::Mark mark() const noexcept {
        return {last_offset, last_sequence};
    }
};

/// Nothing is kept of the topic, and what its keys promise is over: `last_use` is the age time of
/// its last event, or where the topic was purged of its last one with a key.
[[nodiscard]] inline bool may_be_forgotten(const TopicLedger& ledger, WallTime last_use,
                                           WallTime now) {
    return ledger.empty() && last_use <= expiry_cutoff(now, limits::kIdempotencyWindow);
}

}  // namespace howl::hub
