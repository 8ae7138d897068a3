// SPDX-License-Identifier: Apache-2.0
#include "hub/reader.hpp"

#include <algorithm>
#include <utility>

namespace howl::hub {

using telemetry::Counter;
using telemetry::Gauge;

Reader::Reader(Hub& hub, SessionSink& sink, const EventEncoder& encoder,
               std::vector<TopicName> topics, const StartPoint& start,
               std::vector<TopicPattern> patterns)
    : hub_(hub),
      sink_(sink),
      encoder_(encoder),
      pending_id_(hub.add_pending(*this)),
      topics_(std::move(topics)) {
    telemetry::adjust(Gauge::kSubscriptions, static_cast<std::int64_t>(topics_.size()));
    for (const auto& topic : topics_) {
        hub_.enter(topic);
    }
    if (!patterns.empty()) {
        by_pattern_ = std::make_unique<ByPattern>();
        by_pattern_->patterns = std::move(patterns);
        for (const auto& pattern : by_pattern_->patterns) {
            hub_.enter(pattern);
        }
        telemetry::adjust(Gauge::kSubscriptions,
                          static_cast<std::int64_t>(by_pattern_->patterns.size()));
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
    if (by_pattern_) {
        by_pattern_->links.clear();
        for (const auto& pattern : by_pattern_->patterns) {
            hub_.leave(pattern);
        }
        telemetry::adjust(Gauge::kSubscriptions,
                          -static_cast<std::int64_t>(by_pattern_->patterns.size()));
    }
}

std::span<const TopicPattern> Reader::patterns() const noexcept {
    return by_pattern_ ? std::span<const TopicPattern>{by_pattern_->patterns}
                       : std::span<const TopicPattern>{};
}

bool Reader::reads(const TopicPattern& pattern) const {
    return std::ranges::find(patterns(), pattern) != patterns().end();
}

bool Reader::wants(const TopicName& topic) const {
    return !has_removed_topics_ || reads(topic) ||
           std::ranges::any_of(patterns(),
                               [&](const auto& pattern) { return pattern.matches(topic); });
}

Reader::Left Reader::left() const {
    return topics_.empty() && patterns().empty() ? Left::kNone : Left::kSome;
}

Reader::Left Reader::remove(const TopicPattern& pattern) {
    here_.check();
    if (!reads(pattern)) {
        return Left::kSome;
    }
    auto& [patterns, links, stretch, told] = *by_pattern_;
    const auto found = std::ranges::find(patterns, pattern);
    if (!links.empty()) {
        auto& link = links[static_cast<std::size_t>(found - patterns.begin())];
        link.swap_nodes(links.back());
        links.pop_back();
    }
    hub_.leave(pattern);
    telemetry::adjust(Gauge::kSubscriptions, -1);
    std::swap(*found, patterns.back());
    patterns.pop_back();
    stretch = {};  // What it found for this pattern is not wanted any more.
    has_removed_topics_ = true;
    return left();
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
    return left();
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
    while (has_room()) {
        if (!take_next_step()) {
            return;
        }
    }
    paused_ = true;
    sink_.wake_when_drained();
}

Sequencer::ReplayStep Reader::next_step() {
    auto joined = if_alive(&Reader::on_joined);
    return by_pattern_
               ? hub_.sequencer_.replay(hub_.shard_id(), {topics_, by_pattern_->patterns},
                                        by_pattern_->stretch, *cursor_, std::move(joined))
               : hub_.sequencer_.replay(hub_.shard_id(), topics_, *cursor_, std::move(joined));
}

bool Reader::take_next_step() {
    using Next = Sequencer::ReplayStep::Next;
    const auto step = next_step();
    switch (step.next) {
        case Next::kAskLog:
            ask_log(step);
            return false;
        case Next::kLater:
            go_on_later(&Reader::continue_replay);
            return false;
        case Next::kTooWide:
            go_on_later(&Reader::close_as_too_wide);
            return false;
        case Next::kJoined:
        case Next::kMore:
            break;
    }
    take(step);
    return step.next == Next::kMore;
}

void Reader::ask_log(const Sequencer::ReplayStep& step) {
    *cursor_ = step.cursor;
    auto on_read = if_alive(&Reader::on_log_read);
    if (by_pattern_) {
        const auto& stretch = by_pattern_->stretch;
        hub_.sequencer_.read_log(hub_.shard_id(), stretch.topics, step.cursor, step.lane,
                                 std::move(on_read), stretch.through);
    } else {
        hub_.sequencer_.read_log(hub_.shard_id(), topics_, step.cursor, step.lane,
                                 std::move(on_read));
    }
}

void Reader::go_on_later(void (Reader::*then)()) {
    hub_.shard().post(if_alive(then));
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
    tell_pattern_gaps(step);
    for (const auto& event : step.events) {
        if (!has_room()) {
            return;  // The rest is read again when the session has drained.
        }
        auto& seen = cursor_->sequences[step.lane];
        if (event->place.is_shared() && event->sequence <= seen) {
            continue;  // A copy of what was delivered.
        }
        seen = event->sequence;
        if (wants(event->topic)) {
            seen = event->group_end();
            deliver(*event);
        }
    }
    advance(step);
}

void Reader::advance(const Sequencer::ReplayStep& step) {
    const auto seen = cursor_->sequences[step.lane];
    const bool is_void =
        cursor_->epochs[step.lane] != step.cursor.epochs[step.lane] || seen > step.head;
    *cursor_ = step.cursor;
    if (!is_void) {
        // A step may end between the copies of an event that was delivered.
        auto& sequence = cursor_->sequences[step.lane];
        sequence = std::max(sequence, seen);
    }
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
        replay_frame(encoder_.encode_reset(topic, cursor_behind_gap(step)));
    }
}

void Reader::tell_pattern_gaps(const Sequencer::ReplayStep& step) {
    for (const auto& [pattern, through] : step.pattern_gaps) {
        if (reads(pattern) && through > by_pattern_->gaps_told_through[step.lane]) {
            telemetry::count(Counter::kResets);
            replay_frame(encoder_.encode_pattern_reset(pattern, cursor_behind_gap(step)));
        }
    }
    if (!step.pattern_gaps.empty() && by_pattern_) {
        by_pattern_->gaps_told_through[step.lane] = step.head;
    }
}

Cursor Reader::cursor_behind_gap(const Sequencer::ReplayStep& step) const {
    Cursor cursor = *cursor_;
    // A step that voids the cursor starts again at 0.
    cursor.epochs[step.lane] = step.cursor.epochs[step.lane];
    cursor.sequences[step.lane] =
        std::min(cursor.sequences[step.lane], step.cursor.sequences[step.lane]);
    return cursor;
}

void Reader::link_all() {
    links_ = std::vector<SubscriberLink>(topics_.size());
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        links_[i].sink = &sink_;
        links_[i].reader = this;
        hub_.link(topics_[i], encoder_, links_[i]);
    }
    if (by_pattern_ == nullptr) {
        return;
    }
    auto& [patterns, links, stretch, told] = *by_pattern_;
    links = std::vector<SubscriberLink>(patterns.size());
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        links[i].sink = &sink_;
        links[i].reader = this;
        hub_.link(patterns[i], encoder_, links[i]);
    }
    stretch = {};
}

void Reader::on_joined() {
    here_.check();
    link_all();
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
