// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "codec/sse/encoder.hpp"
#include "transport/stream.hpp"

namespace howl::transport {

/// How one door's event streams keep themselves alive.
struct SseStyle {
    /// Text of the heartbeat comment, sent after this much silence.
    std::string heartbeat_comment = "hb";
    std::chrono::milliseconds heartbeat = limits::kSseHeartbeat;
    codec::sse::Spacing spacing = codec::sse::Spacing::kSpace;
};

/// A session over Server-Sent Events: a response that does not end (WHATWG HTML section 9.2).
///
/// The heartbeat follows silence: every write puts it off. A peer that is gone without a word is
/// found by the kernel (`TCP_USER_TIMEOUT`) once a heartbeat stays unacknowledged.
class SseStream final : public Stream {
public:
    /// `style` is the door's and outlives every stream of it.
    SseStream(Edge& edge, Socket socket, ConnectionBudget::Permit permit,
              std::unique_ptr<StreamHandler> handler, const SseStyle& style);

private:
    void on_bytes(std::span<char> bytes) override;
    hub::FrameRef farewell(Errc reason, std::string_view text) override;
    hub::FrameRef come_back_after(std::chrono::milliseconds wait) override;
    SteadyTime on_tick(SteadyTime now) override;

    const SseStyle& style_;
    std::size_t ignored_bytes_ = 0;
    telemetry::GaugeHold gauge_{telemetry::Gauge::kSseSessions};
};

}  // namespace howl::transport
