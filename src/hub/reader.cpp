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
      pending_id_(hub.add_pending(*this)),
      topics_(std::move(topics)) {
    telemetry::adjust(Gauge::kSubscriptions, static_cast<std::int64_t>(topics_.size()));
    for (const auto& topic : topics_) {
        hub_.enter(topic);
    }
    begin(start);
}

Reader::~Reader() {
    hub_.drop_pending(pending_id_);
    links_.clear();
    for (const auto& topic : topics_) {
        hub_.leave(topic);
    }
    telemetry::adjust(Gauge::kSubscriptions, -static_cast<std::int64_t>(topics_.size()));
}

bool Reader::reads(const TopicName& topic) const {
    return std::ranges::find(topics_, topic) != topics_.end();
}

Reader::Left Reader::remove(const TopicName& topic) {
    here_.check();
    const auto found = std::ranges::find(topics_, topic);
    if (found == topics_.end()) {
        return Left::kSome;
    }
    if (!links_.empty()) {
        auto& link = links_[static_cast<std::size_t>(found - topics_.begin())];
        link.swap_nodes(links_.back());
        links_.pop_back();
    }
    hub_.leave(topic);
    telemetry::adjust(Gauge::kSubscriptions, -1);
    std::swap(*found, topics_.back());
    topics_.pop_back();
    has_removed_topics_ = true;
    return topics_.empty() ? Left::kNone : Left::kSome;
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
        hub_.sequencer_.locate(hub_.shard_id(), topics_.front(), *position,
                               if_alive(&Reader::on_located));
        return;
    }
    const auto* cursor = std::get_if<Cursor>(&start);
    cursor_ = std::make_unique<Cursor>(cursor != nullptr ? *cursor : hub_.sequencer_.head());
    continue_replay();
}

void Reader::on_located(Result<Cursor> cursor) {
    here_.check();
    if (!cursor) {
        sink_.close(cursor.error().code);
        return;
    }
    cursor_ = std::make_unique<Cursor>(std::move(*cursor));
    continue_replay();
}

void Reader::continue_replay() {
    here_.check();
    using Next = Sequencer::ReplayStep::Next;
    while (has_room()) {
        const auto step = hub_.sequencer_.replay(hub_.shard_id(), topics_, *cursor_,
                                                 if_alive(&Reader::on_joined));
        if (step.next == Next::kAskLog) {
            *cursor_ = step.cursor;
            hub_.sequencer_.read_log(hub_.shard_id(), topics_, step.cursor, step.lane,
                                     if_alive(&Reader::on_log_read));
            return;
        }
        take(step);
        if (step.next == Next::kJoined) {
            return;
        }
    }
    paused_ = true;
    sink_.wake_when_drained();
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
    here_.check();
    tell_gaps(step);
    for (const auto& event : step.events) {
        if (!has_room()) {
            return;  // The rest is read again when the session has drained.
        }
        cursor_->sequences[step.lane] = event->sequence;
        if (!has_removed_topics_ || reads(event->topic)) {
            deliver(*event);
        }
    }
    *cursor_ = step.cursor;
}

void Reader::deliver(const Event& event) {
    here_.check();
    replay_frame(encoder_.encode(event, *cursor_));
    telemetry::count(Counter::kEventsReplayed);
    ++events_replayed_;
    // What is missing after this event was not missing when the reset was told.
    std::erase_if(gaps_told_, [&](const ToldGap& told) { return told.topic == event.topic; });
}

bool Reader::has_room() {
    const auto queued_bytes = sink_.queued_bytes();
    if (queued_bytes == 0) {
        frames_queued_ = 0;
    }
    const auto share = OutputMemory::is_scarce() ? kScarceQueueBytesMax : kReplayQueueBytesMax;
    return queued_bytes <= share && frames_queued_ < kReplayQueueFramesMax;
}

void Reader::replay_frame(std::string bytes) {
    if (!bytes.empty()) {
        sink_.deliver(make_frame(std::move(bytes)));
        ++frames_queued_;
    }
}

void Reader::tell_gaps(const Sequencer::ReplayStep& step) {
    for (const auto& [topic, through] : step.gaps) {
        if (has_removed_topics_ && !reads(topic)) {
            continue;
        }
        const auto told = std::ranges::find(gaps_told_, topic, &ToldGap::topic);
        if (told != gaps_told_.end() && through <= told->through) {
            continue;
        }
        if (told != gaps_told_.end()) {
            told->through = step.head;
        } else {
            gaps_told_.push_back({topic, step.head});
        }
        telemetry::count(Counter::kResets);
        Cursor cursor = *cursor_;
        // A step that voids the cursor starts again at 0.
        cursor.epochs[step.lane] = step.cursor.epochs[step.lane];
        cursor.sequences[step.lane] =
            std::min(cursor.sequences[step.lane], step.cursor.sequences[step.lane]);
        replay_frame(encoder_.encode_reset(topic, cursor));
    }
}

void Reader::on_joined() {
    here_.check();
    links_ = std::vector<SubscriberLink>(topics_.size());
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        links_[i].sink = &sink_;
        hub_.link(topics_[i], encoder_, links_[i]);
    }
    replay_frame(encoder_.encode_joined(*cursor_));
    sink_.on_caught_up();
    if (events_replayed_ > 0) {
        telemetry::observe(telemetry::Histogram::kReplaySize, std::uint64_t{events_replayed_});
    }
    hub_.drop_pending(pending_id_);
    cursor_.reset();
    gaps_told_ = {};
}

void Reader::on_drained() {
    here_.check();
    if (std::exchange(paused_, false)) {
        continue_replay();
    }
}

}  // namespace howl::hub
