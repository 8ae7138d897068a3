// SPDX-License-Identifier: Apache-2.0
#include "loadtest/chat_wire.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace howl::loadtest {
namespace {

namespace json = boost::json;

constexpr std::string_view kIdPrefix = "bench-";

std::optional<std::string_view> text_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string()
               ? std::optional<std::string_view>{value->get_string()}
               : std::nullopt;
}

/// Offsets begin with 1.
std::optional<std::uint64_t> offset_of(const json::object& object) {
    const auto* value = object.if_contains("offset");
    return value != nullptr && value->is_int64() && value->get_int64() > 0
               ? std::optional{static_cast<std::uint64_t>(value->get_int64())}
               : std::nullopt;
}

std::optional<std::uint64_t> number_of(const json::object& object) {
    const std::string_view id = text_of(object, "id").value_or("");
    if (!id.starts_with(kIdPrefix)) {
        return std::nullopt;
    }
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(id.begin() + kIdPrefix.size(), id.end(), number);
    const bool is_number = parsed.ec == std::errc{} && parsed.ptr == id.end();
    return is_number ? std::optional{number} : std::nullopt;
}

ChatItem snapshot_of(const json::object& object) {
    const auto* messages = object.if_contains("messages");
    if (messages == nullptr || !messages->is_array()) {
        return {};
    }
    ChatItem item{.kind = ChatItemKind::kSnapshot};
    for (const auto& message : messages->get_array()) {
        const auto offset = message.is_object() ? offset_of(message.get_object()) : std::nullopt;
        if (!offset) {
            return {};
        }
        item.offset = std::max(item.offset, *offset);
    }
    return item;
}

ChatItem ack_of(const json::object& object) {
    const auto offset = offset_of(object);
    const auto number = number_of(object);
    return offset && number
               ? ChatItem{.kind = ChatItemKind::kAck, .offset = *offset, .number = number}
               : ChatItem{};
}

ChatItem message_of(const json::object& object) {
    const auto offset = offset_of(object);
    const auto text = text_of(object, "text");
    return offset && text ? ChatItem{.kind = ChatItemKind::kMessage,
                                     .offset = *offset,
                                     .stamp = StampFinder{}.find(*text)}
                          : ChatItem{};
}

ChatItem failure_of(ChatItemKind kind, const json::object& object) {
    const auto code = text_of(object, "code");
    return code ? ChatItem{.kind = kind, .number = number_of(object), .code = std::string{*code}}
                : ChatItem{};
}

}  // namespace

std::string make_register(std::string_view name) {
    return fmt::format(R"({{"type":"register","name":"{}"}})", name);
}

std::string make_send(const Stamp& stamp, std::size_t text_bytes) {
    return fmt::format(R"({{"type":"send","id":"{}{}","text":"{}"}})", kIdPrefix, stamp.number,
                       make_payload(text_bytes, stamp));
}

ChatItem parse_chat_item(std::string_view text) {
    boost::system::error_code error;
    const auto value = json::parse(text, error);
    const auto* object = error ? nullptr : value.if_object();
    const auto type = object != nullptr ? text_of(*object, "type") : std::nullopt;
    if (!type) {
        return {};
    }
    if (*type == "message") {
        return message_of(*object);
    }
    if (*type == "ack") {
        return ack_of(*object);
    }
    if (*type == "snapshot") {
        return snapshot_of(*object);
    }
    if (*type == "refused") {
        return failure_of(ChatItemKind::kRefused, *object);
    }
    if (*type == "error") {
        return failure_of(ChatItemKind::kError, *object);
    }
    return {.kind = *type == "reset" ? ChatItemKind::kReset : ChatItemKind::kOther};
}

const ChatItem& ChatItemReader::read(std::string_view text) {
    if (text != last_text_) {
        last_item_ = parse_chat_item(text);
        last_text_ = text;
    }
    return last_item_;
}

}  // namespace howl::loadtest
