// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "codec/websocket/message_reader.hpp"
#include "transport/stream.hpp"
#include "transport/websocket/websocket_encoder.hpp"

namespace howl::transport {

/// A session over WebSocket (RFC 6455), server side.
///
/// Pings a silent peer and gives it up when no pong comes; bounds the time of a message that
/// arrives in pieces; closes with the code of the error table.
class WebSocketStream final : public Stream, private codec::websocket::MessageSink {
public:
    enum class Compression : std::uint8_t { kNone, kDeflate };

    WebSocketStream(Edge& edge, Socket socket, ConnectionBudget::Permit permit,
                    std::unique_ptr<StreamHandler> handler, Compression compression);

    /// Queues one message, compressed where that was agreed. Subject to the queue's limits.
    void send(codec::websocket::MessageKind kind, std::string_view message);
    /// Reads topics through `encoder`, compressed where that was agreed.
    void follow_text(std::vector<hub::TopicName> topics, const hub::StartPoint& start,
                     const WebSocketEncoder& encoder);
    /// Closes with a code of the door's own protocol, e.g. 1000.
    void close_with(std::uint16_t code, std::string_view reason);

private:
    // Stream.
    void on_bytes(std::span<char> bytes) override;
    hub::FrameRef farewell(Errc reason, std::string_view text) override;
    hub::FrameRef come_back_after(std::chrono::milliseconds wait) override;
    SteadyTime on_tick(SteadyTime now) override;
    // MessageSink.
    codec::websocket::Continue on_message(codec::websocket::MessageKind kind,
                                          std::string_view payload) override;
    codec::websocket::Continue on_ping(std::string_view payload) override;
    codec::websocket::Continue on_pong(std::string_view payload) override;
    void on_close(std::uint16_t code, std::string_view reason) override;

    [[nodiscard]] codec::websocket::Continue go_on() const noexcept;

    codec::websocket::MessageReader reader_;
    SteadyTime next_ping_;
    std::optional<SteadyTime> pong_due_;
    std::optional<SteadyTime> message_due_;
    std::optional<std::string> late_pong_;  ///< Answer to the newest ping of a flood.
    std::uint16_t close_code_ = 0;  ///< Chosen by the door or the peer; 0: the reason's own.
    Compression compression_;
    telemetry::GaugeHold gauge_{telemetry::Gauge::kWebSocketSessions};
};

}  // namespace howl::transport
