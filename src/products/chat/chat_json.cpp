// SPDX-License-Identifier: Apache-2.0
#include "products/chat/chat_json.hpp"

#include <utility>

#include <boost/json/value.hpp>

#include "codec/json_text.hpp"
#include "products/chat/message.hpp"
#include "products/json.hpp"
#include "products/reading.hpp"

namespace howl::products::chat {

namespace json = boost::json;

Result<void> add_message(json::object& to, const hub::Event& event) {
    HOWL_TRY(message, Message::parse(event.data));
    to["offset"] = event.offset.value();
    to["time"] = iso_time(event.time);
    to["user"] = json_of(message.author);
    to["text"] = message.readable_text();
    if (!message.is_verified()) {
        to["unverified"] = true;
    }
    if (!message.client_id.empty()) {
        to["clientId"] = message.client_id;
    }
    return {};
}

void add_page(json::object& to, const MessagePage& page) {
    json::array messages;
    for (const auto& event : page.events) {
        json::object message;
        if (add_message(message, *event)) {
            messages.push_back(std::move(message));
        }
    }
    to["messages"] = std::move(messages);
    to["more"] = page.older == MessagePage::Older::kSome;
}

json::array json_of(std::span<const Member> members) {
    json::array out;
    for (const auto& member : members) {
        if (member.present) {
            out.push_back(json_of(member.user));
        }
    }
    return out;
}

std::string ChatEncoder::encode(const hub::Event& event, const hub::Cursor& cursor) const {
    const std::string_view type = event.type.empty() ? "message" : std::string_view{event.type};
    json::object out{{"type", type}, {"cursor", cursor.text()}};
    if (type == "message") {
        return add_message(out, event) ? codec::json_text(out) : std::string{};
    }
    const bool is_told = type == "join" || type == "leave" || type == "typing";
    const auto about = parse_object(event.data);
    const auto user = about && is_told ? parse_user(*about) : fail(Errc::kInvalidJson, "event");
    if (!user) {
        return {};
    }
    out["user"] = json_of(*user);
    return codec::json_text(out);
}

std::string ChatEncoder::encode_reset(const hub::TopicName& topic,
                                      const hub::Cursor& cursor) const {
    if (is_typing_topic(topic)) {
        return {};  // Nobody misses a sign of typing.
    }
    return codec::json_text(json::object{{"type", "reset"}, {"cursor", cursor.text()}});
}

}  // namespace howl::products::chat
