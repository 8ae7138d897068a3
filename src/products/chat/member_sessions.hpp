// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/shard.hpp"

namespace howl::products::chat {

class ChatSession;

/// The sessions of one shard by the user in whose name they speak, so that they end with the
/// member: a member who leaves in one tab leaves in all.
class MemberSessions {
public:
    void add(const std::string& user_id, ChatSession& session) {
        here_.check();
        sessions_.emplace(user_id, &session);
    }
    void remove(const std::string& user_id, const ChatSession& session);
    /// Tells every session of the user that it has left.
    void end_all(const std::string& user_id);

private:
    [[no_unique_address]] runtime::ShardCheck here_;
    std::unordered_multimap<std::string, ChatSession*> sessions_;
};

}  // namespace howl::products::chat
