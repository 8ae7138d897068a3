// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "base/error.hpp"
#include "hub/cursor.hpp"
#include "hub/event.hpp"
#include "hub/frame.hpp"
#include "hub/topic_pattern.hpp"

namespace howl::hub {

/// What the hub knows of a session (port).
class SessionSink {
public:
    virtual ~SessionSink() = default;

    /// Queues a frame. Never blocks and never fails: a session whose queue is full closes itself
    /// with `kSlowReader` at the end of the turn and takes nothing more.
    virtual void deliver(const FrameRef& frame) = 0;
    /// Ends the session politely, with the close code and text of `reason`.
    virtual void close(Errc reason) = 0;
    /// A replay waits for room: `Reader::on_drained` is to be called once, when the queue has
    /// moved.
    virtual void wake_when_drained() = 0;
    /// The replay is over: what is delivered from here on is live. Once for each reader.
    virtual void on_caught_up() {}
    /// Bytes queued and not yet in the kernel: a replay pauses while there are many.
    [[nodiscard]] virtual std::size_t queued_bytes() const = 0;
};

/// Turns events into the payloads of one product's protocol; the channel frames them. One instance
/// serves all sessions of it. Thread: any; stateless.
class EventEncoder {
public:
    virtual ~EventEncoder() = default;
    /// `cursor`: where a reader stands who has seen this event. Empty: the reader is not told of
    /// this event.
    [[nodiscard]] virtual std::string encode(const Event& event, const Cursor& cursor) const = 0;
    /// The payload of `event` is binary, where the channel makes a difference.
    [[nodiscard]] virtual bool is_binary(const Event& event) const {
        static_cast<void>(event);
        return false;
    }
    /// Tells a reader that has caught up where it stands, so that it can resume even if no event
    /// ever reaches it. Empty: the protocol has no way to say so.
    [[nodiscard]] virtual std::string encode_joined(const Cursor& cursor) const {
        static_cast<void>(cursor);
        return {};
    }
    /// Tells a reader that events of `topic` before `cursor` are gone. Empty: the protocol has no
    /// way to say so.
    [[nodiscard]] virtual std::string encode_reset(const TopicName& topic,
                                                   const Cursor& cursor) const {
        static_cast<void>(topic);
        static_cast<void>(cursor);
        return {};
    }
    /// The same for topics that match `pattern` and are not known any more.
    [[nodiscard]] virtual std::string encode_pattern_reset(const TopicPattern& pattern,
                                                           const Cursor& cursor) const {
        static_cast<void>(pattern);
        static_cast<void>(cursor);
        return {};
    }
};

}  // namespace howl::hub
