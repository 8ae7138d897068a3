// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

#include "base/limits.hpp"

namespace howl::session {

/// What one session may cost, and how sessions end at a drain. Constant after construction.
struct Settings {
    std::size_t queue_bytes_max = limits::kOutputQueueBytesMax;
    std::size_t queue_frames_max = limits::kOutputQueueFramesMax;
    /// A session whose queue does not move for this long is slow.
    std::chrono::milliseconds stall_time = limits::kOutputStallTime;
    /// At a drain clients are asked to reconnect spread over this time.
    std::chrono::milliseconds drain_spread = std::chrono::seconds{5};
};

}  // namespace howl::session
