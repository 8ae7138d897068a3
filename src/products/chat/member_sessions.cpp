// SPDX-License-Identifier: Apache-2.0
#include "products/chat/member_sessions.hpp"

#include "products/chat/chat_session.hpp"

namespace howl::products::chat {

void MemberSessions::remove(const std::string& user_id, const ChatSession& session) {
    here_.check();
    auto [entry, end] = sessions_.equal_range(user_id);
    while (entry != end) {
        entry = entry->second == &session ? sessions_.erase(entry) : std::next(entry);
    }
}

void MemberSessions::end_all(const std::string& user_id) {
    here_.check();
    const auto [first, end] = sessions_.equal_range(user_id);
    std::vector<ChatSession*> ending;  // A copy, because they remove themselves.
    for (auto entry = first; entry != end; ++entry) {
        ending.push_back(entry->second);
    }
    for (ChatSession* const session : ending) {
        session->end();
    }
}

}  // namespace howl::products::chat
