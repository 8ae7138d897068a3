// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "compat/chat/relay_coordinator.hpp"
#include "compat/express_response_policy.hpp"
#include "transport/http/router.hpp"

namespace howl::compat::chat {

using products::chat::ChatApp;

/// The original chat for its own clients (docs/protocols, chat-relay): they register over HTTP,
/// then everything goes over a WebSocket that relays what each of them says, byte for byte, to all.
///
/// ```
///   POST {prefix}new-user   {"name":"Anna"} -> {"status":"ok","user":{"id":"...","name":"Anna"}}
///   GET  {prefix}*          WebSocket, on any path
/// ```
/// Its room is the canonical chat's `lobby`: who is there and what is said is the same through both
/// endpoints. Beyond the original: names are names, a closed socket leaves the list after a while,
/// no frame ends the process, and nobody leaves in another's name.
class RelayCompat {
public:
    RelayCompat(RelayCoordinator& coordinator, ChatApp& chat,
                std::vector<std::string> allowed_origins)
        : coordinator_(coordinator), chat_(chat), response_policy_(std::move(allowed_origins)) {}

    /// `prefix` ends with a slash. The endpoint outlives the router.
    void add_routes(transport::Router& router, const std::string& prefix) const;

private:
    RelayCoordinator& coordinator_;
    ChatApp& chat_;
    const ExpressResponsePolicy response_policy_;
};

}  // namespace howl::compat::chat
