// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <boost/intrusive/list.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include "codec/websocket/message_reader.hpp"
#include "hub/reader.hpp"
#include "hub/session_sink.hpp"
#include "runtime/timer_wheel.hpp"
#include "transport/edge.hpp"
#include "transport/output_queue.hpp"

namespace howl::transport {

class Stream;

template <class Tag>
using StreamHook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<Tag>,
                                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// What one session does beyond reading topics: the app's half, made by its door.
class StreamHandler {
public:
    virtual ~StreamHandler() = default;
    /// The stream is there; its head is queued.
    virtual void on_open(Stream& stream) { static_cast<void>(stream); }
    /// A whole message of a WebSocket client, valid UTF-8 if text. Never called for SSE.
    virtual void on_message(Stream& stream, codec::websocket::MessageKind kind,
                            std::string_view message);
    /// The stream ends; nothing more can be sent. Called once.
    virtual void on_close(Stream& stream) { static_cast<void>(stream); }
};

/// Topics for a session to read.
struct Follow {
    std::vector<hub::TopicName> topics;
    hub::StartPoint start;
    const hub::EventEncoder* encoder = nullptr;
};

/// A connection that has become a long-lived session: SSE or WebSocket.
///
/// It holds no read buffer and no coroutine while idle: one pending wait for readability, one timer
/// in the shard's wheel and an empty queue. Deliveries are queued and leave at the end of the turn.
/// A queue over its limits, or one that does not move for `stall_time`, ends the session with
/// `kSlowReader`; other readers never wait for it.
///
/// Owner: its edge, from `open` until the socket is closed; pending operations keep it alive.
class Stream : public hub::SessionSink,
               public boost::intrusive_ref_counter<Stream, boost::thread_unsafe_counter>,
               public StreamHook<struct TouchedTag>,
               public StreamHook<struct OpenTag> {
public:
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream() override;

    /// Sends `head`, tells the handler, then reads. `early` are bytes that came with the request.
    void open(std::string head, std::string_view early);

    // SessionSink.
    void deliver(const hub::FrameRef& frame) final;
    void close(Errc reason) final { finish(reason, entry_of(reason).text); }
    void wake_when_drained() final { wakes_reader_ = true; }
    /// A frame counts for no less than its share of the byte limit, so that a replay of many small
    /// events pauses before it comes to the limit on frames.
    [[nodiscard]] std::size_t queued_bytes() const final;

    /// Begins to read topics, in place of any it reads now.
    void follow(Follow follow);
    void unfollow() { reader_.reset(); }
    [[nodiscard]] bool follows() const noexcept { return reader_ != nullptr; }

    /// Ends the session with the peer told to come back, spread over `drain_spread`.
    void drain();
    /// Ends the session at once, without a word.
    void shut();

    [[nodiscard]] Edge& edge() noexcept { return edge_; }

protected:
    enum class State : std::uint8_t { kNew, kOpen, kClosing, kShut };

    Stream(Edge& edge, Socket socket, ConnectionBudget::Permit permit,
           std::unique_ptr<StreamHandler> handler);

    /// Bytes from the peer, writable in place until this returns.
    virtual void on_bytes(std::span<char> bytes) = 0;
    /// The last frame of the session, or none.
    [[nodiscard]] virtual hub::FrameRef farewell(Errc reason, std::string_view text) = 0;
    /// What the peer is told before the farewell when the server goes down.
    [[nodiscard]] virtual hub::FrameRef come_back_after(std::chrono::milliseconds wait) = 0;
    /// Does what is due (heartbeat, ping); returns when it wants to be called again.
    [[nodiscard]] virtual SteadyTime on_tick(SteadyTime now) = 0;

    /// Queues past the limits, as control frames and farewells must.
    void push(hub::FrameRef frame);
    /// Says farewell once and closes when it has been sent; `text` is for the peer.
    void finish(Errc reason, std::string_view text);
    /// Calls `on_tick` no later than `when`.
    void wake_by(SteadyTime when);
    /// Null once the session ends. It lives as long as the stream, so it may close the stream.
    [[nodiscard]] StreamHandler* handler() noexcept {
        return handler_ended_ ? nullptr : handler_.get();
    }
    [[nodiscard]] State state() const noexcept { return state_; }
    [[nodiscard]] SteadyTime last_write() const noexcept { return last_write_; }
    [[nodiscard]] std::size_t unsent_bytes() const noexcept { return queue_.bytes(); }
    /// After the farewell: the peer has answered it, so nothing is left to wait for.
    void farewell_answered();

private:
    friend class Edge;
    using Ref = boost::intrusive_ptr<Stream>;

    void touch();
    [[nodiscard]] bool fits(const hub::Frame& frame) const;
    void flush();
    void close_as_slow();
    [[nodiscard]] OutputQueue::Written write_queue();
    void on_written(OutputQueue::Written outcome);
    void wait_readable();
    void on_readable();
    void wait_writable();
    void on_timer();
    void end_handler();

    // Constant after construction.
    Edge& edge_;
    // Shard-local state.
    Socket socket_;
    ConnectionBudget::Permit permit_;
    std::unique_ptr<StreamHandler> handler_;
    std::unique_ptr<hub::Reader> reader_;
    OutputQueue queue_;
    SteadyTime last_write_;  ///< When the queue last moved.
    State state_ = State::kNew;
    bool over_limits_ = false;
    bool waits_writable_ = false;
    bool farewell_sent_ = false;
    bool handler_ended_ = false;
    bool wakes_reader_ = false;
    runtime::MemberTimer<Stream, &Stream::on_timer> timer_;
};

}  // namespace howl::transport
