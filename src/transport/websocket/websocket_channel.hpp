// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "codec/websocket/message_reader.hpp"
#include "telemetry/metrics.hpp"
#include "transport/connection_channel.hpp"
#include "transport/input_memory.hpp"

namespace howl::transport {

/// WebSocket (RFC 6455), server side.
///
/// Pings a silent peer and aborts when no pong comes; bounds the time of a message that arrives in
/// pieces; closes with the code of the error table.
class WebSocketChannel final : public ConnectionChannel, private codec::websocket::MessageSink {
public:
    enum class Compression : std::uint8_t { kNone, kDeflate };

    WebSocketChannel(ShardNetwork& network, ByteStream stream, ConnectionBudget::Permit permit,
                     Compression compression);

    // session::Channel.
    hub::FrameRef message_frame(session::MessageKind kind, std::string_view payload) override;
    hub::FrameRef close_frame(const session::Closing& closing) override;
    hub::FrameRef retry_hint(std::chrono::milliseconds wait) override;
    const hub::EventEncoder& framed(const hub::EventEncoder& plain) override;
    SteadyTime on_tick(SteadyTime now) override;

private:
    // ConnectionChannel.
    void on_bytes(std::span<char> bytes) override;
    // MessageSink.
    codec::websocket::Continue on_message(codec::websocket::MessageKind kind,
                                          std::string_view payload) override;
    codec::websocket::Continue on_ping(std::string_view payload) override;
    codec::websocket::Continue on_pong(std::string_view payload) override;
    void on_close(std::uint16_t code, std::string_view reason) override;

    [[nodiscard]] codec::websocket::Continue go_on();
    void bound_message_time();

    codec::websocket::MessageReader reader_;
    InputMemory::Share input_;  ///< Of an incomplete message.
    SteadyTime next_ping_;
    std::optional<SteadyTime> pong_due_;
    std::optional<SteadyTime> message_due_;
    std::optional<std::string> late_pong_;  ///< Answer to the newest ping of a flood.
    Compression compression_;
    telemetry::GaugeHold gauge_{telemetry::Gauge::kWebSocketSessions};
};

}  // namespace howl::transport
