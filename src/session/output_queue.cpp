// SPDX-License-Identifier: Apache-2.0
#include "session/output_queue.hpp"

#include <algorithm>
#include <utility>

namespace howl::session {

void OutputQueue::push(hub::FrameRef frame) {
    const auto size = frame->bytes().size();
    if (size == 0) {
        return;
    }
    bytes_ += size;
    frames_.push_back(std::move(frame));
}

std::span<const std::string_view> OutputQueue::gather(std::span<std::string_view> parts) const {
    const auto count = std::min(parts.size(), frames());
    for (std::size_t i = 0; i < count; ++i) {
        parts[i] = i == 0 ? front() : frames_[first_ + i]->bytes();
    }
    return parts.first(count);
}

void OutputQueue::consume(std::size_t sent) {
    bytes_ -= sent;
    while (sent > 0) {
        const auto left = frames_[first_]->bytes().size() - front_sent_;
        if (sent < left) {
            front_sent_ += sent;
            break;
        }
        sent -= left;
        front_sent_ = 0;
        frames_[first_++].reset();
    }
    release_sent();
}

void OutputQueue::release_sent() {
    constexpr std::size_t kCompactFrom = 64;
    if (empty()) {
        first_ = 0;
        frames_.clear();
        if (frames_.capacity() > kInlineFrames) {
            frames_.shrink_to_fit();
        }
    } else if (first_ >= kCompactFrom && first_ * 2 >= frames_.size()) {
        frames_.erase(frames_.begin(), frames_.begin() + static_cast<std::ptrdiff_t>(first_));
        first_ = 0;
    }
}

void OutputQueue::drop_unsent() {
    const std::size_t keep = first_ + (front_sent_ > 0 ? 1 : 0);
    std::size_t dropped = 0;
    for (std::size_t i = keep; i < frames_.size(); ++i) {
        dropped += frames_[i]->bytes().size();
    }
    frames_.resize(keep);
    bytes_ -= dropped;
}

std::size_t OutputQueue::rewind() noexcept {
    bytes_ += front_sent_;
    return std::exchange(front_sent_, 0);
}

}  // namespace howl::session
