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

namespace {

/// Once there are many times `count` events, drops all but the first `count` of the log, so that a
/// reader of many topics costs no more memory than one of a few.
void keep_first(std::vector<EventRef>& events, std::size_t count) {
    constexpr std::size_t kSlack = 64;
    if (events.size() < kSlack * count) {
        return;
    }
    const auto end = events.begin() + static_cast<std::ptrdiff_t>(count);
    std::ranges::nth_element(events, end, {}, &Event::sequence);
    events.erase(end, events.end());
}

}  // namespace

std::size_t LogWindow::cost_of(const Event& event) {
    return sizeof(Event) + event.topic.text().size() + event.type.size() +
           event.content_type.size() + event.data.size();
}

void LogWindow::restore(const TopicState& state) {
    Topic& topic = *topic_of(state.topic);
    topic.floor = state.last_sequence;
    topic.evicted_through = state.evicted_through;
    topic.last_sequence = state.last_sequence;
    topic.last_offset = state.last_offset;
    head_ = std::max(head_, state.last_sequence);
}

void LogWindow::restore(ForgottenTopics forgotten) {
    forgotten_ = std::move(forgotten);
    forgotten_through_ = forgotten_.newest();
    head_ = std::max(head_, forgotten_through_);
}

std::shared_ptr<LogWindow::Topic>& LogWindow::topic_of(const TopicName& name) {
    const auto found = topics_.try_emplace(name).first;
    auto& topic = found->second;
    if (topic == nullptr) {
        const auto mark = forgotten_.of(name);
        topic = std::make_shared<Topic>();
        topic->unlisted_at = unlisted_.size();
        unlisted_.push_back(&*found);
        topic->floor = mark.last_sequence;
        topic->evicted_through = mark.last_sequence;
        topic->last_sequence = mark.last_sequence;
        topic->last_offset = mark.last_offset;
    }
    return topic;
}

PatternWatchers::Seen& LogWindow::append(EventRef event, const Retention& retention,
                                         WallTime since) {
    const auto& shared = topic_of(event->topic);
    Topic& topic = *shared;
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
    change_bytes(static_cast<std::int64_t>(cost_of(*event)));
    ++live_;
    by_age_.push_back({shared, event->sequence});
    topic.events.push_back({std::move(event), since});
    while (topic.events.size() > retention.count_max) {
        topic.evicted_through = topic.events.front().sequence();
        pop_front(topic);
    }
    evict_over_bytes();
    return topic.seen;
}

void LogWindow::purge(const TopicName& name, Sequence through) {
    const auto found = topics_.find(name);
    if (found == topics_.end()) {
        return;
    }
    Topic& topic = *found->second;
    while (!topic.events.empty() && topic.events.front().sequence() <= through) {
        pop_front(topic);
    }
    topic.floor = std::max(topic.floor, through);
    topic.evicted_through = std::max(topic.evicted_through, through);
}

LogWindow::~LogWindow() {
    change_bytes(-static_cast<std::int64_t>(bytes_));
}

void LogWindow::change_bytes(std::int64_t by) {
    bytes_ += static_cast<std::size_t>(by);
    telemetry::adjust(telemetry::Gauge::kWindowBytes, by);
}

void LogWindow::forget(const TopicName& name) {
    const auto found = topics_.find(name);
    if (found == topics_.end()) {
        return;
    }
    Topic& topic = *found->second;
    while (!topic.events.empty()) {
        pop_front(topic);
    }
    forgotten_.add(name, {topic.last_offset, topic.last_sequence});
    forgotten_through_ = std::max(forgotten_through_, topic.last_sequence);
    topic.gauge.reset();
    take_from_index(*found);
    topics_.erase(found);
}

void LogWindow::take_from_index(const Topics::value_type& entry) {
    const auto at = entry.second->unlisted_at;
    if (at == kListed) {
        by_name_.erase(entry.first.text());
        return;
    }
    unlisted_[at] = unlisted_.back();
    unlisted_[at]->second->unlisted_at = at;
    unlisted_.pop_back();
}

