// SPDX-License-Identifier: Apache-2.0
#include "transport/sse/sse_channel.hpp"

#include <utility>

#include "codec/http/chunk.hpp"

namespace howl::transport {

namespace sse = codec::sse;
using codec::http::StreamFraming;

SseChannel::SseChannel(ShardNetwork& network, ByteStream stream, ConnectionBudget::Permit permit,
                       const SseStyle& style, StreamFraming framing)
    : ConnectionChannel(network, std::move(stream), std::move(permit)),
      style_(style),
      framing_(framing) {}

hub::FrameRef SseChannel::frame(std::string events) const {
    return hub::make_frame(framing_ == StreamFraming::kChunked ? codec::http::as_chunk(events)
                                                               : std::move(events));
}

hub::FrameRef SseChannel::message_frame(session::MessageKind /*kind*/, std::string_view payload) {
    return frame(std::string{payload});
}

const hub::EventEncoder& SseChannel::framed(const hub::EventEncoder& plain) {
    return framing_ == StreamFraming::kChunked ? network().encoders().of(plain, Framing::kChunked)
                                               : plain;
}

void SseChannel::on_bytes(std::span<char> bytes) {
    // The response never ends, so a pipelined request can never be answered: a few bytes are
    // ignored.
    ignored_bytes_ += bytes.size();
    if (ignored_bytes_ > limits::kHttpHeadBytesMax) {
        session().close(Errc::kProtocolError);
    }
}

hub::FrameRef SseChannel::close_frame(const session::Closing& closing) {
    std::string bytes;
    sse::append_comment(
        bytes, std::string{entry_of(closing.reason).name} + ": " + std::string{closing.text});
    if (framing_ == StreamFraming::kChunked) {
        bytes = codec::http::as_chunk(bytes);
        bytes += codec::http::kLastChunk;
    }
    return hub::make_frame(std::move(bytes));
}

hub::FrameRef SseChannel::retry_hint(std::chrono::milliseconds wait) {
    std::string bytes;
    sse::append_retry(bytes, wait);
    if (style_.drain_event != nullptr) {
        bytes += style_.drain_event(wait);
    }
    return frame(std::move(bytes));
}

SteadyTime SseChannel::on_tick(SteadyTime now) {
    const auto due = session().last_write() + style_.heartbeat;
    if (now < due) {
        return due;
    }
    if (session().unsent_bytes() == 0) {
        session().push(heartbeat());
    }
    return now + style_.heartbeat;
}

void SseChannel::on_caught_up() {
    caught_up_ = true;
    if (style_.heartbeat_event != nullptr) {
        session().deliver(heartbeat());
    }
}

hub::FrameRef SseChannel::heartbeat() {
    std::string bytes;
    if (caught_up_ && style_.heartbeat_event != nullptr) {
        bytes = style_.heartbeat_event(network().shard().clock().wall_now(), style_.heartbeat);
    } else {
        sse::append_comment(bytes, style_.heartbeat_comment, style_.spacing);
    }
    return frame(std::move(bytes));
}

}  // namespace howl::transport
