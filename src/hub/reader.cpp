// SPDX-License-Identifier: Apache-2.0
#include "hub/reader.hpp"

#include <algorithm>
#include <utility>

namespace howl::hub {

using telemetry::Counter;
using telemetry::Gauge;

Reader::Reader(Hub& hub, SessionSink& sink, const EventEncoder& encoder,
               std::vector<TopicName> topics, const StartPoint& start)
    : hub_(hub),
      sink_(sink),
      encoder_(encoder),
      topics_(std::move(topics)),
      pending_id_(hub.add_pending(*this)) {
    telemetry::adjust(Gauge::kSubscriptions, static_cast<std::int64_t>(topics_.size()));
    for (const auto& topic : topics_) {
        hub_.enter(topic);
    }
    begin(start);
}

Reader::~Reader() {
    hub_.drop_pending(pending_id_);
    subscriptions_.clear();
    for (const auto& topic : topics_) {
        hub_.leave(topic);
    }
    telemetry::adjust(Gauge::kSubscriptions, -static_cast<std::int64_t>(topics_.size()));
}

template <class... Arguments>
auto Reader::if_alive(void (Reader::*then)(Arguments...)) {
    return [&hub = hub_, id = pending_id_, then](Arguments... arguments) {
        if (Reader* reader = hub.pending(id)) {
            (reader->*then)(std::move(arguments)...);
        }
    };
}

void Reader::begin(const StartPoint& start) {
    if (const auto* position = std::get_if<Position>(&start)) {
        hub_.sequencer().locate(hub_.shard_id(), topics_.front(), *position,
                                if_alive(&Reader::on_located));
        return;
    }
    const auto* cursor = std::get_if<Cursor>(&start);
    cursor_ = std::make_unique<Cursor>(cursor != nullptr ? *cursor : hub_.sequencer().head());
    continue_replay();
}

void Reader::on_located(Result<Cursor> cursor) {
    if (!cursor) {
        sink_.close(cursor.error().code);
        return;
    }
    cursor_ = std::make_unique<Cursor>(std::move(*cursor));
    continue_replay();
}

void Reader::continue_replay() {
    using Next = Sequencer::ReplayStep::Next;
    while (sink_.queued_bytes() <= kReplayQueueBytesMax) {
        const auto step = hub_.sequencer().replay(hub_.shard_id(), topics_, *cursor_,
                                                  if_alive(&Reader::on_joined));
        if (step.next == Next::kAskLog) {
            *cursor_ = step.cursor;
            hub_.sequencer().read_log(hub_.shard_id(), topics_, step.cursor, step.lane,
                                      if_alive(&Reader::on_log_read));
            return;
        }
        take(step);
        if (step.next == Next::kJoined) {
            return;
        }
    }
    paused_ = true;
}

void Reader::on_log_read(Result<Sequencer::ReplayStep> step) {
    if (!step) {
        sink_.close(step.error().code);
        return;
    }
    take(*step);
    continue_replay();
}

void Reader::take(const Sequencer::ReplayStep& step) {
    tell_gaps(step);
    Cursor cursor = *cursor_;
    cursor.epochs[step.lane] = step.cursor.epochs[step.lane];
    for (const auto& event : step.events) {
        cursor.sequences[step.lane] = event->sequence;
        sink_.deliver(make_frame(encoder_.encode(*event, cursor)));
    }
    telemetry::count(Counter::kEventsReplayed, step.events.size());
    *cursor_ = step.cursor;
}

void Reader::tell_gaps(const Sequencer::ReplayStep& step) {
    for (const auto& topic : step.gaps) {
        if (std::ranges::find(gaps_told_, topic) != gaps_told_.end()) {
            continue;
        }
        gaps_told_.push_back(topic);
        telemetry::count(Counter::kResets);
        Cursor cursor = *cursor_;
        if (cursor.epochs[step.lane] != step.cursor.epochs[step.lane]) {
            cursor.epochs[step.lane] = step.cursor.epochs[step.lane];
            cursor.sequences[step.lane] = Sequence{0};
        }
        if (auto bytes = encoder_.encode_reset(topic, cursor); !bytes.empty()) {
            sink_.deliver(make_frame(std::move(bytes)));
        }
    }
}

void Reader::on_joined() {
    subscriptions_ = std::vector<Subscription>(topics_.size());
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        subscriptions_[i].sink = &sink_;
        hub_.link(topics_[i], encoder_, subscriptions_[i]);
    }
    if (auto bytes = encoder_.encode_joined(*cursor_); !bytes.empty()) {
        sink_.deliver(make_frame(std::move(bytes)));
    }
    hub_.drop_pending(pending_id_);
    cursor_.reset();
    gaps_told_ = {};
}

void Reader::on_drained() {
    if (std::exchange(paused_, false)) {
        continue_replay();
    }
}

}  // namespace howl::hub
