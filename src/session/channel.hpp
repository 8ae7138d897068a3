// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "hub/frame.hpp"
#include "hub/session_sink.hpp"

namespace howl::session {

class Session;

/// What a client sends or gets as one message. SSE has text only.
enum class MessageKind : std::uint8_t { kText, kBinary };

/// Why and with which words a session ends.
struct Closing {
    Errc reason;
    std::string_view text;  ///< For the client.
    /// Chosen by the product or the client (RFC 6455 section 7.4); 0: that of `reason`.
    std::uint16_t close_code = 0;
};

/// The outcome of a write that does not block.
struct WriteResult {
    enum class State : std::uint8_t {
        kTaken,  ///< `bytes` were taken; there may be room for more.
        kFull,   ///< Nothing was taken: wait until it is writable.
        kGone,   ///< The connection has ended.
    };
    State state = State::kTaken;
    std::size_t bytes = 0;
};

/// How the bytes of one session travel, and how its protocol frames them (port).
///
/// A channel reads from its connection by itself and calls the session's functions "for the
/// channel". Its pending operations keep it alive, and it keeps its session alive until the session
/// has let go of it (`close`).
///
/// Owner: its session. Thread: its shard's.
class Channel : public boost::intrusive_ref_counter<Channel, boost::thread_unsafe_counter> {
public:
    Channel() = default;
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;
    virtual ~Channel() = default;

    /// Takes as many bytes of `parts`, in their order, as the connection takes now. Never blocks.
    [[nodiscard]] virtual WriteResult write(std::span<const std::string_view> parts) = 0;
    /// Calls `Session::on_writable` once when a write may succeed again.
    virtual void wait_writable() = 0;
    /// Bytes that were written and that the client has not acknowledged.
    [[nodiscard]] virtual std::size_t unacknowledged_bytes() const = 0;
    /// Everything was written: the client reads it and then sees the end of the stream.
    virtual void end_output() = 0;
    /// Closes the connection at once. Nothing is called on the session after it.
    virtual void close() = 0;

    /// One message in the protocol's framing.
    [[nodiscard]] virtual hub::FrameRef message_frame(MessageKind kind,
                                                      std::string_view payload) = 0;
    /// The last frame of the session; null: none.
    [[nodiscard]] virtual hub::FrameRef close_frame(const Closing& closing) = 0;
    /// Tells the client when to reconnect, before the close frame at a drain; null: the protocol
    /// has no way to say so.
    [[nodiscard]] virtual hub::FrameRef retry_hint(std::chrono::milliseconds wait) = 0;
    /// `plain` in the protocol's framing, shared by all channels of the shard that frame alike.
    [[nodiscard]] virtual const hub::EventEncoder& framed(const hub::EventEncoder& plain) = 0;
    /// Does what is due (heartbeat, ping); returns when it is to be called again.
    [[nodiscard]] virtual SteadyTime on_tick(SteadyTime now) = 0;
    /// A subscription's replay is over.
    virtual void on_caught_up() {}

protected:
    /// Requires: attached to a session.
    [[nodiscard]] Session& session() noexcept { return *session_; }

private:
    friend class Session;
    boost::intrusive_ptr<Session> session_;
};

using ChannelRef = boost::intrusive_ptr<Channel>;

}  // namespace howl::session
