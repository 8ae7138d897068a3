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
/// Entries of evicted events stay until they are this many, so that dropping them costs little per
/// event.
constexpr std::size_t kStaleEntriesMin = 1024;
/// Topics looked at per batch for expired events: quiet topics give back memory too.
constexpr std::size_t kSweptPerBatch = 2;
/// The same for a batch with a new topic near the limit of topics; about 0.5 ms.
constexpr std::size_t kSweptNearTopicLimit = 4096;

std::size_t bytes_of(const Event& event) {
    return kEventOverheadBytes + event.data.size();
}

}  // namespace

MemoryEventLog::MemoryEventLog(const Clock& clock, Epoch epoch, MemoryEventLogOptions options)
    : clock_(clock),
      epoch_(std::move(epoch)),
      options_(options),
      age_clock_(clock),
      keys_(hub::KeyQuota{options.idempotency_keys_max,
                          options.idempotency_keys_per_publisher_max}) {}

MemoryEventLog::~MemoryEventLog() {
    stop();
}

Result<std::vector<hub::TopicState>> MemoryEventLog::topics() {
    const MutexLock lock{mutex_};
    std::vector<hub::TopicState> out;
    out.reserve(topics_.size());
    for (const auto& [name, topic] : topics_) {
        const auto& ledger = topic->ledger;
        out.push_back({name, ledger.last_offset, ledger.last_sequence, ledger.evicted_through});
    }
    return out;
}

hub::ForgottenTopics MemoryEventLog::forgotten() const {
    const MutexLock lock{mutex_};
    return forgotten_;
}

