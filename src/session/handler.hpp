// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "session/channel.hpp"

namespace howl::session {

/// What a product does with a session beyond the topics that it reads.
///
/// Owner: its session, which it may use until `on_close`. Thread: the session's shard.
class Handler {
public:
    Handler() = default;
    Handler(const Handler&) = delete;
    Handler& operator=(const Handler&) = delete;
    virtual ~Handler() = default;
    /// The session is open; the head of its response is queued.
    virtual void on_open(Session& session) { static_cast<void>(session); }
    /// A whole message of the client, valid UTF-8 if text. Without an implementation it ends the
    /// session with `kUnsupportedData`. Never called for SSE.
    virtual void on_message(Session& session, MessageKind kind, std::string_view message);
    /// The session ends; nothing more can be sent. Called once.
    virtual void on_close(Session& session) { static_cast<void>(session); }
};

}  // namespace howl::session
