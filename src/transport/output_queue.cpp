// SPDX-License-Identifier: Apache-2.0
#include "transport/output_queue.hpp"

#include <array>
#include <cerrno>
#include <string_view>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utility>

namespace howl::transport {

namespace {

constexpr int kFlags = MSG_NOSIGNAL | MSG_DONTWAIT;

/// `send` is a cancellation point: in a process with threads the C library does two atomic
/// exchanges around it, which is a good part of what a delivery costs us. Nobody cancels our
/// threads.
ssize_t send_now(int socket, std::string_view bytes) {
    return ::syscall(SYS_sendto, socket, bytes.data(), bytes.size(), kFlags, nullptr, 0);
}

}  // namespace

void OutputQueue::push(hub::FrameRef frame) {
    const auto size = frame->bytes().size();
    if (size == 0) {
        return;
    }
    bytes_ += size;
    frames_.push_back(std::move(frame));
}

OutputQueue::Written OutputQueue::write_to(int socket, Tally& tally) {
    constexpr std::size_t kGather = 64;
    while (!empty()) {
        const auto front = frames_[first_]->bytes().substr(front_sent_);
        ssize_t sent = 0;
        if (frames() == 1) {
            sent = send_now(socket, front);
        } else {
            std::array<iovec, kGather> parts;
            std::size_t count = 0;
            for (std::size_t i = first_; i < frames_.size() && count < kGather; ++i, ++count) {
                const auto bytes = i == first_ ? front : frames_[i]->bytes();
                // The kernel only reads through this pointer, though its type can't say so.
                parts[count] = {const_cast<char*>(bytes.data()), bytes.size()};
            }
            msghdr message{};
            message.msg_iov = parts.data();
            message.msg_iovlen = count;
            sent = ::sendmsg(socket, &message, kFlags);
        }
        ++tally.writes;
        if (sent < 0) {
            if (errno == EINTR) {
                continue;
            }
            return errno == EAGAIN ? Written::kKernelFull : Written::kPeerGone;
        }
        tally.bytes += static_cast<std::size_t>(sent);
        consume(static_cast<std::size_t>(sent));
    }
    return Written::kAll;
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

}  // namespace howl::transport
