// SPDX-License-Identifier: Apache-2.0
#include "hub/log_window.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

namespace howl::hub {

std::size_t LogWindow::cost_of(const Event& event) {
    return sizeof(Event) + event.topic.text().size() + event.type.size() +
           event.content_type.size() + event.data.size();
}

void LogWindow::restore(const TopicState& state) {
    Topic& topic = topics_[state.topic];
    topic.floor = state.last_sequence;
    topic.evicted_through = state.evicted_through;
    topic.last_sequence = state.last_sequence;
    topic.last_offset = state.last_offset;
    head_ = std::max(head_, state.last_sequence);
}

void LogWindow::append(EventRef event, const Retention& retention) {
    Topic& topic = topics_[event->topic];
    if (topic.events.empty()) {
        // Everything older is in the log at best. At start-up the newest events come after
        // `restore` put the floor above them.
        topic.floor = std::min(topic.floor, Sequence{event->sequence.value() - 1});
        if (topic.last_sequence < event->sequence) {
            topic.floor = std::max(topic.floor, topic.last_sequence);
        }
    }
    topic.retention = retention;
    topic.last_sequence = std::max(topic.last_sequence, event->sequence);
    topic.last_offset = std::max(topic.last_offset, event->offset);
    head_ = std::max(head_, event->sequence);
    bytes_ += cost_of(*event);
    ++live_;
    by_age_.push_back(event);
    topic.events.push_back(std::move(event));
    while (topic.events.size() > retention.count_max) {
        topic.evicted_through = topic.events.front()->sequence;
        pop_front(topic);
    }
    evict_over_bytes();
}

void LogWindow::purge(const TopicName& name, Sequence through) {
    const auto found = topics_.find(name);
    if (found == topics_.end()) {
        return;
    }
    Topic& topic = found->second;
    while (!topic.events.empty() && topic.events.front()->sequence <= through) {
        pop_front(topic);
    }
    topic.floor = std::max(topic.floor, through);
    topic.evicted_through = std::max(topic.evicted_through, through);
}

void LogWindow::pop_front(Topic& topic) {
    bytes_ -= cost_of(*topic.events.front());
    --live_;
    topic.floor = topic.events.front()->sequence;
    topic.events.pop_front();
}

void LogWindow::evict_expired(Topic& topic, WallTime now) {
    while (!topic.events.empty() && topic.events.front()->time + topic.retention.age_max < now) {
        topic.evicted_through = topic.events.front()->sequence;
        pop_front(topic);
    }
}

bool LogWindow::is_live(const Event& event) const {
    // Events leave a topic from the front only, so its floor tells.
    return topics_.find(event.topic)->second.floor < event.sequence;
}

void LogWindow::evict_over_bytes() {
    while (bytes_ > bytes_max_) {
        if (is_live(*by_age_.front())) {
            pop_front(topics_.find(by_age_.front()->topic)->second);
        }
        by_age_.pop_front();
    }
    // What retention took from the topics is still listed by age; drop it before it is the greater
    // part, so that a quiet topic's old event can't keep a busy topic's dead ones in memory.
    constexpr std::size_t kSlack = 1024;
    if (by_age_.size() > 2 * live_ + kSlack) {
        std::erase_if(by_age_, [this](const EventRef& event) { return !is_live(*event); });
    }
}

std::optional<LogSlice> LogWindow::read(std::span<const TopicName> names, Sequence after,
                                        const ReplayLimits& limits, WallTime now) {
    LogSlice slice;
    for (const auto& name : names) {
        const auto found = topics_.find(name);
        if (found == topics_.end() || found->second.last_sequence <= after) {
            continue;
        }
        Topic& topic = found->second;
        evict_expired(topic, now);
        if (after < topic.evicted_through) {
            slice.gaps.push_back(name);
        }
        if (after < topic.floor && topic.evicted_through < topic.floor) {
            return std::nullopt;
        }
        const auto first = std::ranges::upper_bound(topic.events, after, {}, &Event::sequence);
        const auto wanted = std::min<std::ptrdiff_t>(topic.events.end() - first,
                                                     std::ptrdiff_t(limits.events_max) + 1);
        slice.events.insert(slice.events.end(), first, first + wanted);
    }
    std::ranges::sort(slice.events, {}, &Event::sequence);
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < slice.events.size(); ++i) {
        bytes += slice.events[i]->data.size();
        if (i == limits.events_max || (i > 0 && bytes > limits.bytes_max)) {
            slice.events.resize(i);
            slice.complete = false;
        }
    }
    return slice;
}

std::optional<HistoryPage> LogWindow::history(const TopicName& name, Offset after,
                                              std::size_t limit, WallTime now) {
    HistoryPage page;
    const auto found = topics_.find(name);
    if (found == topics_.end()) {
        page.first_retained = Offset{1};
        return page;
    }
    Topic& topic = found->second;
    evict_expired(topic, now);
    page.last_offset = topic.last_offset;
    const bool all_in_memory = topic.evicted_through >= topic.floor;
    if (topic.events.empty() && all_in_memory) {
        page.first_retained = topic.last_offset.next();
        return page;
    }
    if (!all_in_memory) {
        return std::nullopt;
    }
    page.first_retained = topic.events.front()->offset;
    const auto first = std::ranges::upper_bound(topic.events, after, {}, &Event::offset);
    const auto wanted = std::min<std::ptrdiff_t>(topic.events.end() - first, std::ptrdiff_t(limit));
    page.events.assign(first, first + wanted);
    return page;
}

std::optional<Sequence> LogWindow::sequence_before(const TopicName& name, Offset after) const {
    const auto found = topics_.find(name);
    if (found == topics_.end()) {
        return head_;
    }
    const Topic& topic = found->second;
    if (after == topic.last_offset) {
        return head_;
    }
    const auto next = std::ranges::lower_bound(topic.events, after.next(), {}, &Event::offset);
    if (after < topic.last_offset && next != topic.events.end() &&
        (*next)->offset == after.next()) {
        return Sequence{(*next)->sequence.value() - 1};
    }
    // Behind all that is kept, or ahead of all that was ever published: the reader's place is lost.
    if (after > topic.last_offset || topic.evicted_through >= topic.floor) {
        return Sequence{0};
    }
    return std::nullopt;
}

}  // namespace howl::hub
