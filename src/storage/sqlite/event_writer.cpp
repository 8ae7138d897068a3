// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/event_writer.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/assert.hpp"

namespace howl::storage::sqlite {
namespace {

using hub::Event;
using hub::Freshness;
using hub::Receipt;
using hub::Receipts;
using hub::TopicName;

/// Evicted events stay in the table until they are this many, or this part of the kept ones: one
/// range deletion for many events costs less than one for each.
constexpr std::uint64_t kDeletionsMin = 32;
constexpr std::uint64_t kDeletionsPart = 8;
/// Bounds one sweep, so that it delays no publisher.
constexpr std::size_t kSweptTopicsMax = 256;
constexpr std::size_t kSweptKeysMax = 2048;
/// Topics found by one pass over all of them; the next pass comes when these are done.
constexpr std::size_t kPlannedTopicsMax = 16'384;
/// Expired keys forgotten with each new one: more than one, so that the table shrinks under load.
constexpr std::size_t kForgottenPerKey = 2;

WallTime newest_kept(const auto& topics) {
    auto newest = WallTime::min();
    for (const auto& [name, topic] : topics) {
        newest = std::max(newest, topic.row.last_kept);
    }
    return newest;
}

}  // namespace

Result<std::unique_ptr<EventWriter>> EventWriter::load(Connection& connection, TopicTable topics,
                                                       const Clock& clock, Counters& counters,
                                                       EventWriterLimits limits) {
    HOWL_TRY(put_event, connection.prepare("INSERT INTO events (" + std::string{kEventColumns} +
                                           ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    HOWL_TRY(delete_events, connection.prepare("DELETE FROM events"
                                               " WHERE topic_id = ? AND topic_offset <= ?"));
    HOWL_TRY(scan, TopicScan::create(connection));
    HOWL_TRY(keys, IdempotencyTable::load(
                       connection, hub::KeyQuota{limits.idempotency_keys_max,
                                                 limits.idempotency_keys_per_publisher_max}));
    return std::unique_ptr<EventWriter>{new EventWriter{
        clock, counters, limits, Statements{std::move(put_event), std::move(delete_events)},
        std::move(scan), std::move(keys), std::move(topics)}};
}

EventWriter::EventWriter(const Clock& clock, Counters& counters, EventWriterLimits limits,
                         Statements statements, TopicScan scan, IdempotencyTable keys,
                         TopicTable topics)
    : clock_(clock),
      counters_(counters),
      limits_(limits),
      statements_(std::move(statements)),
      scan_(std::move(scan)),
      age_clock_(clock, newest_kept(topics.all())),
      keys_(std::move(keys)),
      topics_(std::move(topics)),
      last_sequence_(topics_.newest_sequence()),
      committed_through_(last_sequence_.value()) {}

Result<Receipts> EventWriter::append(std::vector<hub::AppendBatch::Item> items,
                                     hub::AppendBatch::Grouping grouping) {
    Receipts receipts;
    receipts.reserve(items.size());
    hub::PlaceInGroup place;
    if (grouping == hub::AppendBatch::Grouping::kCopies) {
        HOWL_TRY(count, count_new(items));
        place.count = std::max<std::uint16_t>(count, 1);
    }
    for (auto& item : items) {
        HOWL_TRY(receipt, append_one(std::move(item), place));
        receipts.push_back(std::move(receipt));
        if (place.is_shared() && receipts.back().freshness == Freshness::kNew) {
            ++place.index;
        }
    }
    return receipts;
}

Result<std::uint16_t> EventWriter::count_new(const std::vector<hub::AppendBatch::Item>& items) {
    std::uint16_t count = 0;
    for (const auto& [event, retention, rank] : items) {
        const auto* const topic = topics_.find(event.topic);
        bool is_repeated = false;
        if (topic != nullptr && !event.idempotency_key.empty()) {
            HOWL_TRY(earlier, keys_.find(topic->second.row.id, event.idempotency_key, age_now_));
            is_repeated = earlier.has_value();
        }
        if (!is_repeated) {
            ++count;
        }
    }
    return count;
}

Result<Receipt> EventWriter::append_one(hub::AppendBatch::Item item, hub::PlaceInGroup place) {
    auto& given = item.event;
    HOWL_TRY(topic, topic_for_append(given.topic, item.rank));
    auto& row = topic->second.row;
    Event event{.topic = given.topic,
                .offset = row.ledger.last_offset.next(),
                .sequence = last_sequence_.next(),
                .lane = hub::Lane::kDurable,
                .time = std::max(wall_now_, row.ledger.last_time),
                .type = {},
                .content_type = {},
                .data = {},
                .kind = given.kind,
                .place = place};
    auto freshness = Freshness::kNew;
    if (!given.idempotency_key.empty()) {
        const auto fingerprint = hub::fingerprint_of(given);
        HOWL_TRY(earlier, keys_.find(row.id, given.idempotency_key, age_now_));
        if (!earlier) {
            HOWL_TRY_VOID(keys_.put(row.id, given, item.rank,
                                    {fingerprint, event.offset, event.sequence, event.time},
                                    age_now_));
            HOWL_TRY_VOID(keys_.forget_expired(age_now_, kForgottenPerKey));
        } else if (earlier->fingerprint != fingerprint) {
            return fail(Errc::kIdempotencyConflict, "append");
        } else {
            // The fingerprints are equal, so this event has the content of the earlier one.
            freshness = Freshness::kRepeated;
            event.offset = earlier->offset;
            event.sequence = earlier->sequence;
            event.time = earlier->time;
            event.place = {};
        }
    }
    event.type = std::move(given.type);
    event.content_type = std::move(given.content_type);
    event.data = std::move(given.data);
    auto stored = std::make_shared<const Event>(std::move(event));
    if (freshness == Freshness::kNew) {
        Query query{statements_.put_event};
        bind_event(query, row.id, *stored, age_now_);
        HOWL_TRY_VOID(query.run());
        if (row.ledger.empty()) {
            row.oldest_kept = age_now_;
        }
        last_sequence_ = stored->sequence;
        row.ledger.take(last_sequence_, wall_now_);
        row.ledger.retention = item.retention;
        row.last_kept = age_now_;
        if (!given.idempotency_key.empty()) {
            topic->second.last_keyed = age_now_;
        }
        ++new_events_;
    }
    return Receipt{std::move(stored), freshness};
}

Result<TopicTable::Entry*> EventWriter::topic_for_append(const TopicName& name,
                                                         hub::TopicRank rank) {
    if (auto* const found = topics_.find(name)) {
        topics_.remember(*found);
        return found;
    }
    if (topics_.all().size() >= hub::share_of(rank, limits_.topics_max)) {
        return fail(Errc::kTooManyTopics, "append");
    }
    return &topics_.make(name);
}

Result<EventWriter::Purged> EventWriter::purge(const TopicName& name, hub::PurgeScope scope) {
    auto* const topic = topics_.find(name);
    if (topic == nullptr) {
        return Purged{};
    }
    topics_.remember(*topic);
    auto& ledger = topic->second.row.ledger;
    ledger.evict_all();
    Purged purged{.through = ledger.evicted_through};
    HOWL_TRY_VOID(delete_evicted(topic->second));
    if (scope == hub::PurgeScope::kTopic || may_forget(*topic, topic->second.last_keyed)) {
        HOWL_TRY_VOID(forget(*topic));
        purged.is_forgotten = true;
    }
    return purged;
}

bool EventWriter::is_expired(const Topic& topic) const {
    const auto& ledger = topic.row.ledger;
    return !ledger.empty() &&
           topic.row.oldest_kept <= hub::expiry_cutoff(age_now_, ledger.retention.age_max);
}

bool EventWriter::may_forget(const TopicTable::Entry& topic, WallTime last_use) const {
    return hub::may_be_forgotten(topic.second.row.ledger, last_use, age_now_) &&
           !listener_->is_read(topic.first);
}

Result<EventWriter::Swept> EventWriter::sweep() {
    HOWL_TRY(forgotten_keys, keys_.forget_expired(age_now_, kSweptKeysMax));
    if (to_sweep_.empty()) {
        plan_sweep();
    }
    Swept swept{.forgotten = {},
                .is_done = forgotten_keys < kSweptKeysMax && to_sweep_.size() <= kSweptTopicsMax};
    for (std::size_t i = 0; i < kSweptTopicsMax && !to_sweep_.empty(); ++i) {
        auto* const topic = topics_.find(to_sweep_.front());
        to_sweep_.pop_front();
        if (topic == nullptr) {
            continue;
        }
        if (is_expired(topic->second)) {
            topics_.remember(*topic);
            HOWL_TRY_VOID(apply_retention(topic->second, Deletion::kNow));
        }
        if (may_forget(*topic, topic->second.row.last_kept)) {
            swept.forgotten.push_back(topic->first);
            HOWL_TRY_VOID(forget(*topic));
        }
    }
    return swept;
}

void EventWriter::plan_sweep() {
    for (const auto& topic : topics_.all()) {
        if (is_expired(topic.second) || may_forget(topic, topic.second.row.last_kept)) {
            to_sweep_.push_back(topic.first);
        }
        if (to_sweep_.size() == kPlannedTopicsMax) {
            return;
        }
    }
}

Result<void> EventWriter::forget(TopicTable::Entry& topic) {
    HOWL_TRY_VOID(delete_evicted(topic.second));
    HOWL_TRY_VOID(keys_.forget_topic(topic.second.row.id));
    return topics_.forget(topic);
}

Result<void> EventWriter::apply_retention(Topic& topic, Deletion deletion) {
    auto& row = topic.row;
    auto& ledger = row.ledger;
    const auto cutoff = hub::expiry_cutoff(age_now_, ledger.retention.age_max);
    Offset evicted = ledger.surplus_offset();
    if (!ledger.empty() && row.oldest_kept <= cutoff) {
        HOWL_TRY(expired, scan_.last_until(row, evicted, cutoff));
        evicted = expired;
        if (evicted < ledger.last_offset) {
            HOWL_TRY(oldest, scan_.kept_at(row, evicted.next()));
            row.oldest_kept = oldest;
        }
    }
    if (evicted == ledger.last_offset) {
        ledger.evict_all();
    } else if (evicted > ledger.evicted_offset) {
        HOWL_TRY(sequence, scan_.sequence_through(row, evicted));
        ledger.evicted_offset = evicted;
        ledger.evicted_through = sequence;
    }
    const auto waiting = ledger.evicted_offset.value() - topic.deleted_offset.value();
    const auto worth_it = std::max(kDeletionsMin, ledger.retention.count_max / kDeletionsPart);
    if (waiting >= worth_it || (deletion == Deletion::kNow && waiting > 0)) {
        return delete_evicted(topic);
    }
    return {};
}

Result<void> EventWriter::delete_evicted(Topic& topic) {
    if (topic.deleted_offset == topic.row.ledger.evicted_offset) {
        return {};
    }
    Query query{statements_.delete_events};
    query.integer(1, topic.row.id).integer(2, topic.row.ledger.evicted_offset.value());
    HOWL_TRY_VOID(query.run());
    topic.deleted_offset = topic.row.ledger.evicted_offset;
    return {};
}

void EventWriter::begin_group() {
    wall_now_ = clock_.wall_now();
    age_now_ = age_clock_.now();
    topics_.begin_group();
    keys_.begin_group();
    new_events_ = 0;
    group_begin_ = mark();
}

void EventWriter::begin_unit() {
    unit_begin_ = mark();
}

void EventWriter::undo_unit() {
    return_to(unit_begin_);
}

void EventWriter::undo_group() {
    return_to(group_begin_);
}

EventWriter::Mark EventWriter::mark() const {
    return {topics_.mark(), last_sequence_, keys_.mark(), new_events_};
}

void EventWriter::return_to(const Mark& mark) {
    topics_.return_to(mark.topics);
    last_sequence_ = mark.last_sequence;
    keys_.return_to(mark.keys);
    new_events_ = mark.new_events;
}

Result<void> EventWriter::finish_group() {
    for (auto* const topic : topics_.changed()) {
        topics_.remember(*topic);
        HOWL_TRY_VOID(apply_retention(topic->second, Deletion::kWhenWorthIt));
        HOWL_TRY_VOID(topics_.put(*topic));
    }
    return {};
}

void EventWriter::flush_reports() {
    committed_through_.store(last_sequence_.value(), std::memory_order_release);
    if (!reports_.empty()) {
        listener_->on_commit(std::exchange(reports_, {}));
    }
}

void EventWriter::report_forgotten(std::span<const TopicName> topics) {
    flush_reports();
    if (!topics.empty()) {
        listener_->on_forgotten(topics);
    }
}

void EventWriter::group_completed() {
    counters_.events.fetch_add(new_events_, std::memory_order_relaxed);
    flush_reports();
}

}  // namespace howl::storage::sqlite
