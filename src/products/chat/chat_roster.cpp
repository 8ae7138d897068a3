// SPDX-License-Identifier: Apache-2.0
// Who is in a room: what `ChatApp` says of its members without changing anything.
#include <algorithm>
#include <utility>

#include "products/chat/chat_app.hpp"

namespace howl::products::chat {

using runtime::Task;

Task<ChatApp::Roster> ChatApp::roster(ShardId from, RosterQuery query) {
    auto work = [this, query = std::move(query)](hub::Cursor now, auto done) {
        auto page = roster_now(query);
        page.cursor = std::move(now);
        done(std::move(page));
    };
    return owner_.ask<Roster>(from, std::move(work));
}

ChatApp::Roster ChatApp::roster_now(const RosterQuery& query) const {
    here_.check();
    // {"id":"<uuid>","name":""}, and what JSON escapes.
    constexpr std::size_t kBytesAroundName = 64;
    Roster page;
    std::size_t bytes = 0;
    for (const Member* const member : by_arrival(query.room, query.after)) {
        bytes += member->user.name.size() + kBytesAroundName;
        if (bytes > query.bytes_max && !page.members.empty()) {
            page.later = Roster::Later::kSome;
            break;
        }
        page.members.push_back(*member);
    }
    return page;
}

std::vector<Member> ChatApp::members_now(const RoomName& room) const {
    here_.check();
    std::vector<Member> out;
    for (const Member* const member : by_arrival(room, WallTime::min())) {
        out.push_back(*member);
    }
    return out;
}

std::vector<const Member*> ChatApp::by_arrival(const RoomName& room, WallTime after) const {
    const auto prefix = member_record_id(room, {});
    const auto& all = members_.entries();
    std::vector<const Member*> out;
    for (auto entry = all.lower_bound(prefix);
         entry != all.end() && entry->first.starts_with(prefix); ++entry) {
        if (entry->second.value.since > after) {
            out.push_back(&entry->second.value);
        }
    }
    std::ranges::sort(out, {}, &Member::since);
    return out;
}

}  // namespace howl::products::chat
