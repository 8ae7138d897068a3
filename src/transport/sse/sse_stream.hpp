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
    /// Where it is set, it writes an event that takes the comment's place once a reader has caught
    /// up, and is also sent at that moment: pages hear events, and no comments.
    std::string (*heartbeat_event)(WallTime now, std::chrono::milliseconds every) = nullptr;
    /// Where it is set, it writes an event beside `retry:`, of which a page hears nothing either.
    std::string (*drain_event)(std::chrono::milliseconds wait) = nullptr;
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
    void on_caught_up() override;
    [[nodiscard]] hub::FrameRef heartbeat();

    const SseStyle& style_;
    std::size_t ignored_bytes_ = 0;
    bool caught_up_ = false;
    telemetry::GaugeHold gauge_{telemetry::Gauge::kSseSessions};
};

}  // namespace howl::transport
