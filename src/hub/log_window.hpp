// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "hub/event.hpp"
#include "hub/event_log.hpp"
#include "hub/forgotten_topics.hpp"
#include "hub/pattern_watchers.hpp"
#include "hub/topic_pattern.hpp"
#include "telemetry/metrics.hpp"

namespace howl::hub {

/// How much one step of a replay may bring.
struct ReplayLimits {
    std::size_t events_max = 256;
    std::size_t bytes_max = limits::kReplayBytesMax;
};

/// Shortens `slice` to the limits; it keeps one event at least, so that a replay goes on.
void cut(LogSlice& slice, const ReplayLimits& limits);

/// A part of a lane's topics, in the byte order of their names.
struct TopicRange {
    std::string_view prefix;  ///< Names that begin with it,
    std::string_view after;   ///< and come after this text,
    std::string_view except;  ///< but none that begins with this; empty: leaves none out.
};

/// A topic as a list of topics shows it.
struct ListedTopic {
    TopicName topic;
    Lane lane;
    Offset last_offset;
};

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
    ~LogWindow();
    LogWindow(const LogWindow&) = delete;
    LogWindow& operator=(const LogWindow&) = delete;

    /// Makes room for `topics`, which are restored next.
    void reserve(std::size_t topics) { topics_.reserve(topics); }
    /// A topic as the log knows it, before its newest events are added.
    void restore(const TopicState& state);
    /// What the log remembers of topics that it has forgotten.
    void restore(ForgottenTopics forgotten);
    /// `since`: from when on the event ages, by the clock of `now` below.
    /// Returns what the topic keeps for the sequencer. Requires: sequences rise.
    PatternWatchers::Seen& append(EventRef event, const Retention& retention, WallTime since);
    /// Drops the events of `topic` up to `through` for everybody.
    void purge(const TopicName& topic, Sequence through);
    /// The log has forgotten `topic`. What is still here of it goes.
    void forget(const TopicName& topic);

    /// Events of `topics` above `after`, or nothing where the log itself must be asked.
    [[nodiscard]] std::optional<LogSlice> read(std::span<const TopicName> topics, Sequence after,
                                               const ReplayLimits& limits, WallTime now);
    /// A page of `topic` by offset, bounded as `EventLog::history` is, or nothing where the log
    /// itself must be asked.
    [[nodiscard]] std::optional<HistoryPage> history(const TopicName& topic, Offset after,
                                                     std::size_t limit, WallTime now);

    /// The sequence after which a reader of `topic` alone continues who has seen offset `after`; 0
    /// where that place is gone, or may be because the topic was forgotten; `kAhead` where it has
    /// never been, and nothing where the log itself must be asked.
    [[nodiscard]] std::optional<Sequence> sequence_before(const TopicName& topic,
                                                          Offset after) const;

    /// Events of `topic` up to here are not in memory, and may not be anywhere.
    [[nodiscard]] Sequence gone_through(const TopicName& topic) const;
    /// Newest sequence in the lane.
    [[nodiscard]] Sequence head() const noexcept { return head_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::size_t topic_count() const noexcept { return topics_.size(); }
    /// True if `topic` was published to, and is not forgotten.
    [[nodiscard]] bool knows(const TopicName& topic) const { return topics_.contains(topic); }

    /// Puts topics that came since into the index for `list`, a few with each call; true when all
    /// are in it. So a lane whose topics nobody lists has no index, which a start with many topics
    /// would have to wait for.
    [[nodiscard]] bool index_some();
    /// The first topics of `range`, by name, at most `limit`; shown as of `lane`. It costs what it
    /// returns, however many topics there are and however many of them are left out.
    /// Requires: `index_some` has just returned true.
    [[nodiscard]] std::vector<ListedTopic> list(const TopicRange& range, Lane lane,
                                                std::size_t limit) const;
    /// The topics that match one of `patterns` and had events above `after`, each once. Errors:
    /// `kPatternTooWide`, by `limits::kTopicsPerReplayMax` and `kPatternNamesScannedMax`.
    /// Requires: `index_some` has just returned true.
    [[nodiscard]] Result<std::vector<TopicName>> matching(std::span<const TopicPattern> patterns,
                                                          Sequence after) const;
    /// Events of forgotten topics stood up to here.
    [[nodiscard]] Sequence forgotten_through() const noexcept { return forgotten_through_; }

private:
    struct Kept {
        EventRef event;
        WallTime since;
        [[nodiscard]] Sequence sequence() const noexcept { return event->sequence; }
        [[nodiscard]] Offset offset() const noexcept { return event->offset; }
    };
    static constexpr std::size_t kListed = std::numeric_limits<std::size_t>::max();
    struct Topic {
        std::deque<Kept> events;
        Sequence floor;            ///< Events up to here are not in memory.
        Sequence evicted_through;  ///< Events up to here are not anywhere.
        Sequence last_sequence;
        Offset last_offset;
        Retention retention;
        PatternWatchers::Seen seen;
        std::size_t unlisted_at = kListed;  ///< Its place in `unlisted_`.
        std::optional<telemetry::GaugeHold> gauge{std::in_place, telemetry::Gauge::kTopics};
    };

    /// Names an event without keeping it alive.
    struct Place {
        std::shared_ptr<Topic> topic;  ///< Perhaps forgotten; then it has no events.
        Sequence sequence;
        /// Events leave a topic from the front only, so its floor tells.
        [[nodiscard]] bool is_live() const noexcept { return topic->floor < sequence; }
    };

    using Topics = std::unordered_map<TopicName, std::shared_ptr<Topic>>;

    static std::size_t cost_of(const Event& event);
    /// Also tells the gauge.
    void change_bytes(std::int64_t by);
    [[nodiscard]] std::shared_ptr<Topic>& topic_of(const TopicName& name);
    void take_from_index(const Topics::value_type& entry);
    [[nodiscard]] bool find_matching(const TopicPattern& pattern, Sequence after,
                                     std::vector<TopicName>& found, std::size_t& scanned) const;
    void pop_front(Topic& topic);
    void evict_expired(Topic& topic, WallTime now);
    void evict_over_bytes();

    const std::size_t bytes_max_;
    Topics topics_;
    std::map<std::string_view, const Topics::value_type*> by_name_;  ///< For lists.
    std::vector<const Topics::value_type*> unlisted_;  ///< What `by_name_` does not have yet.
    ForgottenTopics forgotten_;
    Sequence forgotten_through_;
    std::deque<Place> by_age_;  ///< All events of the lane; some may have left their topic already.
    std::size_t live_ = 0;      ///< Events that are still in their topic.
    std::size_t bytes_ = 0;
    Sequence head_;
};

}  // namespace howl::hub
