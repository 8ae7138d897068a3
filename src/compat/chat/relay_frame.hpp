// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace howl::compat::chat {

/// Who a frame says it is from. Either part may be empty; both are: it does not send.
struct Assertion {
    std::string id;
    std::string name;
    /// False: it names several, or what stands where an identity belongs can't be read. Which of
    /// it a client shows is up to the client, so such a frame is from nobody.
    bool consistent = true;
    [[nodiscard]] bool empty() const noexcept { return id.empty() && name.empty(); }
    [[nodiscard]] bool operator==(const Assertion&) const = default;
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
    Assertion assertion;
};

/// Reads a client's frame, text or binary. The clients are many and each has its own shape: they
/// send who they are in `user.id`, `userId`, `author.id` and in `user.name`, `user` (a string),
/// `name`, `author.name`, `author` (a string), and each shows another of these. So all that are
/// there have to send the same; `null` and an empty text send nothing.
///
/// A part that is longer than any id or name of ours can't be read, nor one of another type.
///
/// Source: docs/protocols, chat-relay.
[[nodiscard]] RelayFrame read_relay_frame(std::string_view text);

}  // namespace howl::compat::chat
