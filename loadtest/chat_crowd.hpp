// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "loadtest/connection_crowd.hpp"
#include "loadtest/payload.hpp"
#include "loadtest/room_checker.hpp"

namespace howl::loadtest {

struct ChatCrowdOptions {
    CrowdOptions crowd;  ///< Of WebSockets.
    std::string room;
    std::string name;  ///< Of the members, before their number.
};

/// The members of one chat room. A member is open when it is registered and has its snapshot, so
/// that `openings_max` bounds the pending snapshots too.
class ChatCrowd final : public ConnectionCrowd {
public:
    [[nodiscard]] static Result<std::unique_ptr<ChatCrowd>> create(ChatCrowdOptions options);

    /// Sends message `number` as `sender`, stamped with the present time. Returns the stamp.
    /// Requires: `number` is 1, then 2, and so on.
    Stamp send_message(ConnectionIndex sender, std::uint64_t number, std::size_t text_bytes);

    [[nodiscard]] const RoomChecker& checker() const noexcept { return checker_; }

private:
    ChatCrowd(ChatCrowdOptions options, Descriptor poller);

    [[nodiscard]] std::string request_for(ConnectionIndex index) const override;
    [[nodiscard]] AfterHandshake on_handshake(ConnectionIndex index) override;
    void on_message(ConnectionIndex index, const WsFrame& frame, std::string_view whole) override;

    // Constant after construction.
    const std::string room_;
    const std::string name_;

    RoomChecker checker_;
};

}  // namespace howl::loadtest
