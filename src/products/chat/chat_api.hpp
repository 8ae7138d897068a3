// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "products/chat/chat_app.hpp"
#include "products/chat/member_sessions.hpp"
#include "runtime/shard_group.hpp"
#include "transport/http/router.hpp"

namespace howl::products::chat {

/// The chat in Howl's own API: REST and WebSocket under `/api/chat/rooms/` (docs/API.md, "Chat").
/// Thread: routes on any shard; it listens on the app's home.
class ChatApi final : public RosterListener {
public:
    /// Listens to `app` from here on.
    ChatApi(runtime::ShardGroup& shards, ChatApp& app);

    /// The endpoint and `response_policy` outlive the router.
    void add_routes(transport::Router& router, const transport::ResponsePolicy& response_policy);

private:
    void on_gone(const RoomName& room, const User& user) override;
    [[nodiscard]] Result<transport::Reply> open_socket(const transport::Exchange& exchange);

    // Constant after construction.
    runtime::ShardGroup& shards_;
    ChatApp& app_;
    // Shard-local state: each belongs to its shard.
    std::vector<MemberSessions> sessions_;
};

}  // namespace howl::products::chat
