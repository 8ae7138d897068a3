// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "codec/sse/encoder.hpp"

namespace howl::transport {

/// How one endpoint's event streams keep themselves alive.
struct SseStyle {
    /// Text of the heartbeat comment, sent after this much silence.
    std::string heartbeat_comment = "hb";
    std::chrono::milliseconds heartbeat = limits::kSseHeartbeat;
    codec::sse::Spacing spacing = codec::sse::Spacing::kSpace;
    /// Where it is set, it writes an event that replaces the comment once a reader has caught up,
    /// and is also sent at that moment: a page's script sees events, but no comments.
    std::string (*heartbeat_event)(WallTime now, std::chrono::milliseconds every) = nullptr;
    /// Where it is set, it writes an event beside `retry:`, which a page's script does not see.
    std::string (*drain_event)(std::chrono::milliseconds wait) = nullptr;
};

}  // namespace howl::transport
