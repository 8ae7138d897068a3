// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include <boost/container/small_vector.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include "access/principal.hpp"
#include "base/result.hpp"
#include "hub/reader.hpp"
#include "hub/session_sink.hpp"
#include "runtime/timer_wheel.hpp"
#include "session/channel.hpp"
#include "session/handler.hpp"
#include "session/output_queue.hpp"
#include "session/session_group.hpp"

namespace howl::session {

/// Topics and patterns for a session to read, from one start on. An event that it reads in several
/// ways comes once; two subscriptions know nothing of each other.
struct Subscription {
    std::vector<hub::TopicName> topics;
    hub::StartPoint start;
    /// The product's payload of an event; the channel frames it. It outlives the session.
    const hub::EventEncoder* encoder = nullptr;
    std::vector<hub::TopicPattern> patterns{};
};

/// One connected client, whatever its transport.
///
/// ```
///   SessionGroup 1---* Session 1---0..1 Channel 1---1 connection
///                              1---* hub::Reader (one for each subscription)
///                              1---1 OutputQueue
///                              1---0..1 Handler (the product's half)
/// ```
///
/// While idle it costs an empty queue and one timer in the shard's wheel. Deliveries are queued and
/// leave at the end of the turn. A queue over its limits, or one that does not move for
/// `Settings::stall_time`, ends the session with `kSlowReader`; others never wait for it.
///
/// Owner: its group, from `open` until it has ended; pending operations keep it alive.
/// Thread: its shard's.
class Session final : public hub::SessionSink,
                      public boost::intrusive_ref_counter<Session, boost::thread_unsafe_counter>,
                      public SessionNode {
public:
    using Ref = boost::intrusive_ptr<Session>;

    /// Sends `head` over `channel`, then tells the handler. `handler` may be null.
    static Ref open(SessionGroup& group, const access::Principal& principal, ChannelRef channel,
                    std::unique_ptr<Handler> handler, hub::FrameRef head);
    ~Session() override;

    // --- For the product ---

    /// Begins to read topics, beside those it reads already. A topic that it reads already is read
    /// anew from `wanted.start`. Nothing happens on a session that has ended.
    /// A pattern is a thing of its own: of a topic that is read by name too, in another
    /// subscription, the events come twice.
    /// Errors: those of `hub::Gate::check_read`; `kTooManySubscriptions`, `kTooManyPatterns`
    /// (`limits::kTopicsPerSessionMax` and `kPatternsPerSessionMax` of all subscriptions); those of
    /// `hub::Hub::check_patterns`. Then it reads what it read before.
    Result<void> subscribe(Subscription wanted);
    /// The same for a protocol that has no answer to a refusal: the session ends with its reason.
    void subscribe_or_close(Subscription wanted);
    /// Ends the reading of one topic; of events that are queued already it is not taken back.
    void unsubscribe(const hub::TopicName& topic);
    void unsubscribe(const hub::TopicPattern& pattern);
    [[nodiscard]] bool reads(const hub::TopicName& topic) const;
    /// Queues one message. Subject to the queue's limits.
    void send(std::string_view payload, MessageKind kind = MessageKind::kText);
    /// Ends the session with a close code of the product's own protocol, e.g. 1000.
    void close_with(std::uint16_t code, std::string_view reason);
    /// Ends the session at once, without a close frame.
    void abort();
    /// Lets the session live on for `time` when its connection goes, for a protocol whose client
    /// returns with another one. What is delivered meanwhile waits in the queue, under its limits.
    /// 0, the default: the session ends with its connection.
    void outlive_connection(std::chrono::milliseconds time) { detached_time_ = time; }
    [[nodiscard]] const access::Principal& principal() const noexcept { return principal_; }

    // --- hub::SessionSink ---

    void deliver(const hub::FrameRef& frame) override;
    void close(Errc reason) override { finish({reason, entry_of(reason).text}); }
    void wake_when_drained() override { wakes_readers_ = true; }
    void on_caught_up() override;
    /// A frame counts for no less than its share of the byte limit, so that a replay of many small
    /// events pauses before it comes to the limit on frames.
    [[nodiscard]] std::size_t queued_bytes() const override;

    // --- For the server ---

    /// Ends the session so that the clients come back spread over `Settings::drain_spread`: one
    /// that can be told when to reconnect leaves now, another one at a time of its own.
    void drain();
    /// Goes on over `channel`, which frames as the last one did; a connection that it still has is
    /// closed. A frame of which the last connection took only a part is sent from its beginning.
    /// Nothing happens on a session that has ended.
    void attach(ChannelRef channel);

    // --- For the channel ---

    [[nodiscard]] bool is_open() const noexcept { return state_ == State::kOpen; }
    /// The close frame is queued or sent, and the connection not closed yet.
    [[nodiscard]] bool is_closing() const noexcept { return state_ == State::kClosing; }
    [[nodiscard]] bool has_ended() const noexcept { return state_ == State::kEnded; }
    /// A whole message of the client.
    void on_message(MessageKind kind, std::string_view message);
    void on_writable();
    /// The connection of `channel` has ended.
    void on_peer_gone(const Channel& channel);
    /// The client has answered the close frame, so nothing is left to wait for.
    void on_close_answered();
    /// Queues past the limits, as control frames must.
    void push(hub::FrameRef frame);
    /// Sends the close frame once, and closes when the client has it.
    void finish(const Closing& closing);
    /// Calls `Channel::on_tick` no later than `when`.
    void wake_by(SteadyTime when);
    [[nodiscard]] SteadyTime last_write() const noexcept { return last_write_; }
    [[nodiscard]] std::size_t unsent_bytes() const noexcept { return queue_.bytes(); }

private:
    friend class SessionFlusher;
    enum class State : std::uint8_t { kOpen, kClosing, kEnded };

    Session(SessionGroup& group, const access::Principal& principal,
            std::unique_ptr<Handler> handler);

    /// The queue is to be written at the end of the turn, unless the connection has no room.
    void touch();
    void flush_with_turn();
    void flush();
    [[nodiscard]] bool fits(const hub::Frame& frame) const;
    [[nodiscard]] WriteResult::State write_queue();
    [[nodiscard]] WriteResult write_once();
    void on_written(WriteResult::State state);
    void on_all_written();
    void wake_readers();
    void close_as_slow();
    void on_timer();
    void on_closing_time(SteadyTime now);
    /// The connection went, and the session waits for another one.
    void detach();
    /// What the client has not acknowledged: of the queue and of what was written.
    [[nodiscard]] std::size_t unacknowledged_bytes() const;
    void count_end_of_slow_reader() const;
    void drop_unsent();
    void end_handler();
    [[nodiscard]] Result<void> check(const Subscription& wanted) const;
    /// `What`: a topic or a pattern.
    template <class What>
    void remove(const What& what);

    // Constant after construction.
    SessionGroup& group_;
    const access::Principal principal_;
    // Shard-local state.
    ChannelRef channel_;  ///< The last one, also while the connection is gone; null at the end.
    std::unique_ptr<Handler> handler_;
    boost::container::small_vector<std::unique_ptr<hub::Reader>, 1> readers_;
    OutputQueue queue_;
    SteadyTime last_write_;  ///< When the queue last moved.
    /// The latest time to be open, of a session that leaves at a drain or has no connection; to be
    /// closing, of another.
    SteadyTime ends_by_ = SteadyTime::max();
    std::size_t unacknowledged_seen_ = 0;  ///< While closing: at the last look.
    std::chrono::milliseconds detached_time_{};
    State state_ = State::kOpen;
    bool is_connected_ = false;
    bool over_limits_ = false;
    bool closed_as_slow_ = false;
    bool waits_writable_ = false;
    bool output_ended_ = false;
    bool handler_ended_ = false;
    bool wakes_readers_ = false;
    runtime::MemberTimer<Session, &Session::on_timer> timer_;
};

}  // namespace howl::session
