// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "hub/event.hpp"
#include "hub/event_log.hpp"
#include "telemetry/metrics.hpp"

namespace howl::hub {

/// How much one step of a replay may bring.
struct ReplayLimits {
    std::size_t events_max = 256;
    std::size_t bytes_max = 256 * 1024;
};

/// Shortens `slice` to the limits; it keeps one event at least, so that a replay goes on.
void cut(LogSlice& slice, const ReplayLimits& limits);

/// The newest events of one lane in memory, so that a storm of resuming clients reads no disk.
///
/// For every topic of the lane it knows how far its memory reaches down (`floor`): a reader that
/// stands at or above the floor is served from here alone. Events leave by retention and, oldest of
/// the whole lane first, when all together pass `bytes_max`.
///
/// Thread: guarded by the sequencer.
class LogWindow {
public:
    /// A place no lane ever comes to: where a reader stands that has seen what nobody published.
    static constexpr Sequence kAhead{std::numeric_limits<std::uint64_t>::max()};

    explicit LogWindow(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    /// A topic as the log knows it, before its newest events are added.
    void restore(const TopicState& state);
    /// `since`: from when on the event ages, by the clock of `now` below.
    /// Requires: sequences rise.
    void append(EventRef event, const Retention& retention, WallTime since);
    /// Drops the events of `topic` up to `through` for everybody.
    void purge(const TopicName& topic, Sequence through);

    /// Events of `topics` above `after`, or nothing where the log itself must be asked.
    [[nodiscard]] std::optional<LogSlice> read(std::span<const TopicName> topics, Sequence after,
                                               const ReplayLimits& limits, WallTime now);
    /// A page of `topic` by offset, or nothing where the log itself must be asked.
    [[nodiscard]] std::optional<HistoryPage> history(const TopicName& topic, Offset after,
                                                     std::size_t limit, WallTime now);

    /// The sequence after which a reader of `topic` alone continues who has seen offset `after`; 0
    /// where that place is gone, `kAhead` where it has never been, and nothing where the log itself
    /// must be asked.
    [[nodiscard]] std::optional<Sequence> sequence_before(const TopicName& topic,
                                                          Offset after) const;

    /// Events of `topic` up to here are not in memory, and may not be anywhere.
    [[nodiscard]] Sequence gone_through(const TopicName& topic) const;
    /// Newest sequence in the lane.
    [[nodiscard]] Sequence head() const noexcept { return head_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::size_t topic_count() const noexcept { return topics_.size(); }
    /// True if anything was ever published to `topic`.
    [[nodiscard]] bool knows(const TopicName& topic) const { return topics_.contains(topic); }

private:
    struct Kept {
        EventRef event;
        WallTime since;
        [[nodiscard]] Sequence sequence() const noexcept { return event->sequence; }
        [[nodiscard]] Offset offset() const noexcept { return event->offset; }
    };
    struct Topic {
        std::deque<Kept> events;
        Sequence floor;            ///< Events up to here are not in memory.
        Sequence evicted_through;  ///< Events up to here are not anywhere.
        Sequence last_sequence;
        Offset last_offset;
        Retention retention;
        telemetry::GaugeHold gauge{telemetry::Gauge::kTopics};
    };

    /// Names an event without keeping it alive.
    struct Place {
        Topic* topic;  ///< Topics stay for good, at their address.
        Sequence sequence;
        /// Events leave a topic from the front only, so its floor tells.
        [[nodiscard]] bool is_live() const noexcept { return topic->floor < sequence; }
    };

    static std::size_t cost_of(const Event& event);
    void pop_front(Topic& topic);
    void evict_expired(Topic& topic, WallTime now);
    void evict_over_bytes();

    const std::size_t bytes_max_;
    std::unordered_map<TopicName, Topic> topics_;
    std::deque<Place> by_age_;  ///< All events of the lane; some may have left their topic already.
    std::size_t live_ = 0;      ///< Events that are still in their topic.
    std::size_t bytes_ = 0;
    Sequence head_;
};

}  // namespace howl::hub
