// SPDX-License-Identifier: Apache-2.0
#include "transport/websocket/websocket_channel.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace howl::transport {

namespace ws = codec::websocket;
using session::MessageKind;
using telemetry::Counter;
using ws::Continue;

WebSocketChannel::WebSocketChannel(ShardNetwork& network, ByteStream stream,
                                   ConnectionBudget::Permit permit, Compression compression)
    : ConnectionChannel(network, std::move(stream), std::move(permit)),
      reader_(ws::Role::kServer, network.settings().websocket,
              compression == Compression::kDeflate ? &network.inflater() : nullptr),
      compression_(compression) {
    // The first ping comes at a random time, so that many connects at once don't ping at once.
    const auto interval = network.settings().ws_ping_interval;
    const auto half = static_cast<std::uint64_t>(interval.count() / 2);
    next_ping_ = now() + interval / 2 +
                 std::chrono::milliseconds{network.sessions().random().below(half + 1)};
}

hub::FrameRef WebSocketChannel::message_frame(MessageKind kind, std::string_view payload) {
    const auto opcode = kind == MessageKind::kText ? ws::Opcode::kText : ws::Opcode::kBinary;
    if (compression_ == Compression::kDeflate) {
        return hub::make_frame(
            ws::encode_frame(opcode, network().deflater().compress(payload), ws::Rsv1::kSet));
    }
    return hub::make_frame(ws::encode_frame(opcode, payload));
}

const hub::EventEncoder& WebSocketChannel::framed(const hub::EventEncoder& plain) {
    return network().encoders().of(plain, compression_ == Compression::kDeflate
                                              ? Framing::kWebSocketCompressed
                                              : Framing::kWebSocket);
}

void WebSocketChannel::on_bytes(std::span<char> bytes) {
    if (auto fed = reader_.feed(bytes, *this); !fed) {
        telemetry::count(fed.error().code);
        session().close(fed.error().code);
        return;
    }
    input_.set(reader_.buffered_bytes());
    if (input_.bytes() > 0 && InputMemory::is_full()) {
        telemetry::count(Errc::kOverloaded);
        session().abort();  // After a close frame the memory would stay until the peer answers.
        return;
    }
    if (const auto pong = std::exchange(late_pong_, std::nullopt)) {
        session().deliver(hub::make_frame(ws::encode_frame(ws::Opcode::kPong, *pong)));
    }
    bound_message_time();
}

void WebSocketChannel::bound_message_time() {
    if (!reader_.inside_message()) {
        message_due_.reset();
    } else if (!message_due_) {
        message_due_ = now() + network().settings().ws_message_time;
        session().wake_by(*message_due_);
    }
}

Continue WebSocketChannel::go_on() {
    // While closing, we still read for the peer's close frame.
    return session().has_ended() ? Continue::kNo : Continue::kYes;
}

Continue WebSocketChannel::on_message(ws::MessageKind kind, std::string_view payload) {
    message_due_.reset();
    telemetry::count(Counter::kWsMessagesReceived);
    session().on_message(kind == ws::MessageKind::kText ? MessageKind::kText : MessageKind::kBinary,
                         payload);
    return go_on();
}

Continue WebSocketChannel::on_ping(std::string_view payload) {
    // A flood of pings must not fill the queue: RFC 6455 section 5.5.3 lets us answer the newest
    // only.
    constexpr std::size_t kPongShare = 16;
    const auto room = network().settings().session.queue_bytes_max / kPongShare;
    if (!session().is_open()) {
        return go_on();
    }
    if (session().queued_bytes() <= room) {
        late_pong_.reset();
        session().push(hub::make_frame(ws::encode_frame(ws::Opcode::kPong, payload)));
    } else {
        late_pong_ = payload;
    }
    return go_on();
}

Continue WebSocketChannel::on_pong(std::string_view /*payload*/) {
    pong_due_.reset();
    return go_on();
}

void WebSocketChannel::on_close(std::uint16_t code, std::string_view /*reason*/) {
    if (session().is_closing()) {
        session().on_close_answered();
    } else {
        session().close_with(code, {});
    }
}

hub::FrameRef WebSocketChannel::close_frame(const session::Closing& closing) {
    const auto& entry = entry_of(closing.reason);
    const auto code = closing.close_code != 0 ? closing.close_code : entry.close_code;
    return hub::make_frame(
        ws::encode_close(code, closing.reason == Errc::kSlowReader ? entry.name : closing.text));
}

hub::FrameRef WebSocketChannel::retry_hint(std::chrono::milliseconds /*wait*/) {
    return {};  // Close code 1012 carries no time.
}

SteadyTime WebSocketChannel::on_tick(SteadyTime now) {
    const auto& settings = network().settings();
    if (message_due_ && now >= *message_due_) {
        telemetry::count(Errc::kMessageTimeout);
        session().close(Errc::kMessageTimeout);
        return now;
    }
    if (pong_due_ && now >= *pong_due_) {
        telemetry::count(Counter::kDeadPeers);
        telemetry::count(Errc::kPeerTimeout);
        session().close(Errc::kPeerTimeout);
        return now;
    }
    if (now >= next_ping_) {
        next_ping_ = now + settings.ws_ping_interval;
        pong_due_ = now + settings.ws_pong_time;
        session().push(hub::make_frame(ws::encode_frame(ws::Opcode::kPing, {})));
    }
    auto next = next_ping_;
    for (const auto& due : {pong_due_, message_due_}) {
        next = due ? std::min(next, *due) : next;
    }
    return next;
}

}  // namespace howl::transport
