// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <boost/container/small_vector.hpp>

#include "hub/frame.hpp"

namespace howl::session {

/// Frames that wait for one connection, oldest first; the bytes belong to all readers of the frame.
///
/// A reader that keeps up has one frame here for the rest of a turn, so the first few need no
/// allocation; what a slow reader's burst allocated is given back as soon as the queue is empty.
/// Absent on purpose: a limit. The session knows its limits and what to do at them.
class OutputQueue {
public:
    OutputQueue() = default;
    OutputQueue(const OutputQueue&) = delete;
    OutputQueue& operator=(const OutputQueue&) = delete;

    void push(hub::FrameRef frame);
    /// What is unsent of the first frame. Requires: not empty.
    [[nodiscard]] std::string_view front() const {
        return frames_[first_]->bytes().substr(front_sent_);
    }
    /// What is unsent, frame by frame, of as many frames as `parts` has room for.
    [[nodiscard]] std::span<const std::string_view> gather(std::span<std::string_view> parts) const;
    /// Takes `sent` bytes off the front. Requires: as many are queued.
    void consume(std::size_t sent);
    /// Forgets every frame of which no byte has been sent.
    void drop_unsent();
    /// The first frame is unsent again, if it was sent in part. Returns how many bytes that adds.
    std::size_t rewind() noexcept;

    [[nodiscard]] bool empty() const noexcept { return first_ == frames_.size(); }
    [[nodiscard]] std::size_t frames() const noexcept { return frames_.size() - first_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
    static constexpr std::size_t kInlineFrames = 2;

    void release_sent();

    boost::container::small_vector<hub::FrameRef, kInlineFrames> frames_;
    std::size_t first_ = 0;       ///< Frames before this one have been sent.
    std::size_t front_sent_ = 0;  ///< Bytes of the first frame that have been sent.
    std::size_t bytes_ = 0;
};

}  // namespace howl::session
