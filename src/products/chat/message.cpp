// SPDX-License-Identifier: Apache-2.0
#include "products/chat/message.hpp"

#include <optional>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "codec/json_text.hpp"
#include "products/json.hpp"
#include "products/reading.hpp"

namespace howl::products::chat {

namespace json = boost::json;

namespace {

constexpr std::string_view kBinaryWord = "binary";

/// The member as the clients of the relay write a text: a string, or an object with a `text`.
std::optional<std::string_view> text_in(const json::object& frame, std::string_view member) {
    if (const auto text = string_in(frame, member)) {
        return text;
    }
    const auto* const wrapping = object_in(frame, member);
    return wrapping == nullptr ? std::nullopt : string_in(*wrapping, "text");
}

}  // namespace

std::string Message::readable_text() const {
    if (relayed.empty()) {
        return text;
    }
    const auto frame_object = parse_object(relayed);
    if (!frame_object) {
        return {};
    }
    for (const std::string_view member : {"message", "msg", "text"}) {
        if (const auto found = text_in(*frame_object, member)) {
            return std::string{*found};
        }
    }
    return {};
}

std::string Message::relay_text(WallTime time) const {
    if (!relayed.empty()) {
        return relayed;
    }
    const auto moment = iso_time(time);  // What `new Date` of a client takes, and people can read.
    return codec::json_text(json::object{{"type", "send"},
                                         {"message", text},
                                         {"user", json_of(author)},
                                         {"msg", text},
                                         {"text", text},
                                         {"userId", author.id},
                                         {"name", author.name},
                                         {"author", json_of(author)},
                                         {"date", moment},
                                         {"time", moment},
                                         {"created", moment}});
}

Result<Message> Message::parse(std::string_view data) {
    HOWL_TRY(object, parse_object(data));
    HOWL_TRY(author, parse_user(object));
    Message message{.author = std::move(author)};
    if (const auto relayed = string_in(object, "relayed")) {
        message.relayed = *relayed;
        if (string_in(object, "frame") == kBinaryWord) {
            message.frame = FrameKind::kBinary;
        }
        return message;
    }
    const auto text = string_in(object, "text");
    const auto client_id = string_in(object, "clientId");
    if (!text || !client_id) {
        return fail(Errc::kInvalidJson, "message");
    }
    message.text = *text;
    message.client_id = *client_id;
    return message;
}

std::string Message::data() const {
    json::object out{{"user", json_of(author)}};
    if (relayed.empty()) {
        out["text"] = text;
        out["clientId"] = client_id;
    } else {
        out["relayed"] = relayed;
        out["frame"] = frame == FrameKind::kBinary ? kBinaryWord : "text";
    }
    return codec::json_text(out);
}

}  // namespace howl::products::chat
