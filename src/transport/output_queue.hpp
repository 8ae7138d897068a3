// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <boost/container/small_vector.hpp>

#include "hub/frame.hpp"

namespace howl::transport {

/// Frames that wait for one socket, oldest first; the bytes belong to all readers of the frame.
///
/// A reader that keeps up has one frame here for the rest of a turn, so the first few need no
/// allocation; what a slow reader's burst allocated is given back as soon as the queue is empty.
/// Absent on purpose: a limit. The session knows its limits and what to do at them.
///
/// What is sent is counted in a tally of the caller's, which it reports once for many writes.
class OutputQueue {
public:
    enum class Written { kAll, kKernelFull, kPeerGone };

    struct Tally {
        std::uint64_t writes = 0;
        std::uint64_t bytes = 0;
    };

    OutputQueue() = default;
    OutputQueue(const OutputQueue&) = delete;
    OutputQueue& operator=(const OutputQueue&) = delete;

    void push(hub::FrameRef frame);
    /// Hands the kernel as much as it takes, in as few calls as it needs; never blocks.
    [[nodiscard]] Written write_to(int socket, Tally& tally);
    /// Forgets every frame of which no byte has been sent.
    void drop_unsent();

    [[nodiscard]] bool empty() const noexcept { return first_ == frames_.size(); }
    [[nodiscard]] std::size_t frames() const noexcept { return frames_.size() - first_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
    static constexpr std::size_t kInlineFrames = 2;

    /// Takes `sent` bytes off the front.
    void consume(std::size_t sent);
    void release_sent();

    boost::container::small_vector<hub::FrameRef, kInlineFrames> frames_;
    std::size_t first_ = 0;       ///< Frames before this one have been sent.
    std::size_t front_sent_ = 0;  ///< Bytes of the first frame that have been sent.
    std::size_t bytes_ = 0;
};

}  // namespace howl::transport
