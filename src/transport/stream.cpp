// SPDX-License-Identifier: Apache-2.0
#include "transport/stream.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <utility>

#include "telemetry/metrics.hpp"

namespace howl::transport {

using telemetry::Counter;

void StreamHandler::on_message(Stream& stream, codec::websocket::MessageKind kind,
                               std::string_view message) {
    static_cast<void>(kind);
    static_cast<void>(message);
    stream.close(Errc::kUnsupportedData);
}

Stream::Stream(Edge& edge, Socket socket, ConnectionBudget::Permit permit,
               std::unique_ptr<StreamHandler> handler)
    : edge_(edge),
      socket_(std::move(socket)),
      permit_(std::move(permit)),
      handler_(std::move(handler)),
      last_write_(edge.shard().now()),
      timer_(edge.shard().timers(), *this) {}

Stream::~Stream() = default;

void Stream::open(std::string head, std::string_view early) {
    const Ref self{this};
    intrusive_ptr_add_ref(this);  // The edge's reference, given back by `shut`.
    edge_.adopt(*this);
    state_ = State::kOpen;
    push(hub::make_frame(std::move(head)));
    wake_by(on_tick(edge_.shard().now()));
    if (handler_) {
        handler_->on_open(*this);
    }
    if (!early.empty() && state_ == State::kOpen) {
        std::string bytes{early};
        on_bytes(bytes);
    }
    wait_readable();
}

void Stream::deliver(const hub::FrameRef& frame) {
    if (state_ != State::kOpen || over_limits_) {
        return;
    }
    if (!fits(*frame) && !waits_writable_) {
        // The limits are for what the kernel refuses, not for a burst within one turn.
        static_cast<void>(write_queue());
    }
    if (!fits(*frame)) {
        // The fan-out loop is on the stack: the session ends with the turn.
        over_limits_ = true;
        touch();
        return;
    }
    push(frame);
}

bool Stream::fits(const hub::Frame& frame) const {
    const auto& settings = edge_.settings();
    return queue_.bytes() + frame.bytes().size() <= settings.queue_bytes_max &&
           queue_.frames() < settings.queue_frames_max;
}

std::size_t Stream::queued_bytes() const {
    const auto& settings = edge_.settings();
    const auto frames_max = std::max<std::size_t>(settings.queue_frames_max, 1);
    const auto share = settings.queue_bytes_max / frames_max;
    return std::max(queue_.bytes(), queue_.frames() * share);
}

void Stream::push(hub::FrameRef frame) {
    if (state_ == State::kShut) {
        return;
    }
    edge_.queued_bytes_ += static_cast<std::int64_t>(frame->bytes().size());
    queue_.push(std::move(frame));
    touch();
}

void Stream::touch() {
    if (!waits_writable_ || over_limits_) {
        edge_.touch(*this);
    }
}

void Stream::follow(Follow wanted) {
    if (state_ != State::kOpen) {
        return;  // It ended while it was opened.
    }
    reader_.reset();
    reader_ = std::make_unique<hub::Reader>(edge_.hub(), *this, *wanted.encoder,
                                            std::move(wanted.topics), wanted.start);
}

void Stream::flush() {
    if (state_ == State::kShut) {
        return;
    }
    if (over_limits_ && state_ == State::kOpen) {
        close_as_slow();
    }
    if (!waits_writable_) {
        on_written(write_queue());
    }
}

void Stream::close_as_slow() {
    telemetry::count(Counter::kSlowReaders);
    telemetry::count(Errc::kSlowReader);
    close(Errc::kSlowReader);
}

OutputQueue::Written Stream::write_queue() {
    const auto before = queue_.bytes();
    const auto outcome = queue_.write_to(socket_.native_handle(), edge_.sent_);
    if (queue_.bytes() != before) {
        edge_.queued_bytes_ -= static_cast<std::int64_t>(before - queue_.bytes());
        last_write_ = edge_.shard().now();
    }
    return outcome;
}

void Stream::on_written(OutputQueue::Written outcome) {
    switch (outcome) {
        case OutputQueue::Written::kPeerGone:
            shut();
            return;
        case OutputQueue::Written::kKernelFull:
            wait_writable();
            wake_by(edge_.shard().now() + edge_.settings().stall_time);
            break;
        case OutputQueue::Written::kAll:
            if (state_ == State::kClosing && !std::exchange(farewell_sent_, true)) {
                // The peer reads all we sent, then sees the end; a close now could reset it away.
                ::shutdown(socket_.native_handle(), SHUT_WR);
            }
            break;
    }
    if (wakes_reader_ && reader_ && state_ == State::kOpen) {
        wakes_reader_ = false;
        reader_->on_drained();
    }
}

void Stream::wait_writable() {
    waits_writable_ = true;
    auto on_ready = [self = Ref{this}](boost::system::error_code error) {
        self->waits_writable_ = false;
        if (!error) {
            self->flush();
        }
    };
    socket_.async_wait(Socket::wait_write, std::move(on_ready));
}

void Stream::wait_readable() {
    if (state_ == State::kShut) {
        return;
    }
    auto on_ready = [self = Ref{this}](boost::system::error_code error) {
        if (!error) {
            self->on_readable();
        }
    };
    socket_.async_wait(Socket::wait_read, std::move(on_ready));
}

void Stream::on_readable() {
    const auto scratch = edge_.shard().scratch();
    const auto received =
        ::recv(socket_.native_handle(), scratch.data(), scratch.size(), MSG_DONTWAIT);
    if (received == 0 || (received < 0 && errno != EAGAIN && errno != EINTR)) {
        shut();
        return;
    }
    if (received > 0) {
        telemetry::count(Counter::kBytesReceived, static_cast<std::uint64_t>(received));
        on_bytes(scratch.first(static_cast<std::size_t>(received)));
    }
    wait_readable();
}

void Stream::wake_by(SteadyTime when) {
    if (!timer_.armed() || timer_.deadline() > when) {
        timer_.arm(when);
    }
}

void Stream::on_timer() {
    const Ref self{this};
    const auto now = edge_.shard().now();
    if (state_ == State::kClosing) {
        shut();
        return;
    }
    const auto stalls_at = last_write_ + edge_.settings().stall_time;
    if (waits_writable_ && now >= stalls_at) {
        close_as_slow();
        return;
    }
    const auto next = on_tick(now);
    if (state_ == State::kOpen) {
        wake_by(waits_writable_ ? std::min(next, stalls_at) : next);
    }
}

void Stream::finish(Errc reason, std::string_view text) {
    if (state_ != State::kOpen) {
        return;
    }
    state_ = State::kClosing;
    reader_.reset();
    if (reason == Errc::kSlowReader) {
        edge_.queued_bytes_ -= static_cast<std::int64_t>(queue_.bytes());
        queue_.drop_unsent();
        edge_.queued_bytes_ += static_cast<std::int64_t>(queue_.bytes());
    }
    if (auto frame = farewell(reason, text)) {
        push(std::move(frame));
    }
    edge_.touch(*this);
    timer_.arm(edge_.shard().now() + limits::kWsCloseTime);
    end_handler();
}

void Stream::end_handler() {
    if (handler_ && !std::exchange(handler_ended_, true)) {
        handler_->on_close(*this);
    }
}

void Stream::farewell_answered() {
    if (queue_.empty()) {
        shut();  // Otherwise with the last byte of the queue, or when the close time is over.
    }
}

void Stream::drain() {
    if (state_ != State::kOpen) {
        return;
    }
    const auto spread = static_cast<std::uint64_t>(edge_.settings().drain_spread.count());
    const std::chrono::milliseconds wait{250 + edge_.random().below(spread + 1)};
    if (auto frame = come_back_after(wait)) {
        push(std::move(frame));
    }
    close(Errc::kDraining);
}

void Stream::shut() {
    if (state_ == State::kShut || state_ == State::kNew) {
        return;
    }
    const Ref self{this};
    state_ = State::kShut;
    reader_.reset();
    timer_.disarm();
    edge_.queued_bytes_ -= static_cast<std::int64_t>(queue_.bytes());
    end_handler();
    boost::system::error_code ignored;
    socket_.close(ignored);  // The peer may be gone already; there is nothing more to do about it.
    edge_.release(*this);
    intrusive_ptr_release(this);
}

}  // namespace howl::transport
