// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace howl::apps::chat {

/// Who a frame says it is from. Either part may be empty; both are: it does not say.
struct Claim {
    std::string id;
    std::string name;
    [[nodiscard]] bool empty() const noexcept { return id.empty() && name.empty(); }
    [[nodiscard]] bool operator==(const Claim&) const = default;
};

/// What a relay client wants with a frame.
struct RelayFrame {
    enum class Type : std::uint8_t {
        kSend,
        kExit,
        kJoin,
        kPing,
        kGetUsers,
        kOther,  ///< Another type, or no JSON object at all: ignored, as the original ignores it.
    };
    Type type = Type::kOther;
    Claim claim;
};

/// Reads a client's frame, text or binary. The clients are many and each has its own shape: they
/// say who they are in `user.id`, `userId`, `author.id` and in `user.name`, `user` (a string),
/// `name`, `author.name`; the first of each that is there counts.
///
/// A part that is longer than any id or name of ours is left out, as nobody's.
///
/// Source: protocols section 3.3.
[[nodiscard]] RelayFrame read_relay_frame(std::string_view text);

}  // namespace howl::apps::chat
