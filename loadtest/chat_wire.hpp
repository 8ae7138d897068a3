// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "loadtest/payload.hpp"

/// The client's side of the chat protocol (docs/API.md, "Chat"), as far as a load test needs it.
namespace howl::loadtest {

[[nodiscard]] std::string make_register(std::string_view name);
/// The message of `stamp`, `text_bytes` long. Requires: `text_bytes` >= `kStampBytes`.
[[nodiscard]] std::string make_send(const Stamp& stamp, std::size_t text_bytes);

enum class ChatItemKind : std::uint8_t {
    kSnapshot,
    kRefused,
    kAck,
    kMessage,
    kError,
    kReset,
    kOther,      ///< Joins, leaves and all others.
    kMalformed,  ///< Not JSON, or a field is missing.
};

/// A message of the server.
struct ChatItem {
    ChatItemKind kind = ChatItemKind::kMalformed;
    std::uint64_t offset = 0;  ///< Of a message or ack; the newest of a snapshot, 0: it has none.
    std::optional<Stamp> stamp{};           ///< Of a message; absent when another client sent it.
    std::optional<std::uint64_t> number{};  ///< `Stamp::number` that an ack or error refers to.
    std::string code{};                     ///< Of a refusal or error.
};
[[nodiscard]] ChatItem parse_chat_item(std::string_view text);

/// `parse_chat_item` for many members: the server makes one text for all of them, so most are the
/// same as the one before and cost a comparison.
class ChatItemReader {
public:
    [[nodiscard]] const ChatItem& read(std::string_view text);

private:
    std::string last_text_;
    ChatItem last_item_;
};

}  // namespace howl::loadtest
