// SPDX-License-Identifier: Apache-2.0
#include "hub/log_window.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "hub/topic_ledger.hpp"

namespace howl::hub {

void cut(LogSlice& slice, const ReplayLimits& limits) {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < slice.events.size(); ++i) {
        bytes += slice.events[i]->data.size();
        if (i == limits.events_max || (i > 0 && bytes > limits.bytes_max)) {
            slice.events.resize(i);
            slice.complete = false;
        }
    }
}

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

void LogWindow::append(EventRef event, const Retention& retention, WallTime since) {
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
    by_age_.push_back({&topic, event->sequence});
    topic.events.push_back({std::move(event), since});
    while (topic.events.size() > retention.count_max) {
        topic.evicted_through = topic.events.front().sequence();
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
    while (!topic.events.empty() && topic.events.front().sequence() <= through) {
        pop_front(topic);
    }
    topic.floor = std::max(topic.floor, through);
    topic.evicted_through = std::max(topic.evicted_through, through);
}

void LogWindow::pop_front(Topic& topic) {
    bytes_ -= cost_of(*topic.events.front().event);
    --live_;
    topic.floor = topic.events.front().sequence();
    topic.events.pop_front();
}

void LogWindow::evict_expired(Topic& topic, WallTime now) {
    const WallTime cutoff = expiry_cutoff(now, topic.retention.age_max);
    while (!topic.events.empty() && topic.events.front().since <= cutoff) {
        topic.evicted_through = topic.events.front().sequence();
        pop_front(topic);
    }
}

void LogWindow::evict_over_bytes() {
    while (bytes_ > bytes_max_) {
        if (by_age_.front().is_live()) {
            pop_front(*by_age_.front().topic);
        }
        by_age_.pop_front();
    }
    // What retention took from the topics is still listed by age; drop it before it is the greater
    // part, so that behind a quiet topic's old event the list doesn't grow with a busy topic.
    constexpr std::size_t kSlack = 1024;
    if (by_age_.size() > 2 * live_ + kSlack) {
        std::erase_if(by_age_, [](const Place& place) { return !place.is_live(); });
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
        const auto first = std::ranges::upper_bound(topic.events, after, {}, &Kept::sequence);
        const auto newer = std::ranges::subrange(first, topic.events.end()) |
                           std::views::take(limits.events_max + 1) |
                           std::views::transform(&Kept::event);
        slice.events.insert(slice.events.end(), newer.begin(), newer.end());
    }
    std::ranges::sort(slice.events, {}, &Event::sequence);
    cut(slice, limits);
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
    page.first_retained = topic.events.front().offset();
    const auto first = std::ranges::upper_bound(topic.events, after, {}, &Kept::offset);
    const auto newer = std::ranges::subrange(first, topic.events.end()) |
                       std::views::take(std::min(limit, topic.events.size())) |
                       std::views::transform(&Kept::event);
    page.events.assign(newer.begin(), newer.end());
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
    if (after > topic.last_offset) {
        return kAhead;
    }
    const auto next = std::ranges::lower_bound(topic.events, after.next(), {}, &Kept::offset);
    if (next != topic.events.end() && next->offset() == after.next()) {
        return Sequence{next->sequence().value() - 1};
    }
    if (topic.evicted_through >= topic.floor) {
        return Sequence{0};
    }
    return std::nullopt;
}

Sequence LogWindow::gone_through(const TopicName& name) const {
    const auto found = topics_.find(name);
    return found == topics_.end() ? Sequence{0}
                                  : std::max(found->second.floor, found->second.evicted_through);
}

}  // namespace howl::hub
