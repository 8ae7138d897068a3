// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/result.hpp"
#include "codec/http/request.hpp"
#include "transport/http/router.hpp"

namespace howl::compat {

/// A WebSocket on any path, as the Node package `ws` opens it for the originals: it agrees to the
/// first subprotocol that is offered, whatever it is.
///
/// An endpoint that takes sockets on any path also meets clients of other servers, such as a page
/// that was left open while another server had this port. What certainly speaks another protocol is
/// refused: Socket.IO, Engine.IO and SockJS by their paths and queries, others by the registered
/// name of their subprotocol.
///
/// Errors: `kNotFound` for those; `kBadRequest` for an offer that is no list of tokens (RFC 6455
/// section 4.1).
[[nodiscard]] Result<transport::Reply> open_on_any_path(const codec::http::Request& request,
                                                        std::unique_ptr<session::Handler> handler);

}  // namespace howl::compat
