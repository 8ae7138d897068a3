// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/limits.hpp"
#include "hub/cursor.hpp"
#include "hub/hub.hpp"
#include "hub/sequencer.hpp"
#include "hub/session_sink.hpp"
#include "telemetry/metrics.hpp"

namespace howl::hub {

/// Only what comes from now on.
struct FromNow {};
/// Where a reader starts: now, or behind what it has seen.
using StartPoint = std::variant<FromNow, Cursor, Position>;

/// The reading half of one session: its topics, first replayed from where it stood, then live.
///
/// The replay is bounded: it waits while the session's queue is long and goes on when the session
/// says that it has drained. Events published meanwhile are not queued but read in their turn, so a
/// slow replay costs no memory.
///
/// Limits: `limits::kTopicsPerSessionMax` topics, checked by the door.
class Reader {
public:
    /// Starts at once: what is to be replayed from memory is delivered before this returns.
    /// Requires: no topic twice; a `Position` only with one topic.
    Reader(Hub& hub, SessionSink& sink, const EventEncoder& encoder, std::vector<TopicName> topics,
           const StartPoint& start);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    /// The session's queue has room again.
    void on_drained();

private:
    /// A replay pauses when more than this waits in the session's queue.
    static constexpr std::size_t kReplayQueueBytesMax = 256 * 1024;
    /// It also pauses after this many frames, until the queue was empty: a session refuses a queue
    /// of too many frames, however short they are.
    static constexpr std::size_t kReplayQueueFramesMax = limits::kOutputQueueFramesMax / 2;

    /// A topic that a reset was told of.
    struct ToldGap {
        TopicName topic;
        Sequence through;  ///< It speaks for everything up to here.
    };

    void begin(const StartPoint& start);
    [[nodiscard]] bool has_room();
    void replay_frame(std::string bytes);
    void continue_replay();
    void take(const Sequencer::ReplayStep& step);
    void deliver(const Event& event);
    void tell_gaps(const Sequencer::ReplayStep& step);
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
    const std::vector<TopicName> topics_;
    const std::uint64_t pending_id_;
    // Shard-local state.
    std::vector<Subscription> subscriptions_;  ///< Sized once, because they are linked.
    std::unique_ptr<Cursor> cursor_;           ///< While replaying.
    std::vector<ToldGap> gaps_told_;
    std::size_t frames_queued_ = 0;  ///< By the replay, since the session's queue was empty.
    bool paused_ = false;
    telemetry::GaugeHold gauge_{telemetry::Gauge::kReaders};
};

}  // namespace howl::hub