Result<std::vector<EventRef>> MemoryEventLog::newest(std::size_t bytes_max) {
    const MutexLock lock{mutex_};
    std::vector<EventRef> out;
    std::size_t bytes = 0;
    for (auto entry = by_sequence_.rbegin(); entry != by_sequence_.rend(); ++entry) {
        const auto& [topic, offset] = *entry;
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
    const MutexLock lock{mutex_};
    HOWL_ASSERT(phase_ == Phase::kNotStarted);
    listener_ = &listener;
    phase_ = Phase::kRunning;
}

void MemoryEventLog::stop() {
    const MutexLock lock{mutex_};
    phase_ = Phase::kStopped;
    while (reporting_) {
        idle_.wait(mutex_);
    }
}

void MemoryEventLog::look_at_head(std::move_only_function<void(Sequence)> look) const {
    const MutexLock lock{mutex_};
    look(last_sequence_);
}

bool MemoryEventLog::is_running() const {
    const MutexLock lock{mutex_};
    return phase_ == Phase::kRunning;
}

void MemoryEventLog::append(AppendBatch batch) {
    append_with(std::move(batch), {});
}

void MemoryEventLog::append_with(AppendBatch batch, Companion companion) {
    Append append{std::move(batch), std::move(companion)};
    MutexLock lock{mutex_};
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
    enqueue(std::move(append));
}

void MemoryEventLog::purge(TopicName topic, hub::PurgeScope scope, PurgeDone done) {
    MutexLock lock{mutex_};
    if (phase_ != Phase::kRunning) {
        lock.unlock();
        done(fail(Errc::kDraining, "purge"));
        return;
    }
    enqueue(Purge{std::move(topic), scope, std::move(done)});
}

void MemoryEventLog::enqueue(Work work) {
    queue_.push_back(std::move(work));
    if (!reporting_) {
        run_queue();
    }
}

void MemoryEventLog::run_queue() {
    reporting_ = true;
    std::vector<CommittedBatch> group;
    while (!queue_.empty()) {
        Work work = std::move(queue_.front());
        queue_.pop_front();
        if (auto* const append = std::get_if<Append>(&work)) {
            queued_events_ -= append->weight();
            const bool near_topic_limit =
                topics_.size() >= hub::share_of(hub::TopicRank::kVisitor, options_.topics_max) &&
                makes_topics(append->batch.items);
            sweep_topics(near_topic_limit ? kSweptNearTopicLimit : kSweptPerBatch);
            report_forgotten(group);
            auto outcome = store(*append);
            auto& batch = append->batch;
            group.push_back({std::move(outcome), std::move(batch.done), std::move(batch.updates)});
        } else {
            // The listener gets the purged events before anybody learns that they are gone.
            report(group);
            auto& purge = std::get<Purge>(work);
            const Sequence purged = purge_now(purge.topic, purge.scope);
            report_forgotten(group);
            mutex_.unlock();
            purge.done(purged);
            mutex_.lock();
        }
        if (queue_.empty() || group.size() >= limits::kCommitEventsMax) {
            report(group);
        }
    }
    reporting_ = false;
    idle_.notify_all();
}

void MemoryEventLog::report(std::vector<CommittedBatch>& group) {
    if (group.empty()) {
        return;
    }
    auto& listener = *listener_;
    mutex_.unlock();
    listener.on_commit(std::exchange(group, {}));
    mutex_.lock();
}

void MemoryEventLog::report_forgotten(std::vector<CommittedBatch>& group) {
    if (unreported_forgotten_.empty()) {
        return;
    }
    report(group);
    const auto topics = std::exchange(unreported_forgotten_, {});
    auto& listener = *listener_;
    mutex_.unlock();
    listener.on_forgotten(topics);
    mutex_.lock();
}

Result<Receipts> MemoryEventLog::store(Append& append) {
    auto& items = append.batch.items;
    const WallTime now = age_clock_.now();
    keys_.expire(now);
    // Everything that can fail is checked first, so that nothing has to be undone.
    HOWL_TRY_VOID(check(items));
    if (append.companion) {
        HOWL_TRY_VOID(append.companion());
    }
    Receipts receipts;
    receipts.reserve(items.size());
    auto place = first_place(append.batch);
    for (auto& item : items) {
        receipts.push_back(store_one(std::move(item), now, place));
        if (place.is_shared() && receipts.back().freshness == Freshness::kNew) {
            ++place.index;
        }
    }
    evict_over_budget();
    drop_stale_entries();
    return receipts;
}

Result<void> MemoryEventLog::check(const std::vector<AppendBatch::Item>& items) const {
    std::set<std::string_view> new_topics;
    std::map<std::pair<std::string_view, std::string_view>, hub::ContentFingerprint> keys_of_batch;
    for (const auto& [event, retention, rank] : items) {
        const auto topic = topics_.find(event.topic);
        if (topic == topics_.end() && new_topics.insert(event.topic.text()).second &&
            topics_.size() + new_topics.size() > hub::share_of(rank, options_.topics_max)) {
            return fail(Errc::kTooManyTopics, "append");
        }
        if (event.idempotency_key.empty()) {
            continue;
        }
        const auto fingerprint = hub::fingerprint_of(event);
        const auto* const earlier = topic == topics_.end()
                                        ? nullptr
                                        : keys_.find(IdempotencyWindow::scoped_key(
                                              topic->second->id, event.idempotency_key));
        auto expected = earlier != nullptr ? earlier->fingerprint : fingerprint;
        if (earlier == nullptr) {
            const auto waiting = keys_of_batch.size();
            const auto [key, is_new] =
                keys_of_batch.try_emplace({event.topic.text(), event.idempotency_key}, fingerprint);
            if (is_new) {
                HOWL_TRY_VOID(keys_.quota().check(event.publisher, rank, waiting));
            }
            expected = key->second;
        }
        if (expected != fingerprint) {
            return fail(Errc::kIdempotencyConflict, "append");
        }
    }
    return {};
}

hub::PlaceInGroup MemoryEventLog::first_place(const AppendBatch& batch) const {
    hub::PlaceInGroup place;
    if (batch.grouping == AppendBatch::Grouping::kCopies) {
        std::uint16_t count = 0;
        for (const auto& item : batch.items) {
            if (!is_repeated(item.event)) {
                ++count;
            }
        }
        place.count = std::max<std::uint16_t>(count, 1);
    }
    return place;
}

bool MemoryEventLog::is_repeated(const NewEvent& event) const {
    const auto topic = topics_.find(event.topic);
    return topic != topics_.end() && !event.idempotency_key.empty() &&
           keys_.find(IdempotencyWindow::scoped_key(topic->second->id, event.idempotency_key)) !=
               nullptr;
}

Receipt MemoryEventLog::store_one(AppendBatch::Item item, WallTime now, hub::PlaceInGroup place) {
    const auto shared = topic_for_append(item.event.topic);
    Topic& topic = *shared;
    std::string key;
    const auto publisher = std::move(item.event.publisher);
    hub::ContentFingerprint fingerprint{};
    if (!item.event.idempotency_key.empty()) {
        key = IdempotencyWindow::scoped_key(topic.id, item.event.idempotency_key);
        if (const auto* const earlier = keys_.find(key)) {
            // The fingerprints are equal, so this event has the content of the earlier one.
            return {make_event(std::move(item.event), earlier->offset, earlier->sequence,
                               earlier->time, {}),
                    Freshness::kRepeated};
        }
        fingerprint = hub::fingerprint_of(item.event);
    }
    auto& ledger = topic.ledger;
    last_sequence_ = last_sequence_.next();
    ledger.take(last_sequence_, clock_.wall_now());
    ledger.retention = item.retention;
    auto event = make_event(std::move(item.event), ledger.last_offset, ledger.last_sequence,
                            ledger.last_time, place);
    if (!key.empty()) {
        keys_.remember(std::move(key), publisher,
                       {fingerprint, event->offset, event->sequence, event->time}, now);
        topic.last_keyed = now;
    }
    topic.last_kept = now;
    kept_bytes_ += bytes_of(*event);
    ++kept_events_;
    topic.kept.push_back({event, now});
    by_sequence_.push_back({shared, event->offset});
    apply_retention(topic, now);
    return {std::move(event), Freshness::kNew};
}

EventRef MemoryEventLog::make_event(NewEvent event, Offset offset, Sequence sequence, WallTime time,
                                    hub::PlaceInGroup place) const {
    return std::make_shared<const Event>(Event{.topic = std::move(event.topic),
                                               .offset = offset,
                                               .sequence = sequence,
                                               .lane = options_.lane,
                                               .time = time,
                                               .type = std::move(event.type),
                                               .content_type = std::move(event.content_type),
                                               .data = std::move(event.data),
                                               .kind = event.kind,
                                               .place = place});
}

std::shared_ptr<MemoryEventLog::Topic>& MemoryEventLog::topic_for_append(const TopicName& name) {
    const auto [found, is_new] = topics_.try_emplace(name);
    auto& topic = found->second;
    if (is_new) {
        topic = std::make_shared<Topic>();
        topic->id = ++last_topic_id_;
        topic->ledger.begin_behind(forgotten_.of(name));
        topic->sweep_index = sweep_.size();
        sweep_.push_back(&*found);
    }
    return topic;
}

bool MemoryEventLog::makes_topics(const std::vector<AppendBatch::Item>& items) const {
    // A loop, since clang looks for the mutex in each lambda by itself.
    for (const auto& item : items) {  // NOLINT(readability-use-anyofallof)
        if (!topics_.contains(item.event.topic)) {
            return true;
        }
    }
    return false;
}

void MemoryEventLog::forget(Topics::value_type& entry) {
    const auto& [name, topic] = entry;
    forgotten_.add(name, topic->ledger.mark());
    unreported_forgotten_.push_back(name);
    auto* const moved = sweep_.back();
    moved->second->sweep_index = topic->sweep_index;
    sweep_[topic->sweep_index] = moved;
    sweep_.pop_back();
    topics_.erase(topics_.find(name));
}

Sequence MemoryEventLog::purge_now(const TopicName& name, hub::PurgeScope scope) {
    const auto found = topics_.find(name);
    if (found == topics_.end()) {
        return Sequence{0};
    }
    Topic& topic = *found->second;
    while (!topic.kept.empty()) {
        evict_oldest(topic);
    }
    const Sequence purged = topic.ledger.last_sequence;
    if (scope == hub::PurgeScope::kTopic ||
        (hub::may_be_forgotten(topic.ledger, topic.last_keyed, age_clock_.now()) &&
         !listener_->is_read(name))) {
        forget(*found);
    }
    return purged;
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
        const auto [topic, offset] = std::move(by_sequence_.front());
        by_sequence_.pop_front();
        // Sequences rise within a topic, so a kept event at the front is its topic's oldest.
        if (offset > topic->ledger.evicted_offset) {
            evict_oldest(*topic);
        }
    }
}

