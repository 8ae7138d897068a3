// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "hub/event.hpp"
#include "hub/session_sink.hpp"
#include "products/chat/history.hpp"
#include "products/chat/member.hpp"

namespace howl::products::chat {

/// What the API's endpoints say (docs/API.md, "Chat").

/// Adds `offset`, `time`, `user`, `text`; where nobody vouches for the author, `unverified`; where
/// the sender gave one, `clientId`.
/// Errors: `kInvalidJson` for an event that is no message.
[[nodiscard]] Result<void> add_message(boost::json::object& to, const hub::Event& event);
/// Adds `messages` and `more`.
void add_page(boost::json::object& to, const MessagePage& page);
/// Those who are present, `{"id","name"}` each.
[[nodiscard]] boost::json::array json_of(std::span<const Member> members);

/// What happens in a room, as a socket tells it: `message`, `join`, `leave`, `typing`, `reset`.
class ChatEncoder final : public hub::EventEncoder {
public:
    [[nodiscard]] std::string encode(const hub::Event& event,
                                     const hub::Cursor& cursor) const override;
    [[nodiscard]] std::string encode_reset(const hub::TopicName& topic,
                                           const hub::Cursor& cursor) const override;
};

}  // namespace howl::products::chat
