// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "apps/chat/relay_desk.hpp"
#include "apps/express_manners.hpp"
#include "transport/http/router.hpp"

namespace howl::apps::chat {

/// The original chat for its own clients (docs/protocols, chat-relay): they register over HTTP,
/// then everything goes over a WebSocket that relays what each of them says, byte for byte, to all.
///
/// ```
///   POST {prefix}new-user   {"name":"Anna"} -> {"status":"ok","user":{"id":"...","name":"Anna"}}
///   GET  {prefix}*          WebSocket, on any path
/// ```
/// Its room is the canonical chat's `lobby`: who is there and what is said is the same through both
/// doors. Beyond the original: names are names, a closed socket leaves the list after a while, no
/// frame ends the process, and nobody leaves in another's name.
class RelayDoor {
public:
    RelayDoor(RelayDesk& desk, ChatApp& chat, std::vector<std::string> allowed_origins)
        : desk_(desk), chat_(chat), manners_(std::move(allowed_origins)) {}

    /// `prefix` ends with a slash. The door outlives the router.
    void add_routes(transport::Router& router, const std::string& prefix) const;

private:
    RelayDesk& desk_;
    ChatApp& chat_;
    const ExpressManners manners_;
};

}  // namespace howl::apps::chat
