// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "products/chat/member.hpp"

namespace howl::products::chat {

enum class FrameKind : std::uint8_t { kText, kBinary };

/// What an event of a room's messages topic says, whichever endpoint it came through.
///
/// A relay client's frame is kept as it was, because other relay clients must get the same bytes;
/// its text is found in it when a reader of another endpoint needs it.
struct Message {
    User author;              ///< Without an `id`: of a relay client whose name nobody vouches for.
    std::string text{};       ///< Empty for a relayed frame.
    std::string client_id{};  ///< Made by the sender, echoed to all; empty for a relayed frame.
    std::string relayed{};    ///< The frame of a relay client; empty: it came through the API.
    FrameKind frame = FrameKind::kText;

    /// The text, also of a relayed frame: its `message`, `msg` or `text`, a string or `{"text"}`.
    [[nodiscard]] std::string readable_text() const;
    /// The frame for relay clients, of what was said at `time`: theirs as it was, ours in one shape
    /// that most of them can show, whatever they look for. They read the text in `message`, `msg`
    /// or `text`, the author in `user`, `author`, `userId` or `name`, the time in `date`, `time` or
    /// `created`. `message` and `user` come first and are what the original's own client reads.
    [[nodiscard]] std::string relay_text(WallTime time) const;

    /// Whether `author` is the member who wrote it, not just whom a relay client's frame names.
    [[nodiscard]] bool is_verified() const noexcept { return !author.id.empty(); }

    /// The event's data. Errors: `kInvalidJson`, `kBadRequest` for JSON that is no object.
    [[nodiscard]] static Result<Message> parse(std::string_view data);
    [[nodiscard]] std::string data() const;
};

/// A relayed frame is escaped inside the event's data, at most to twice its size.
inline constexpr std::size_t kRelayFrameBytesMax = std::size_t{24} * 1024;

}  // namespace howl::products::chat