void MemoryEventLog::drop_stale_entries() {
    if (by_sequence_.size() > 2 * kept_events_ + kStaleEntriesMin) {
        std::erase_if(by_sequence_, [](const StoredEvent& entry) {
            return entry.offset <= entry.topic->ledger.evicted_offset;
        });
    }
}

void MemoryEventLog::sweep_topics(std::size_t count) {
    const WallTime now = age_clock_.now();
    for (count = std::min(count, sweep_.size()); count > 0; --count) {
        next_to_sweep_ = (next_to_sweep_ + 1) % sweep_.size();
        auto& entry = *sweep_[next_to_sweep_];
        Topic& topic = *entry.second;
        apply_retention(topic, now);
        if (hub::may_be_forgotten(topic.ledger, topic.last_kept, now) &&
            !listener_->is_read(entry.first)) {
            forget(entry);
        }
    }
}

void MemoryEventLog::read(std::vector<TopicName> topics, Sequence after, std::size_t limit,
                          ReadDone done) {
    MutexLock lock{mutex_};
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
            if (forgotten_.of(name).last_sequence > after) {
                out.gaps.push_back(name);
            }
            continue;
        }
        Topic& topic = *found->second;
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
    ByteBound bytes{limits::kReplayBytesMax};
    while (!runs.empty() && out.events.size() < limit && bytes.takes(*runs.top().next->event)) {
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
    MutexLock lock{mutex_};
    page.last_offset = forgotten_.of(name).last_offset;
    page.first_retained = page.last_offset.next();
    if (const auto found = topics_.find(name); found != topics_.end()) {
        Topic& topic = *found->second;
        apply_retention(topic, age_clock_.now());
        const auto& ledger = topic.ledger;
        page.first_retained = ledger.evicted_offset.next();
        page.last_offset = ledger.last_offset;
        const auto first = std::max(after, ledger.evicted_offset);
        ByteBound bytes{limits::kPageBytesMax};
        for (auto index = first.value() - ledger.evicted_offset.value();
             index < topic.kept.size() && page.events.size() < limit &&
             bytes.takes(*topic.kept[index].event);
             ++index) {
            page.events.push_back(topic.kept[index].event);
        }
    }
    lock.unlock();
    done(std::move(page));
}

}  // namespace howl::storage::memory
