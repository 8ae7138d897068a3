// SPDX-License-Identifier: Apache-2.0
#include "transport/sse/sse_stream.hpp"

#include <utility>

namespace howl::transport {

namespace sse = codec::sse;

SseStream::SseStream(Edge& edge, Socket socket, ConnectionBudget::Permit permit,
                     std::unique_ptr<StreamHandler> handler, const SseStyle& style)
    : Stream(edge, std::move(socket), std::move(permit), std::move(handler)), style_(style) {}

void SseStream::on_bytes(std::span<char> bytes) {
    // The response never ends, so a pipelined request can never be answered: a little is ignored.
    ignored_bytes_ += bytes.size();
    if (ignored_bytes_ > limits::kHttpHeadBytesMax) {
        close(Errc::kProtocolError);
    }
}

hub::FrameRef SseStream::farewell(Errc reason, std::string_view text) {
    std::string bytes;
    sse::append_comment(bytes, std::string{entry_of(reason).name} + ": " + std::string{text});
    return hub::make_frame(std::move(bytes));
}

hub::FrameRef SseStream::come_back_after(std::chrono::milliseconds wait) {
    std::string bytes;
    sse::append_retry(bytes, wait);
    if (style_.drain_event != nullptr) {
        bytes += style_.drain_event(wait);
    }
    return hub::make_frame(std::move(bytes));
}

SteadyTime SseStream::on_tick(SteadyTime now) {
    if (now < last_write() + style_.heartbeat) {
        return last_write() + style_.heartbeat;
    }
    if (unsent_bytes() == 0) {
        push(heartbeat());
    }
    return now + style_.heartbeat;
}

void SseStream::on_caught_up() {
    caught_up_ = true;
    if (style_.heartbeat_event != nullptr) {
        deliver(heartbeat());
    }
}

hub::FrameRef SseStream::heartbeat() {
    std::string bytes;
    if (caught_up_ && style_.heartbeat_event != nullptr) {
        bytes = style_.heartbeat_event(edge().shard().clock().wall_now(), style_.heartbeat);
    } else {
        sse::append_comment(bytes, style_.heartbeat_comment, style_.spacing);
    }
    return hub::make_frame(std::move(bytes));
}

}  // namespace howl::transport
