// SPDX-License-Identifier: Apache-2.0
#include "transport/websocket/websocket_stream.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "telemetry/metrics.hpp"

namespace howl::transport {

namespace ws = codec::websocket;
using telemetry::Counter;
using ws::Continue;

WebSocketStream::WebSocketStream(Edge& edge, Socket socket, ConnectionBudget::Permit permit,
                                 std::unique_ptr<StreamHandler> handler, Compression compression)
    : Stream(edge, std::move(socket), std::move(permit), std::move(handler)),
      reader_(ws::Role::kServer, edge.settings().websocket,
              compression == Compression::kDeflate ? &edge.inflater() : nullptr),
      compression_(compression) {
    // The first ping comes at a random time, so that a storm of connects is no storm of pings.
    const auto interval = edge.settings().ws_ping_interval;
    const auto half = static_cast<std::uint64_t>(interval.count() / 2);
    next_ping_ = edge.shard().now() + interval / 2 +
                 std::chrono::milliseconds{edge.random().below(half + 1)};
}

void WebSocketStream::send(ws::MessageKind kind, std::string_view message) {
    const auto opcode = kind == ws::MessageKind::kText ? ws::Opcode::kText : ws::Opcode::kBinary;
    if (compression_ == Compression::kDeflate) {
        deliver(hub::make_frame(
            ws::encode_frame(opcode, edge().deflater().compress(message), ws::Rsv1::kSet)));
    } else {
        deliver(hub::make_frame(ws::encode_frame(opcode, message)));
    }
}

void WebSocketStream::follow_text(std::vector<hub::TopicName> topics, const hub::StartPoint& start,
                                  const WebSocketEncoder& encoder) {
    const hub::EventEncoder* chosen = &encoder;
    if (compression_ == Compression::kDeflate) {
        chosen = &edge().deflated(encoder);
    }
    follow({std::move(topics), start, chosen});
}

void WebSocketStream::close_with(std::uint16_t code, std::string_view reason) {
    close_code_ = code;
    finish(Errc::kPeerClosed, reason);
}

void WebSocketStream::on_bytes(std::span<char> bytes) {
    if (auto fed = reader_.feed(bytes, *this); !fed) {
        telemetry::count(fed.error().code);
        close(fed.error().code);
        return;
    }
    if (const auto pong = std::exchange(late_pong_, std::nullopt)) {
        deliver(hub::make_frame(ws::encode_frame(ws::Opcode::kPong, *pong)));
    }
    if (!reader_.inside_message()) {
        message_due_.reset();
    } else if (!message_due_) {
        message_due_ = edge().shard().now() + edge().settings().ws_message_time;
        wake_by(*message_due_);
    }
}

Continue WebSocketStream::go_on() const noexcept {
    // While closing, the peer's own close frame is still to come.
    return state() == State::kShut ? Continue::kNo : Continue::kYes;
}

Continue WebSocketStream::on_message(ws::MessageKind kind, std::string_view payload) {
    message_due_.reset();
    telemetry::count(Counter::kWsMessagesReceived);
    if (StreamHandler* app = handler()) {
        app->on_message(*this, kind, payload);
    } else if (state() == State::kOpen) {
        close(Errc::kUnsupportedData);
    }
    return go_on();
}

Continue WebSocketStream::on_ping(std::string_view payload) {
    // A flood of pings doesn't fill the queue: RFC 6455 section 5.5.3 lets us answer the newest
    // only.
    constexpr std::size_t kPongShare = 16;
    const auto room = edge().settings().queue_bytes_max / kPongShare;
    if (state() != State::kOpen) {
        return go_on();
    }
    if (queued_bytes() <= room) {
        late_pong_.reset();
        push(hub::make_frame(ws::encode_frame(ws::Opcode::kPong, payload)));
    } else {
        late_pong_ = payload;
    }
    return go_on();
}

Continue WebSocketStream::on_pong(std::string_view /*payload*/) {
    pong_due_.reset();
    return go_on();
}

void WebSocketStream::on_close(std::uint16_t code, std::string_view /*reason*/) {
    if (state() == State::kClosing) {
        farewell_answered();
        return;
    }
    close_code_ = code;
    finish(Errc::kPeerClosed, {});
}

hub::FrameRef WebSocketStream::farewell(Errc reason, std::string_view text) {
    const auto code = close_code_ != 0 ? close_code_ : entry_of(reason).close_code;
    if (reason == Errc::kSlowReader) {
        text = entry_of(reason).name;
    }
    return hub::make_frame(ws::encode_close(code, text));
}

hub::FrameRef WebSocketStream::come_back_after(std::chrono::milliseconds /*wait*/) {
    return {};  // Close code 1012 says it; RFC 6455 section 7.2.3 has the client add jitter.
}

SteadyTime WebSocketStream::on_tick(SteadyTime now) {
    const auto& settings = edge().settings();
    if (message_due_ && now >= *message_due_) {
        telemetry::count(Errc::kMessageTimeout);
        close(Errc::kMessageTimeout);
        return now;
    }
    if (pong_due_ && now >= *pong_due_) {
        telemetry::count(Counter::kDeadPeers);
        telemetry::count(Errc::kPeerTimeout);
        close(Errc::kPeerTimeout);
        return now;
    }
    if (now >= next_ping_) {
        next_ping_ = now + settings.ws_ping_interval;
        pong_due_ = now + settings.ws_pong_time;
        push(hub::make_frame(ws::encode_frame(ws::Opcode::kPing, {})));
    }
    auto next = next_ping_;
    for (const auto& due : {pong_due_, message_due_}) {
        next = due ? std::min(next, *due) : next;
    }
    return next;
}

}  // namespace howl::transport
