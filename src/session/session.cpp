// SPDX-License-Identifier: Apache-2.0
#include "session/session.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <variant>

#include "base/limits.hpp"
#include "telemetry/metrics.hpp"

namespace howl::session {

using telemetry::Counter;

namespace {

/// Nobody is to come back before a new process can be there.
constexpr std::chrono::milliseconds kRetryLeast{250};

}  // namespace

void Handler::on_message(Session& session, MessageKind kind, std::string_view message) {
    static_cast<void>(kind);
    static_cast<void>(message);
    session.close(Errc::kUnsupportedData);
}

Session::Session(SessionGroup& group, const access::Principal& principal,
                 std::unique_ptr<Handler> handler)
    : group_(group),
      principal_(principal),
      handler_(std::move(handler)),
      last_write_(group.shard().now()),
      timer_(group.shard().timers(), *this) {}

Session::~Session() = default;

Session::Ref Session::open(SessionGroup& group, const access::Principal& principal,
                           ChannelRef channel, std::unique_ptr<Handler> handler,
                           hub::FrameRef head) {
    group.here_.check();
    const Ref session{new Session{group, principal, std::move(handler)}};
    intrusive_ptr_add_ref(session.get());  // The group's reference, given back by `abort`.
    group.open_.push_back(*session);
    ++group.open_count_;
    session->attach(std::move(channel));
    session->push(std::move(head));
    if (session->handler_) {
        session->handler_->on_open(*session);
    }
    return session;
}

// --- Subscriptions -------------------------------------------------------------------------------

Result<void> Session::subscribe(Subscription wanted) {
    if (state_ != State::kOpen) {
        return {};  // It ended while it was opened.
    }
    HOWL_TRY_VOID(check(wanted));
    for (const auto& topic : wanted.topics) {
        unsubscribe(topic);
    }
    for (const auto& pattern : wanted.patterns) {
        unsubscribe(pattern);
    }
    const auto& encoder = channel_->framed(*wanted.encoder);
    readers_.push_back(std::make_unique<hub::Reader>(group_.hub(), *this, encoder,
                                                     std::move(wanted.topics), wanted.start,
                                                     std::move(wanted.patterns)));
    return {};
}

Result<void> Session::check(const Subscription& wanted) const {
    const std::span<const hub::TopicName> topics{wanted.topics};
    const std::span<const hub::TopicPattern> patterns{wanted.patterns};
    auto& hub = group_.hub();
    HOWL_TRY_VOID(hub.gate().check_read(principal_, topics));
    HOWL_TRY_VOID(hub.gate().check_read(principal_, patterns));
    const auto read_already = [this](const auto& what) {
        return std::ranges::any_of(readers_,
                                   [&](const auto& reader) { return reader->reads(what); });
    };
    const auto new_ones_of = [&](const auto& what) {
        return what.size() - static_cast<std::size_t>(std::ranges::count_if(what, read_already));
    };
    auto topic_count = new_ones_of(topics);
    auto pattern_count = new_ones_of(patterns);
    for (const auto& reader : readers_) {
        topic_count += reader->topics().size();
        pattern_count += reader->patterns().size();
    }
    if (topic_count > limits::kTopicsPerSessionMax) {
        return fail(Errc::kTooManySubscriptions, "subscribe");
    }
    if (pattern_count > limits::kPatternsPerSessionMax) {
        return fail(Errc::kTooManyPatterns, "subscribe");
    }
    return patterns.empty() ? Result<void>{}
                            : hub.check_patterns(patterns, std::get_if<hub::Cursor>(&wanted.start));
}

void Session::subscribe_or_close(Subscription wanted) {
    if (const auto done = subscribe(std::move(wanted)); !done) {
        close(done.error().code);
    }
}

template <class What>
void Session::remove(const What& what) {
    const auto stops = [&](const std::unique_ptr<hub::Reader>& reader) {
        return reader->remove(what) == hub::Reader::Left::kNone;
    };
    readers_.erase(std::remove_if(readers_.begin(), readers_.end(), stops), readers_.end());
}

void Session::unsubscribe(const hub::TopicName& topic) {
    remove(topic);
}

void Session::unsubscribe(const hub::TopicPattern& pattern) {
    remove(pattern);
}

bool Session::reads(const hub::TopicName& topic) const {
    return std::ranges::any_of(readers_, [&](const auto& reader) { return reader->reads(topic); });
}

void Session::on_caught_up() {
    if (channel_) {
        channel_->on_caught_up();
    }
}

void Session::wake_readers() {
    if (!std::exchange(wakes_readers_, false)) {
        return;
    }
    // A reader that goes on may end the session, and all readers with it.
    for (std::size_t i = 0; i < readers_.size() && state_ == State::kOpen; ++i) {
        readers_[i]->on_drained();
    }
}

// --- Output --------------------------------------------------------------------------------------

void Session::send(std::string_view payload, MessageKind kind) {
    if (channel_) {
        deliver(channel_->message_frame(kind, payload));
    }
}

void Session::deliver(const hub::FrameRef& frame) {
    if (state_ != State::kOpen || over_limits_) {
        return;
    }
    if (!fits(*frame) && !waits_writable_ && is_connected_) {
        // The limits are for what the connection refuses, not for a burst within one turn.
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

bool Session::fits(const hub::Frame& frame) const {
    const auto& settings = group_.settings();
    // Who is behind while memory is full makes room first; who keeps up has nothing queued.
    constexpr std::size_t kFullShare = 8;
    const bool gives_way = waits_writable_ && !hub::OutputMemory::has_room();
    const auto bytes_max = settings.queue_bytes_max / (gives_way ? kFullShare : 1);
    return queue_.bytes() + frame.bytes().size() <= bytes_max &&
           queue_.frames() < settings.queue_frames_max;
}

std::size_t Session::queued_bytes() const {
    const auto& settings = group_.settings();
    const auto frames_max = std::max<std::size_t>(settings.queue_frames_max, 1);
    const auto share = settings.queue_bytes_max / frames_max;
    return std::max(queue_.bytes(), queue_.frames() * share);
}

void Session::push(hub::FrameRef frame) {
    if (state_ == State::kEnded) {
        return;
    }
    group_.queued_bytes_ += static_cast<std::int64_t>(frame->bytes().size());
    queue_.push(std::move(frame));
    touch();
}

void Session::touch() {
    if (!waits_writable_ || over_limits_) {
        flush_with_turn();
    }
}

void Session::flush_with_turn() {
    if (!static_cast<SessionHook<TouchedTag>&>(*this).is_linked()) {
        group_.touched_.push_back(*this);
    }
}

void Session::flush() {
    if (state_ == State::kEnded) {
        return;
    }
    if (over_limits_ && state_ == State::kOpen) {
        const Ref self{this};
        close_as_slow();
        if (state_ == State::kEnded) {
            return;  // At once, where there is no connection.
        }
    }
    if (!waits_writable_ && is_connected_) {
        on_written(write_queue());
    }
}

WriteResult::State Session::write_queue() {
    const auto before = queue_.bytes();
    auto state = WriteResult::State::kTaken;
    while (state == WriteResult::State::kTaken && !queue_.empty()) {
        const auto result = write_once();
        ++group_.writes_;
        group_.bytes_written_ += result.bytes;
        queue_.consume(result.bytes);
        state = result.state;
    }
    if (queue_.bytes() != before) {
        group_.queued_bytes_ -= static_cast<std::int64_t>(before - queue_.bytes());
        last_write_ = group_.shard().now();
    }
    return state;
}

WriteResult Session::write_once() {
    if (queue_.frames() == 1) {
        const auto front = queue_.front();
        return channel_->write({&front, 1});
    }
    constexpr std::size_t kGather = 64;
    std::array<std::string_view, kGather> parts;
    return channel_->write(queue_.gather(parts));
}

void Session::on_written(WriteResult::State state) {
    switch (state) {
        case WriteResult::State::kGone:
            on_peer_gone(*channel_);
            return;
        case WriteResult::State::kFull:
            waits_writable_ = true;
            channel_->wait_writable();
            wake_by(group_.shard().now() + group_.settings().stall_time);
            break;
        case WriteResult::State::kTaken:
            on_all_written();
            break;
    }
    if (state_ == State::kOpen) {
        wake_readers();
    }
}

void Session::on_all_written() {
    if (state_ == State::kClosing && !std::exchange(output_ended_, true)) {
        // The client reads all we sent, then sees the end; a close now could reset it away.
        channel_->end_output();
    }
}

void Session::on_writable() {
    const Ref self{this};
    waits_writable_ = false;
    flush();
}

// --- Time ----------------------------------------------------------------------------------------

void Session::wake_by(SteadyTime when) {
    if (state_ != State::kOpen) {
        return;  // The time of the end is its own.
    }
    if (!timer_.armed() || timer_.deadline() > when) {
        timer_.arm(when);
    }
}

void Session::on_timer() {
    const Ref self{this};
    const auto now = group_.shard().now();
    if (state_ == State::kClosing) {
        on_closing_time(now);
        return;
    }
    if (now >= ends_by_) {
        close(is_connected_ ? Errc::kDraining : Errc::kPeerClosed);
        return;
    }
    if (!is_connected_) {
        wake_by(ends_by_);
        return;
    }
    const auto stalls_at = last_write_ + group_.settings().stall_time;
    if (waits_writable_ && now >= stalls_at) {
        close_as_slow();
        return;
    }
    const ChannelRef channel = channel_;  // Its tick may end the session.
    const auto next = channel->on_tick(now);
    if (state_ == State::kOpen) {
        wake_by(std::min(waits_writable_ ? std::min(next, stalls_at) : next, ends_by_));
    }
}

void Session::close_as_slow() {
    closed_as_slow_ = true;
    telemetry::count(Counter::kSlowReaders);
    telemetry::count(Errc::kSlowReader);
    close(Errc::kSlowReader);
}

void Session::drain() {
    if (state_ != State::kOpen) {
        return;
    }
    const auto spread = static_cast<std::uint64_t>(group_.settings().drain_spread.count());
    const std::chrono::milliseconds wait{group_.random().below(spread + 1)};
    auto frame = is_connected_ ? channel_->retry_hint(kRetryLeast + wait) : hub::FrameRef{};
    if (frame == nullptr && is_connected_ && wait.count() > 0) {
        ends_by_ = group_.shard().now() + wait;
        wake_by(ends_by_);
        return;
    }
    if (frame != nullptr) {
        push(std::move(frame));
    }
    close(Errc::kDraining);
}

// --- The connection ------------------------------------------------------------------------------

void Session::attach(ChannelRef channel) {
    if (state_ != State::kOpen) {
        channel->close();
        return;
    }
    if (const auto last = std::exchange(channel_, std::move(channel))) {
        last->close();
    }
    channel_->session_ = this;
    waits_writable_ = false;
    if (!std::exchange(is_connected_, true)) {
        ends_by_ = SteadyTime::max();
    }
    last_write_ = group_.shard().now();
    group_.queued_bytes_ += static_cast<std::int64_t>(queue_.rewind());
    wake_by(channel_->on_tick(last_write_));
    touch();
}

void Session::detach() {
    is_connected_ = false;
    channel_->close();
    waits_writable_ = false;
    ends_by_ = group_.shard().now() + detached_time_;
    timer_.arm(ends_by_);
}

void Session::on_peer_gone(const Channel& channel) {
    if (channel_.get() != &channel || !is_connected_) {
        return;  // The session goes on without it, or over another one.
    }
    const bool leaves_at_drain = ends_by_ != SteadyTime::max();
    if (state_ == State::kOpen && detached_time_.count() > 0 && !leaves_at_drain) {
        detach();
    } else {
        abort();
    }
}

void Session::on_message(MessageKind kind, std::string_view message) {
    if (handler_ && !handler_ended_) {
        handler_->on_message(*this, kind, message);
    } else if (state_ == State::kOpen) {
        close(Errc::kUnsupportedData);
    }
}

// --- The end -------------------------------------------------------------------------------------

void Session::close_with(std::uint16_t code, std::string_view reason) {
    finish({Errc::kPeerClosed, reason, code});
}

void Session::finish(const Closing& closing) {
    if (state_ != State::kOpen) {
        return;
    }
    if (!is_connected_) {
        abort();
        return;
    }
    state_ = State::kClosing;
    readers_.clear();
    if (closing.reason == Errc::kSlowReader) {
        drop_unsent();
    }
    if (auto frame = channel_->close_frame(closing)) {
        push(std::move(frame));
    }
    flush_with_turn();
    const auto now = group_.shard().now();
    ends_by_ = now + limits::kSlowCloseTime;
    unacknowledged_seen_ = unacknowledged_bytes();
    // One that has just moved may be slow to move again, and is not to be cut before.
    timer_.arm(std::max(now + limits::kWsCloseTime,
                        closed_as_slow_ ? last_write_ + group_.settings().stall_time : now));
    end_handler();
}

void Session::drop_unsent() {
    const auto before = queue_.bytes();
    queue_.drop_unsent();
    group_.queued_bytes_ -= static_cast<std::int64_t>(before - queue_.bytes());
}

void Session::on_closing_time(SteadyTime now) {
    // A close now would take back what the client has not read, our reason with it.
    const auto left = unacknowledged_bytes();
    if (left == 0 || left >= unacknowledged_seen_ || now >= ends_by_) {
        abort();
        return;
    }
    unacknowledged_seen_ = left;
    timer_.arm(std::min(now + group_.settings().stall_time, ends_by_));
}

std::size_t Session::unacknowledged_bytes() const {
    return queue_.bytes() + (is_connected_ ? channel_->unacknowledged_bytes() : 0);
}

void Session::on_close_answered() {
    if (queue_.empty()) {
        abort();  // Otherwise with the last byte of the queue, or when the close time is over.
    }
}

void Session::end_handler() {
    if (handler_ && !std::exchange(handler_ended_, true)) {
        handler_->on_close(*this);
    }
}

void Session::count_end_of_slow_reader() const {
    const bool told = output_ended_ && unacknowledged_bytes() == 0;
    telemetry::count(told ? Counter::kSlowReadersTold : Counter::kSlowReadersCut);
}

void Session::abort() {
    if (state_ == State::kEnded) {
        return;
    }
    group_.here_.check();
    const Ref groups_reference{this, false};  // Given back when this returns.
    if (closed_as_slow_) {
        count_end_of_slow_reader();
    }
    state_ = State::kEnded;
    readers_.clear();
    timer_.disarm();
    group_.queued_bytes_ -= static_cast<std::int64_t>(queue_.bytes());
    end_handler();
    if (const auto channel = std::exchange(channel_, nullptr)) {
        is_connected_ = false;
        channel->close();
    }
    static_cast<SessionHook<OpenTag>&>(*this).unlink();
    static_cast<SessionHook<TouchedTag>&>(*this).unlink();
    --group_.open_count_;
}

}  // namespace howl::session
