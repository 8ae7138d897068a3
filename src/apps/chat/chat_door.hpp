// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "apps/chat/chat_app.hpp"
#include "apps/chat/member_sessions.hpp"
#include "runtime/shard_group.hpp"
#include "transport/http/router.hpp"

namespace howl::apps::chat {

/// The chat in Howl's own API: REST and WebSocket under `/api/chat/rooms/` (docs/API.md, "Chat").
/// Thread: routes on any shard; it listens on the app's home.
class ChatDoor final : public RosterListener {
public:
    /// Listens to `app` from here on.
    ChatDoor(runtime::ShardGroup& shards, ChatApp& app);

    /// The door and `manners` outlive the router.
    void add_routes(transport::Router& router, const transport::DoorManners& manners);

private:
    void on_gone(const RoomName& room, const User& user) override;
    [[nodiscard]] Result<transport::Reply> open_socket(const transport::Exchange& exchange);

    // Constant after construction.
    runtime::ShardGroup& shards_;
    ChatApp& app_;
    // Shard-local state: each belongs to its shard.
    std::vector<MemberSessions> sessions_;
};

}  // namespace howl::apps::chat
