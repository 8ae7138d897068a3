// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/clock.hpp"
#include "base/named_type.hpp"
#include "base/result.hpp"
#include "hub/topic_name.hpp"

namespace howl::products::chat {

/// 1-64 bytes of `[a-z0-9_-]`.
using RoomName = NamedType<std::string, struct RoomNameTag>;
/// Errors: `kInvalidTopic`.
[[nodiscard]] Result<RoomName> parse_room(std::string_view text);
/// The room that the relay endpoint shows.
inline constexpr std::string_view kLobby = "lobby";

/// Messages of a room; durable. Event type `message`, data: see `message.hpp`.
[[nodiscard]] hub::TopicName messages_topic(const RoomName& room);  // howl:chat/ROOM
/// Who came and went; durable. Data `{"user":{"id","name"}}`, types:
/// `reserve` a name is taken, nobody is there yet; `join` somebody is there; `leave` and is gone;
/// `release` a reserved name is free again, nobody ever came.
[[nodiscard]] hub::TopicName members_topic(const RoomName& room);  // howl:chat-members/ROOM
/// Who is typing; volatile. Type `typing`, data `{"user":{"id","name"}}`.
[[nodiscard]] hub::TopicName typing_topic(const RoomName& room);  // howl:chat-typing/ROOM

[[nodiscard]] bool is_typing_topic(const hub::TopicName& topic);

struct User {
    std::string id;  ///< A UUID; public.
    std::string name;
    [[nodiscard]] bool operator==(const User&) const = default;
};

/// `{"id":"...","name":"..."}`.
[[nodiscard]] boost::json::object json_of(const User& user);
/// The same in its wrapping, `{"user":{...}}`: the data of members and typing events.
[[nodiscard]] std::string user_text(const User& user);
/// The member `user` of such an object. Errors: `kInvalidJson`.
[[nodiscard]] Result<User> parse_user(const boost::json::object& wrapping);

/// A member as it is stored. The token itself is nowhere kept.
struct Member {
    User user;
    std::string room;
    std::string token_hash{};  ///< SHA-256 in hexadecimal; empty: came through the relay.
    /// When the name was taken. Later ones have a later moment, whatever the clock does.
    WallTime since;
    bool present = false;  ///< False: the name is reserved, nobody has come yet.
    [[nodiscard]] bool operator==(const Member&) const = default;

    /// Errors: `kInvalidJson`, `kBadRequest` for JSON that is no object.
    [[nodiscard]] static Result<Member> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
};

/// The id of a member's record, `ROOM/USER_ID`; without a user what those of a room begin with.
[[nodiscard]] std::string member_record_id(const RoomName& room, std::string_view user_id);

}  // namespace howl::products::chat
