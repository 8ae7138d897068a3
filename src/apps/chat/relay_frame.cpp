// SPDX-License-Identifier: Apache-2.0
#include "apps/chat/relay_frame.hpp"

#include <initializer_list>
#include <optional>

#include "apps/json.hpp"

namespace howl::apps::chat {

namespace json = boost::json;

namespace {

constexpr std::size_t kIdBytesMax = 64;
constexpr std::size_t kNameBytesMax = 128;

RelayFrame::Type type_of(std::string_view word) {
    using enum RelayFrame::Type;
    if (word == "send") {
        return kSend;
    }
    if (word == "exit") {
        return kExit;
    }
    if (word == "join") {
        return kJoin;
    }
    if (word == "ping") {
        return kPing;
    }
    return word == "get_users" ? kGetUsers : kOther;
}

using Place = std::optional<std::string_view>;

Place inside(const json::object& frame, std::string_view member, std::string_view part) {
    const auto* const object = object_in(frame, member);
    return object == nullptr ? std::nullopt : string_in(*object, part);
}

std::string first_of(std::initializer_list<Place> places, std::size_t bytes_max) {
    for (const auto& place : places) {
        if (place && !place->empty() && place->size() <= bytes_max) {
            return std::string{*place};
        }
    }
    return {};
}

}  // namespace

RelayFrame read_relay_frame(std::string_view text) {
    const auto frame = parse_object(text);
    if (!frame) {
        return {};  // The original dies of it; here it is a frame that says nothing.
    }
    const auto id = {inside(*frame, "user", "id"), string_in(*frame, "userId"),
                     inside(*frame, "author", "id")};
    const auto name = {inside(*frame, "user", "name"), string_in(*frame, "user"),
                       string_in(*frame, "name"), inside(*frame, "author", "name")};
    return {type_of(string_in(*frame, "type").value_or("")),
            {first_of(id, kIdBytesMax), first_of(name, kNameBytesMax)}};
}

}  // namespace howl::apps::chat
