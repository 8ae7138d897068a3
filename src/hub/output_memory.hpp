// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "telemetry/metrics.hpp"

namespace howl::hub {

/// What the process holds in memory for its peers, and how much that may be.
///
/// Each queue and each answer is bounded, but thousands of them together need a bound too: peers
/// that ask and don't read would fill the memory. A frame counts once, however many readers wait
/// for it, so the sum is what the heap holds. Who asks while there is no room is refused
/// (`kOverloaded`); who is being served goes on.
///
/// One for the process, like the metrics, because frames are made in many places.
/// Thread: any; lock-free.
class OutputMemory {
public:
    /// Until the first call it is `limits::kOutputBytesMax`.
    static void set_max(std::size_t bytes) noexcept { max_.store(bytes); }
    [[nodiscard]] static std::size_t held() noexcept {
        return held_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] static bool has_room() noexcept { return held() < max_.load(); }
    /// More than half is taken: everybody has to do with less.
    [[nodiscard]] static bool is_scarce() noexcept { return held() >= max_.load() / 2; }

    /// Counts bytes while it lives.
    class Hold {
    public:
        Hold() = default;
        explicit Hold(std::size_t bytes) noexcept : bytes_(bytes) {
            held_.fetch_add(bytes_, std::memory_order_relaxed);
            telemetry::adjust(telemetry::Gauge::kOutputMemory, static_cast<std::int64_t>(bytes_));
        }
        Hold(Hold&& other) noexcept : bytes_(std::exchange(other.bytes_, 0)) {}
        Hold& operator=(Hold&& other) noexcept {
            std::swap(bytes_, other.bytes_);
            return *this;
        }
        ~Hold() {
            if (bytes_ > 0) {
                held_.fetch_sub(bytes_, std::memory_order_relaxed);
                telemetry::adjust(telemetry::Gauge::kOutputMemory,
                                  -static_cast<std::int64_t>(bytes_));
            }
        }

    private:
        std::size_t bytes_ = 0;
    };

    /// Counts `bytes` of an answer before it is made: many that ask at the same moment must not all
    /// count on the same room. Errors: `kOverloaded` where there is none.
    [[nodiscard]] static Result<Hold> reserve(std::size_t bytes, std::string_view for_what) {
        Hold hold{bytes};
        if (held() - bytes >= max_.load()) {
            return fail(Errc::kOverloaded, for_what, "answers that nobody reads fill the memory");
        }
        return hold;
    }

private:
    static inline std::atomic<std::size_t> held_{0};
    static inline std::atomic<std::size_t> max_{limits::kOutputBytesMax};
};

}  // namespace howl::hub
