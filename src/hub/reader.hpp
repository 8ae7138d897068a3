// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/limits.hpp"
#include "hub/cursor.hpp"
#include "hub/hub.hpp"
#include "hub/sequencer.hpp"
#include "hub/session_sink.hpp"
#include "runtime/shard.hpp"
#include "telemetry/metrics.hpp"

namespace howl::hub {

/// Only what comes from now on.
struct FromNow {};
/// Where a reader starts: now, or behind what it has seen.
using StartPoint = std::variant<FromNow, Cursor, Position>;

/// One subscription of a session: topics and patterns of topics, first replayed from where the
/// reader stood, then live. An event that it reads in several ways, or in several topics that the
/// event has, comes once.
///
/// The replay is bounded: it waits while the session's queue is long and goes on when the session
/// says that it has drained. Events published meanwhile are not queued but read in their turn, so a
/// slow replay costs no memory.
///
/// Limits: `limits::kTopicsPerSessionMax` topics and `kPatternsPerSessionMax` patterns, checked by
/// the session.
class Reader {
public:
    /// Starts at once: what is to be replayed from memory is delivered before this returns.
    /// Requires: no topic and no pattern twice; a `Position` only with one topic and nothing else.
    Reader(Hub& hub, SessionSink& sink, const EventEncoder& encoder, std::vector<TopicName> topics,
           const StartPoint& start, std::vector<TopicPattern> patterns = {});
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    /// The session's queue has room again.
    void on_drained();

    enum class Left : std::uint8_t { kSome, kNone };
    /// Reads `topic` no more, unless a pattern matches it; tells whether anything is left. One that
    /// it doesn't read is ignored.
    Left remove(const TopicName& topic);
    Left remove(const TopicPattern& pattern);
    /// By its name.
    [[nodiscard]] bool reads(const TopicName& topic) const;
    [[nodiscard]] bool reads(const TopicPattern& pattern) const;
    [[nodiscard]] const std::vector<TopicName>& topics() const noexcept { return topics_; }
    [[nodiscard]] std::span<const TopicPattern> patterns() const noexcept;

    /// For the hub's fan-out: whether the event of `mark` is to be delivered, once for each.
    [[nodiscard]] bool takes(DeliveryMark mark) noexcept {
        return std::exchange(taken_, mark) != mark;
    }

private:
    /// A replay pauses when more than this waits in the session's queue.
    static constexpr std::size_t kReplayQueueBytesMax = 256 * 1024;
    /// The same while all replays together hold much memory: their frames are nobody else's.
    static constexpr std::size_t kScarceQueueBytesMax = 16 * 1024;
    /// It also pauses after this many frames, until the queue was empty: a session refuses a queue
    /// of too many frames, however short they are.
    static constexpr std::size_t kReplayQueueFramesMax = limits::kOutputQueueFramesMax / 2;

    /// A topic that a reset was told of.
    struct ToldGap {
        TopicName topic;
        Sequence through;  ///< It speaks for everything up to here.
    };

    /// What a reader of patterns needs.
    struct ByPattern {
        std::vector<TopicPattern> patterns;
        std::vector<SubscriberLink> links;  ///< As `Reader::links_`.
        Sequencer::Stretch stretch;
        PerLane<Sequence> gaps_told_through;
    };

    void begin(const StartPoint& start);
    [[nodiscard]] bool has_room();
    void replay_frame(std::string bytes);
    void continue_replay();
    void take(const Sequencer::ReplayStep& step);
    void deliver(const Event& event);
    /// False: it comes later, or never.
    [[nodiscard]] bool take_next_step();
    [[nodiscard]] Sequencer::ReplayStep next_step();
    void ask_log(const Sequencer::ReplayStep& step);
    void go_on_later(void (Reader::*then)());
    void close_as_too_wide() { sink_.close(Errc::kPatternTooWide); }
    void advance(const Sequencer::ReplayStep& step);
    [[nodiscard]] bool wants(const TopicName& topic) const;
    [[nodiscard]] Left left() const;
    void tell_gaps(const Sequencer::ReplayStep& step);
    void tell_pattern_gaps(const Sequencer::ReplayStep& step);
    [[nodiscard]] Cursor cursor_behind_gap(const Sequencer::ReplayStep& step) const;
    void link_all();
    /// Runs `then` with this reader, unless it is gone by then.
    template <class... Arguments>
    [[nodiscard]] auto if_alive(void (Reader::*then)(Arguments...));
    void on_located(Result<Cursor> cursor);
    void on_log_read(Result<Sequencer::ReplayStep> step);
    void on_joined();

    // Constant after construction.
    Hub& hub_;
    SessionSink& sink_;
    const EventEncoder& encoder_;
    const std::uint64_t pending_id_;
    // Shard-local state.
    [[no_unique_address]] runtime::ShardCheck here_;
    std::vector<TopicName> topics_;
    bool has_removed_topics_ = false;
    /// In the order of `topics_`, once the replay is over. Never moved, because they are linked.
    std::vector<SubscriberLink> links_;
    std::unique_ptr<ByPattern> by_pattern_;  ///< Null: it reads none.
    DeliveryMark taken_ = 0;                 ///< Of the newest live event.
    std::unique_ptr<Cursor> cursor_;         ///< While replaying.
    std::vector<ToldGap> gaps_told_;
    std::size_t frames_queued_ = 0;  ///< By the replay, since the session's queue was empty.
    bool paused_ = false;
    std::uint32_t events_replayed_ = 0;
    telemetry::GaugeHold gauge_{telemetry::Gauge::kReaders};
};

}  // namespace howl::hub
