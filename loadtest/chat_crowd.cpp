// SPDX-License-Identifier: Apache-2.0
#include "loadtest/chat_crowd.hpp"

#include <fmt/format.h>

#include "loadtest/chat_wire.hpp"

namespace howl::loadtest {

Result<std::unique_ptr<ChatCrowd>> ChatCrowd::create(ChatCrowdOptions options) {
    HOWL_TRY(poller, create_poller());
    return std::unique_ptr<ChatCrowd>{new ChatCrowd{std::move(options), std::move(poller)}};
}

ChatCrowd::ChatCrowd(ChatCrowdOptions options, Descriptor poller)
    : ConnectionCrowd(std::move(options.crowd), std::move(poller)),
      room_(std::move(options.room)),
      name_(std::move(options.name)),
      checker_(size()) {}

Stamp ChatCrowd::send_message(ConnectionIndex sender, std::uint64_t number,
                              std::size_t text_bytes) {
    const Stamp stamp{.nanos = steady_nanos(), .number = number};
    checker_.on_sent(sender, stamp);
    send_text(sender, make_send(stamp, text_bytes));
    return stamp;
}

std::string ChatCrowd::request_for(ConnectionIndex /*index*/) const {
    return websocket_request(fmt::format("/api/chat/rooms/{}/ws", room_));
}

ConnectionCrowd::AfterHandshake ChatCrowd::on_handshake(ConnectionIndex index) {
    send_text(index, make_register(fmt::format("{}-{}", name_, index.value())));
    return AfterHandshake::kJoining;
}

void ChatCrowd::on_message(ConnectionIndex index, const WsFrame& frame,
                           std::string_view /*whole*/) {
    const ChatItem& item = checker_.on_received(index, frame.payload, read_nanos());
    if (is_open(index)) {
        return;
    }
    if (item.kind == ChatItemKind::kSnapshot) {
        finish_opening(index);
    } else if (item.kind == ChatItemKind::kRefused || item.kind == ChatItemKind::kError) {
        give_up(index, fmt::format("refused: {}", item.code));
    }
}

}  // namespace howl::loadtest
