// SPDX-License-Identifier: Apache-2.0
#include "products/chat/member.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/assert.hpp"
#include "products/json.hpp"

namespace howl::products::chat {

namespace json = boost::json;

namespace {

constexpr std::string_view kMessagesPrefix = "howl:chat/";
constexpr std::string_view kMembersPrefix = "howl:chat-members/";
constexpr std::string_view kTypingPrefix = "howl:chat-typing/";

hub::TopicName topic_of(std::string_view prefix, const RoomName& room) {
    auto topic = hub::TopicName::parse(fmt::format("{}{}", prefix, room.value()));
    HOWL_ASSERT(topic.has_value());  // A room's letters may all stand in a topic.
    return std::move(*topic);
}

}  // namespace

Result<RoomName> parse_room(std::string_view text) {
    constexpr std::size_t kRoomBytesMax = 64;
    const auto may_stand = [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               letter == '_' || letter == '-';
    };
    if (text.empty() || text.size() > kRoomBytesMax || !std::ranges::all_of(text, may_stand)) {
        return fail(Errc::kInvalidTopic, "room", "a room is 1-64 bytes of a-z 0-9 _ -");
    }
    return RoomName{std::string{text}};
}

hub::TopicName messages_topic(const RoomName& room) {
    return topic_of(kMessagesPrefix, room);
}

hub::TopicName members_topic(const RoomName& room) {
    return topic_of(kMembersPrefix, room);
}

hub::TopicName typing_topic(const RoomName& room) {
    return topic_of(kTypingPrefix, room);
}

bool is_typing_topic(const hub::TopicName& topic) {
    return topic.text().starts_with(kTypingPrefix);
}

json::object json_of(const User& user) {
    return {{"id", user.id}, {"name", user.name}};
}

std::string user_text(const User& user) {
    return json::serialize(json::object{{"user", json_of(user)}});
}

Result<User> parse_user(const json::object& wrapping) {
    const auto* const user = object_in(wrapping, "user");
    const auto id = user == nullptr ? std::nullopt : string_in(*user, "id");
    const auto name = user == nullptr ? std::nullopt : string_in(*user, "name");
    if (!id || !name) {
        return fail(Errc::kInvalidJson, "user");
    }
    return User{std::string{*id}, std::string{*name}};
}

Result<Member> Member::parse(std::string_view text) {
    HOWL_TRY(object, parse_object(text));
    HOWL_TRY(user, parse_user(object));
    const auto room = string_in(object, "room");
    const auto token_hash = string_in(object, "tokenHash");
    const auto since = whole_number_in(object, "sinceMs");
    const auto* const present = object.if_contains("present");
    if (!room || !token_hash || !since || present == nullptr || !present->is_bool()) {
        return fail(Errc::kInvalidJson, "member");
    }
    return Member{.user = std::move(user),
                  .room = std::string{*room},
                  .token_hash = std::string{*token_hash},
                  .since = WallTime{std::chrono::milliseconds{*since}},
                  .present = present->get_bool()};
}

std::string Member::text() const {
    return json::serialize(json::object{
        {"user", json_of(user)},
        {"room", room},
        {"tokenHash", token_hash},
        {"sinceMs", since.time_since_epoch().count()},
        {"present", present},
    });
}

std::string member_record_id(const RoomName& room, std::string_view user_id) {
    return fmt::format("{}/{}", room.value(), user_id);
}

}  // namespace howl::products::chat