bool LogWindow::index_some() {
    constexpr std::size_t kTopicsAtOnce = 256;  // Some 0.3 ms.
    for (std::size_t i = 0; i < kTopicsAtOnce && !unlisted_.empty(); ++i) {
        const auto* const entry = unlisted_.back();
        unlisted_.pop_back();
        entry->second->unlisted_at = kListed;
        by_name_.emplace(entry->first.text(), entry);
    }
    return unlisted_.empty();
}

std::vector<ListedTopic> LogWindow::list(const TopicRange& range, Lane lane,
                                         std::size_t limit) const {
    std::vector<ListedTopic> listed;
    auto next = range.after < range.prefix ? by_name_.lower_bound(range.prefix)
                                           : by_name_.upper_bound(range.after);
    while (next != by_name_.end() && listed.size() < limit) {
        const auto& [name, entry] = *next;
        if (!name.starts_with(range.prefix)) {
            break;
        }
        if (!range.except.empty() && name.starts_with(range.except)) {
            // No byte of UTF-8 is as great as this one.
            next = by_name_.lower_bound(std::string{range.except} + '\xFF');
            continue;
        }
        listed.push_back({entry->first, lane, entry->second->last_offset});
        ++next;
    }
    return listed;
}

bool LogWindow::find_matching(const TopicPattern& pattern, Sequence after,
                              std::vector<TopicName>& found, std::size_t& scanned) const {
    for (auto next = by_name_.lower_bound(pattern.head());
         next != by_name_.end() && next->first.starts_with(pattern.head());) {
        if (next->first.starts_with(kReservedPrefix) && !pattern.matches_reserved()) {
            next = by_name_.lower_bound(std::string{kReservedPrefix} + '\xFF');
            continue;
        }
        if (++scanned > limits::kPatternNamesScannedMax) {
            return false;
        }
        const auto& [name, topic] = *next->second;
        if (topic->last_sequence > after && pattern.matches(name)) {
            found.push_back(name);
        }
        ++next;
    }
    return true;
}

Result<std::vector<TopicName>> LogWindow::matching(std::span<const TopicPattern> patterns,
                                                   Sequence after) const {
    std::vector<TopicName> found;
    std::size_t scanned = 0;
    for (const auto& pattern : patterns) {
        if (!find_matching(pattern, after, found, scanned)) {
            return fail(Errc::kPatternTooWide, "replay");
        }
    }
    std::ranges::sort(found);
    found.erase(std::ranges::unique(found).begin(), found.end());
    if (found.size() > limits::kTopicsPerReplayMax) {
        return fail(Errc::kPatternTooWide, "replay");
    }
    return found;
}

void LogWindow::pop_front(Topic& topic) {
    change_bytes(-static_cast<std::int64_t>(cost_of(*topic.events.front().event)));
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
        if (found == topics_.end()) {
            if (after < forgotten_.of(name).last_sequence) {
                slice.gaps.push_back(name);
            }
            continue;
        }
        Topic& topic = *found->second;
        if (topic.last_sequence <= after) {
            continue;
        }
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
        keep_first(slice.events, limits.events_max + 1);
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
        page.last_offset = forgotten_.of(name).last_offset;
        page.first_retained = page.last_offset.next();
        return page;
    }
    Topic& topic = *found->second;
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
    EventLog::ByteBound bytes{limits::kPageBytesMax};
    const auto page_end = std::ranges::find_if_not(
        newer, [&bytes](const EventRef& event) { return bytes.takes(*event); });
    page.events.assign(newer.begin(), page_end);
    return page;
}

std::optional<Sequence> LogWindow::sequence_before(const TopicName& name, Offset after) const {
    const auto found = topics_.find(name);
    if (found == topics_.end()) {
        const Offset last = forgotten_.of(name).last_offset;
        if (after > last) {
            return kAhead;
        }
        return after == last ? head_ : Sequence{0};
    }
    const Topic& topic = *found->second;
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
    return found == topics_.end() ? forgotten_.of(name).last_sequence
                                  : std::max(found->second->floor, found->second->evicted_through);
}

}  // namespace howl::hub
