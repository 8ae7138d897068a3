// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "codec/http/response.hpp"
#include "session/handler.hpp"
#include "session/session.hpp"
#include "transport/sse/sse_style.hpp"

namespace howl::transport {

/// The reply becomes an event stream.
struct SseReply {
    const SseStyle* style = nullptr;
    codec::http::Response head{200};
    std::unique_ptr<session::Handler> handler;  ///< Null: the session only reads.
    std::optional<session::Subscription> subscription;
};

/// The connection becomes a WebSocket, if the handshake is right.
struct WebSocketReply {
    std::unique_ptr<session::Handler> handler;
    /// What was agreed to of the client's offer (RFC 6455 section 4.2.2); empty: nothing.
    std::string subprotocol{};
};

using Reply = std::variant<codec::http::Response, SseReply, WebSocketReply>;

}  // namespace howl::transport
