// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "codec/http/response.hpp"
#include "telemetry/metrics.hpp"
#include "transport/connection_channel.hpp"
#include "transport/sse/sse_style.hpp"

namespace howl::transport {

/// Server-Sent Events: a response that does not end (WHATWG HTML section 9.2).
///
/// The heartbeat follows silence: every write postpones it. A peer that vanished without closing is
/// detected by the kernel (`TCP_USER_TIMEOUT`) once a heartbeat stays unacknowledged.
///
/// In HTTP/1.1 the response is chunked (RFC 9112 section 6.3), every event in a chunk of its own:
/// many clients deliver a body without framing only when a buffer is full. HTTP/1.0 has
/// no such coding; there the body ends with the connection.
class SseChannel final : public ConnectionChannel {
public:
    /// `style` is the endpoint's and must outlive its streams.
    SseChannel(ShardNetwork& network, ByteStream stream, ConnectionBudget::Permit permit,
               const SseStyle& style, codec::http::StreamFraming framing);

    // session::Channel. A message's payload is whole events.
    hub::FrameRef message_frame(session::MessageKind kind, std::string_view payload) override;
    hub::FrameRef close_frame(const session::Closing& closing) override;
    hub::FrameRef retry_hint(std::chrono::milliseconds wait) override;
    const hub::EventEncoder& framed(const hub::EventEncoder& plain) override;
    SteadyTime on_tick(SteadyTime now) override;
    void on_caught_up() override;

private:
    void on_bytes(std::span<char> bytes) override;
    [[nodiscard]] hub::FrameRef heartbeat();
    [[nodiscard]] hub::FrameRef frame(std::string events) const;

    const SseStyle& style_;
    const codec::http::StreamFraming framing_;
    std::size_t ignored_bytes_ = 0;
    bool caught_up_ = false;
    telemetry::GaugeHold gauge_{telemetry::Gauge::kSseSessions};
};

}  // namespace howl::transport
