// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>

#include "base/limits.hpp"

namespace howl::transport {

/// Bytes that the process holds of requests and WebSocket messages that are not complete or not
/// answered yet, and their limit.
///
/// Each of them is bounded, but thousands of peers that begin a body and never end it need a common
/// bound. While it is full, the requests that have been coming in for longest are given up
/// (`kOverloaded`): an honest one takes milliseconds. The counterpart of `hub::OutputMemory`; like
/// that, one for the process.
///
/// Limits: `limits::kInputBytesMax`. Thread: any; lock-free.
class InputMemory {
public:
    [[nodiscard]] static std::size_t held() noexcept {
        return held_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] static bool is_full() noexcept { return held() > limits::kInputBytesMax; }

    /// What one connection holds; nothing when it is gone.
    class Share {
    public:
        Share() = default;
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;
        ~Share() { set(0); }

        [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
        void set(std::size_t bytes) noexcept {
            if (bytes != bytes_) {  // Most messages come in one read, and hold nothing.
                held_.fetch_add(bytes - bytes_, std::memory_order_relaxed);
                bytes_ = bytes;
            }
        }

    private:
        std::size_t bytes_ = 0;
    };

private:
    static inline std::atomic<std::size_t> held_{0};
};

}  // namespace howl::transport
