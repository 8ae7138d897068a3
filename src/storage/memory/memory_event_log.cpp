// SPDX-License-Identifier: Apache-2.0
#include "storage/memory/memory_event_log.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <queue>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/assert.hpp"

namespace howl::storage::memory {
namespace {

using hub::AppendBatch;
using hub::CommittedBatch;
using hub::Event;
using hub::EventRef;
using hub::Freshness;
using hub::NewEvent;
using hub::Receipt;
using hub::Receipts;
using hub::TopicName;

/// An event's share of containers and allocator, about.
constexpr std::size_t kEventOverheadBytes = 256;
/// Dead places stay until they are this many, so that cleaning up costs little per event.
constexpr std::size_t kDeadPlacesMin = 1024;
/// Topics looked at per batch for expired events: quiet topics give back memory too.
constexpr std::size_t kSweptPerBatch = 2;

std::size_t bytes_of(const Event& event) {
    return kEventOverheadBytes + event.data.size();
}

}  // namespace

MemoryEventLog::MemoryEventLog(const Clock& clock, Epoch epoch, MemoryEventLogOptions options)
    : clock_(clock),
      epoch_(std::move(epoch)),
      options_(options),
      age_clock_(clock),
      keys_(options.idempotency_keys_max) {}

MemoryEventLog::~MemoryEventLog() {
    stop();
}

Result<std::vector<hub::TopicState>> MemoryEventLog::topics() {
    const std::scoped_lock lock{mutex_};
    std::vector<hub::TopicState> out;
    out.reserve(topics_.size());
    for (const auto& [name, topic] : topics_) {
        const auto& ledger = topic.ledger;
        out.push_back({name, ledger.last_offset, ledger.last_sequence, ledger.evicted_through});
    }
    return out;
}

Result<std::vector<EventRef>> MemoryEventLog::newest(std::size_t bytes_max) {
    const std::scoped_lock lock{mutex_};
    std::vector<EventRef> out;
    std::size_t bytes = 0;
    for (auto place = places_.rbegin(); place != places_.rend(); ++place) {
        const auto& [topic, offset] = *place;
        if (offset <= topic->ledger.evicted_offset) {
            continue;
        }
        const auto index = offset.value() - topic->ledger.evicted_offset.value() - 1;
        const auto& event = topic->kept[index].event;
        bytes += event->data.size();
        if (bytes > bytes_max) {
            break;
        }
        out.push_back(event);
    }
    std::ranges::reverse(out);
    return out;
}

void MemoryEventLog::start(hub::CommitListener& listener) {
    const std::scoped_lock lock{mutex_};
    HOWL_ASSERT(phase_ == Phase::kNotStarted);
    listener_ = &listener;
    phase_ = Phase::kRunning;
}

void MemoryEventLog::stop() {
    std::unique_lock lock{mutex_};
    phase_ = Phase::kStopped;
    idle_.wait(lock, [this] { return !reporting_; });
}

bool MemoryEventLog::is_running() const {
    const std::scoped_lock lock{mutex_};
    return phase_ == Phase::kRunning;
}

void MemoryEventLog::append(AppendBatch batch) {
    append_with(std::move(batch), {});
}

void MemoryEventLog::append_with(AppendBatch batch, Companion companion) {
    Append append{std::move(batch), std::move(companion)};
    std::unique_lock lock{mutex_};
    const auto refusal = phase_ != Phase::kRunning ? Errc::kDraining
                         : queued_events_ + append.weight() > options_.queue_events_max
                             ? Errc::kOverloaded
                             : Errc::kInternal;
    if (refusal != Errc::kInternal) {
        lock.unlock();
        append.batch.done(fail(refusal, "append"));
        return;
    }
    queued_events_ += append.weight();
    enqueue(std::move(append), lock);
}

void MemoryEventLog::purge(TopicName topic, PurgeDone done) {
    std::unique_lock lock{mutex_};
    if (phase_ != Phase::kRunning) {
        lock.unlock();
        done(fail(Errc::kDraining, "purge"));
        return;
    }
    enqueue(Purge{std::move(topic), std::move(done)}, lock);
}

void MemoryEventLog::enqueue(Work work, std::unique_lock<std::mutex>& lock) {
    queue_.push_back(std::move(work));
    if (!reporting_) {
        run_queue(lock);
    }
}

void MemoryEventLog::run_queue(std::unique_lock<std::mutex>& lock) {
    reporting_ = true;
    std::vector<CommittedBatch> group;
    while (!queue_.empty()) {
        Work work = std::move(queue_.front());
        queue_.pop_front();
        if (auto* const append = std::get_if<Append>(&work)) {
            queued_events_ -= append->weight();
            auto outcome = store(*append);
            group.push_back({std::move(outcome), std::move(append->batch.done)});
        } else {
            // The listener hears of the purged events before anybody hears that they are gone.
            report(group, lock);
            auto& purge = std::get<Purge>(work);
            const Sequence purged = purge_now(purge.topic);
            lock.unlock();
            purge.done(purged);
            lock.lock();
        }
        if (queue_.empty() || group.size() >= limits::kCommitEventsMax) {
            report(group, lock);
        }
    }
    reporting_ = false;
    idle_.notify_all();
}

void MemoryEventLog::report(std::vector<CommittedBatch>& group,
                            std::unique_lock<std::mutex>& lock) {
    if (group.empty()) {
        return;
    }
    lock.unlock();
    listener_->on_commit(std::exchange(group, {}));
    lock.lock();
}

Result<Receipts> MemoryEventLog::store(Append& append) {
    auto& items = append.batch.items;
    const WallTime now = age_clock_.now();
    keys_.expire(now);
    // Everything that can fail is found out first, so that nothing has to be taken back.
    HOWL_TRY_VOID(check(items));
    if (append.companion) {
        HOWL_TRY_VOID(append.companion());
    }
    Receipts receipts;
    receipts.reserve(items.size());
    for (auto& item : items) {
        receipts.push_back(store_one(std::move(item), now));
    }
    evict_over_budget();
    sweep_some_topics(now);
    forget_dead_places();
    return receipts;
}

Result<void> MemoryEventLog::check(const std::vector<AppendBatch::Item>& items) const {
    std::set<std::string_view> new_topics;
    std::map<std::string, hub::ContentFingerprint> keys_of_batch;
    for (const auto& [event, retention] : items) {
        if (!topics_.contains(event.topic)) {
            new_topics.insert(event.topic.text());
        }
        if (event.idempotency_key.empty()) {
            continue;
        }
        const auto key = IdempotencyWindow::scoped_key(event);
        const auto fingerprint = hub::fingerprint_of(event);
        const auto* const earlier = keys_.find(key);
        const auto& expected = earlier != nullptr
                                   ? earlier->fingerprint
                                   : keys_of_batch.try_emplace(key, fingerprint).first->second;
        if (expected != fingerprint) {
            return fail(Errc::kIdempotencyConflict, "append");
        }
    }
    if (topics_.size() + new_topics.size() > options_.topics_max) {
        return fail(Errc::kTooManyTopics, "append");
    }
    return {};
}

Receipt MemoryEventLog::store_one(AppendBatch::Item item, WallTime now) {
    std::string key;
    hub::ContentFingerprint fingerprint{};
    if (!item.event.idempotency_key.empty()) {
        key = IdempotencyWindow::scoped_key(item.event);
        if (const auto* const earlier = keys_.find(key)) {
            // The same content by its fingerprint, so the earlier event can be told from this one.
            return {make_event(std::move(item.event), earlier->offset, earlier->sequence,
                               earlier->time),
                    Freshness::kRepeated};
        }
        fingerprint = hub::fingerprint_of(item.event);
    }
    Topic& topic = topic_for_append(item.event.topic);
    auto& ledger = topic.ledger;
    last_sequence_ = last_sequence_.next();
    ledger.take(last_sequence_, clock_.wall_now());
    ledger.retention = item.retention;
    auto event = make_event(std::move(item.event), ledger.last_offset, ledger.last_sequence,
                            ledger.last_time);
    if (!key.empty()) {
        keys_.remember(std::move(key), {fingerprint, event->offset, event->sequence, event->time},
                       now);
    }
    kept_bytes_ += bytes_of(*event);
    ++kept_events_;
    topic.kept.push_back({event, now});
    places_.push_back({&topic, event->offset});
    apply_retention(topic, now);
    return {std::move(event), Freshness::kNew};
}

EventRef MemoryEventLog::make_event(NewEvent event, Offset offset, Sequence sequence,
                                    WallTime time) const {
    return std::make_shared<const Event>(Event{.topic = std::move(event.topic),
                                               .offset = offset,
                                               .sequence = sequence,
                                               .lane = options_.lane,
                                               .time = time,
                                               .type = std::move(event.type),
                                               .content_type = std::move(event.content_type),
                                               .data = std::move(event.data)});
}

MemoryEventLog::Topic& MemoryEventLog::topic_for_append(const TopicName& name) {
    const auto [found, is_new] = topics_.try_emplace(name);
    if (is_new) {
        topics_by_birth_.push_back(&found->second);
    }
    return found->second;
}

Sequence MemoryEventLog::purge_now(const TopicName& name) {
    const auto found = topics_.find(name);
    if (found == topics_.end()) {
        return Sequence{0};
    }
    Topic& topic = found->second;
    while (!topic.kept.empty()) {
        evict_oldest(topic);
    }
    return topic.ledger.last_sequence;
}

void MemoryEventLog::apply_retention(Topic& topic, WallTime now) {
    const auto surplus = topic.ledger.surplus_offset();
    const auto cutoff = hub::expiry_cutoff(now, topic.ledger.retention.age_max);
    while (!topic.kept.empty() &&
           (topic.kept.front().event->offset <= surplus || topic.kept.front().since <= cutoff)) {
        evict_oldest(topic);
    }
}

void MemoryEventLog::evict_oldest(Topic& topic) {
    const auto& event = *topic.kept.front().event;
    topic.ledger.evicted_offset = event.offset;
    topic.ledger.evicted_through = event.sequence;
    kept_bytes_ -= bytes_of(event);
    --kept_events_;
    topic.kept.pop_front();
}

void MemoryEventLog::evict_over_budget() {
    while (kept_bytes_ > options_.bytes_max) {
        const auto [topic, offset] = places_.front();
        places_.pop_front();
        // Sequences rise within a topic, so a live place at the front is its topic's oldest.
        if (offset > topic->ledger.evicted_offset) {
            evict_oldest(*topic);
        }
    }
}

void MemoryEventLog::forget_dead_places() {
    if (places_.size() > 2 * kept_events_ + kDeadPlacesMin) {
        std::erase_if(places_, [](const Place& place) {
            return place.offset <= place.topic->ledger.evicted_offset;
        });
    }
}

void MemoryEventLog::sweep_some_topics(WallTime now) {
    for (std::size_t i = 0; i < kSweptPerBatch && !topics_by_birth_.empty(); ++i) {
        next_to_sweep_ = (next_to_sweep_ + 1) % topics_by_birth_.size();
        apply_retention(*topics_by_birth_[next_to_sweep_], now);
    }
}

void MemoryEventLog::read(std::vector<TopicName> topics, Sequence after, std::size_t limit,
                          ReadDone done) {
    std::unique_lock lock{mutex_};
    auto found = slice(topics, after, limit);
    lock.unlock();
    done(std::move(found));
}

hub::LogSlice MemoryEventLog::slice(const std::vector<TopicName>& names, Sequence after,
                                    std::size_t limit) {
    using Position = std::deque<Kept>::const_iterator;
    struct Run {
        Position next;
        Position end;
        bool operator>(const Run& other) const {
            return next->event->sequence > other.next->event->sequence;
        }
    };
    hub::LogSlice out;
    std::priority_queue<Run, std::vector<Run>, std::greater<>> runs;
    for (const auto& name : std::set(names.begin(), names.end())) {
        const auto found = topics_.find(name);
        if (found == topics_.end()) {
            continue;
        }
        Topic& topic = found->second;
        apply_retention(topic, age_clock_.now());
        if (topic.ledger.evicted_through > after) {
            out.gaps.push_back(name);
        }
        const auto first = std::ranges::upper_bound(
            topic.kept, after, {}, [](const Kept& kept) { return kept.event->sequence; });
        if (first != topic.kept.end()) {
            runs.push({first, topic.kept.end()});
        }
    }
    while (!runs.empty() && out.events.size() < limit) {
        Run run = runs.top();
        runs.pop();
        out.events.push_back(run.next->event);
        if (++run.next != run.end) {
            runs.push(run);
        }
    }
    out.complete = runs.empty();
    return out;
}

void MemoryEventLog::history(TopicName name, Offset after, std::size_t limit, HistoryDone done) {
    hub::HistoryPage page;
    page.first_retained = Offset{1};
    std::unique_lock lock{mutex_};
    if (const auto found = topics_.find(name); found != topics_.end()) {
        Topic& topic = found->second;
        apply_retention(topic, age_clock_.now());
        const auto& ledger = topic.ledger;
        page.first_retained = ledger.evicted_offset.next();
        page.last_offset = ledger.last_offset;
        const auto first = std::max(after, ledger.evicted_offset);
        for (auto index = first.value() - ledger.evicted_offset.value();
             index < topic.kept.size() && page.events.size() < limit; ++index) {
            page.events.push_back(topic.kept[index].event);
        }
    }
    lock.unlock();
    done(std::move(page));
}

}  // namespace howl::storage::memory
