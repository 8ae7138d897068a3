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

/// Events that are gone stay in the table until they are this many, or this part of what is kept:
/// one range deletion for many events costs less than one for each.
constexpr std::uint64_t kDeletionsMin = 32;
constexpr std::uint64_t kDeletionsPart = 8;
/// What one sweep may do, so that it holds up no publisher.
constexpr std::size_t kSweptTopicsMax = 256;
constexpr std::size_t kSweptKeysMax = 2048;
/// Expired keys forgotten with each new one: more than one, so that the table shrinks under load.
constexpr std::size_t kForgottenPerKey = 2;

const std::string& put_topic_sql() {
    static const std::string sql =
        "INSERT INTO topics (" + std::string{kTopicColumns} +
        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (topic_id) DO UPDATE SET last_offset = excluded.last_offset,"
        " last_sequence = excluded.last_sequence, evicted_offset = excluded.evicted_offset,"
        " evicted_through = excluded.evicted_through, last_time_ms = excluded.last_time_ms,"
        " last_kept_ms = excluded.last_kept_ms, oldest_kept_ms = excluded.oldest_kept_ms,"
        " count_max = excluded.count_max, age_max_ms = excluded.age_max_ms,"
        " checksum = excluded.checksum";
    return sql;
}

WallTime newest_kept(const auto& topics) {
    auto newest = WallTime::min();
    for (const auto& [name, topic] : topics) {
        newest = std::max(newest, topic.row.last_kept);
    }
    return newest;
}

}  // namespace

Result<std::unique_ptr<EventWriter>> EventWriter::load(Connection& connection, const Clock& clock,
                                                       Counters& counters,
                                                       EventWriterLimits limits) {
    Topics topics;
    {
        HOWL_TRY(all, connection.prepare("SELECT " + std::string{kTopicColumns} + " FROM topics"));
        Query query{all};
        for (;;) {
            HOWL_TRY(step, query.step());
            if (step == Query::Step::kDone) {
                break;
            }
            HOWL_TRY(topic, read_topic(query));
            topics.emplace(std::move(topic.name), Topic{.row = topic.row, .deleted_offset = {}});
        }
    }
    HOWL_TRY(put_topic, connection.prepare(put_topic_sql()));
    HOWL_TRY(put_event, connection.prepare("INSERT INTO events (" + std::string{kEventColumns} +
                                           ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    HOWL_TRY(delete_events, connection.prepare("DELETE FROM events"
                                               " WHERE topic_id = ? AND topic_offset <= ?"));
    HOWL_TRY(scan, TopicScan::create(connection));
    HOWL_TRY(keys, IdempotencyTable::create(connection, limits.idempotency_keys_max));
    return std::unique_ptr<EventWriter>{new EventWriter{
        clock, counters, limits,
        Statements{std::move(put_topic), std::move(put_event), std::move(delete_events)},
        std::move(scan), std::move(keys), std::move(topics)}};
}

EventWriter::EventWriter(const Clock& clock, Counters& counters, EventWriterLimits limits,
                         Statements statements, TopicScan scan, IdempotencyTable keys,
                         Topics topics)
    : clock_(clock),
      counters_(counters),
      limits_(limits),
      statements_(std::move(statements)),
      scan_(std::move(scan)),
      age_clock_(clock, newest_kept(topics)),
      keys_(std::move(keys)),
      topics_(std::move(topics)) {
    for (const auto& [name, topic] : topics_) {
        last_sequence_ = std::max(last_sequence_, topic.row.ledger.last_sequence);
        last_topic_id_ = std::max(last_topic_id_, topic.row.id);
    }
}

Result<Receipts> EventWriter::append(std::vector<hub::AppendBatch::Item> items) {
    Receipts receipts;
    receipts.reserve(items.size());
    for (auto& item : items) {
        HOWL_TRY(receipt, append_one(std::move(item)));
        receipts.push_back(std::move(receipt));
    }
    return receipts;
}

Result<Receipt> EventWriter::append_one(hub::AppendBatch::Item item) {
    auto& given = item.event;
    HOWL_TRY(topic, topic_for_append(given.topic));
    auto& row = topic->second.row;
    Event event{.topic = given.topic,
                .offset = row.ledger.last_offset.next(),
                .sequence = last_sequence_.next(),
                .lane = hub::Lane::kDurable,
                .time = std::max(wall_now_, row.ledger.last_time),
                .type = {},
                .content_type = {},
                .data = {}};
    auto freshness = Freshness::kNew;
    if (!given.idempotency_key.empty()) {
        const auto fingerprint = hub::fingerprint_of(given);
        HOWL_TRY(earlier, keys_.find(row.id, given.idempotency_key, age_now_));
        if (!earlier) {
            HOWL_TRY_VOID(keys_.put(row.id, given.idempotency_key,
                                    {fingerprint, event.offset, event.sequence, event.time},
                                    age_now_));
            HOWL_TRY_VOID(keys_.forget_expired(age_now_, kForgottenPerKey));
        } else if (earlier->fingerprint != fingerprint) {
            return fail(Errc::kIdempotencyConflict, "append");
        } else {
            // The same content by its fingerprint, so the earlier event can be told from this one.
            freshness = Freshness::kRepeated;
            event.offset = earlier->offset;
            event.sequence = earlier->sequence;
            event.time = earlier->time;
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
        ++new_events_;
    }
    return Receipt{std::move(stored), freshness};
}

Result<EventWriter::Topics::value_type*> EventWriter::topic_for_append(const TopicName& name) {
    if (const auto found = topics_.find(name); found != topics_.end()) {
        remember(*found);
        return &*found;
    }
    if (topics_.size() >= limits_.topics_max) {
        return fail(Errc::kTooManyTopics, "append");
    }
    auto& topic = *topics_.emplace(name, Topic{}).first;
    topic.second.row.id = ++last_topic_id_;
    undo_.push_back({&topic, std::nullopt});
    return &topic;
}

void EventWriter::remember(Topics::value_type& topic) {
    undo_.push_back({&topic, topic.second});
}

Result<Sequence> EventWriter::purge(const TopicName& name) {
    const auto found = topics_.find(name);
    if (found == topics_.end()) {
        return Sequence{0};
    }
    remember(*found);
    Topic& topic = found->second;
    topic.row.ledger.evict_all();
    HOWL_TRY_VOID(delete_evicted(topic));
    return topic.row.ledger.evicted_through;
}

Result<EventWriter::Sweep> EventWriter::sweep() {
    HOWL_TRY(forgotten, keys_.forget_expired(age_now_, kSweptKeysMax));
    std::size_t swept = 0;
    for (auto& topic : topics_) {
        const auto& row = topic.second.row;
        const auto cutoff = hub::expiry_cutoff(age_now_, row.ledger.retention.age_max);
        if (row.ledger.empty() || row.oldest_kept > cutoff) {
            continue;
        }
        if (++swept > kSweptTopicsMax) {
            return Sweep::kMore;
        }
        remember(topic);
        HOWL_TRY_VOID(apply_retention(topic.second, Deletion::kNow));
    }
    return forgotten == kSweptKeysMax ? Sweep::kMore : Sweep::kDone;
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
            HOWL_TRY(oldest, scan_.kept_at(row.id, evicted.next()));
            row.oldest_kept = oldest;
        }
    }
    if (evicted == ledger.last_offset) {
        ledger.evict_all();
    } else if (evicted > ledger.evicted_offset) {
        HOWL_TRY(sequence, scan_.sequence_at(row.id, evicted));
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
    Query query{statements_.delete_events};
    query.integer(1, topic.row.id).integer(2, topic.row.ledger.evicted_offset.value());
    HOWL_TRY_VOID(query.run());
    topic.deleted_offset = topic.row.ledger.evicted_offset;
    return {};
}

void EventWriter::begin_group() {
    wall_now_ = clock_.wall_now();
    age_now_ = age_clock_.now();
    undo_.clear();
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
    return {undo_.size(), last_sequence_, last_topic_id_, keys_.count(), new_events_};
}

void EventWriter::return_to(const Mark& mark) {
    while (undo_.size() > mark.undo_size) {
        auto& [topic, before] = undo_.back();
        if (before) {
            topic->second = *before;
        } else {
            topics_.erase(topics_.find(topic->first));
        }
        undo_.pop_back();
    }
    last_sequence_ = mark.last_sequence;
    last_topic_id_ = mark.last_topic_id;
    keys_.restore_count(mark.key_count);
    new_events_ = mark.new_events;
}

Result<void> EventWriter::finish_group() {
    std::vector<Topics::value_type*> touched;
    touched.reserve(undo_.size());
    for (const auto& undo : undo_) {
        touched.push_back(undo.topic);
    }
    std::ranges::sort(touched);
    touched.erase(std::ranges::unique(touched).begin(), touched.end());
    for (auto* const topic : touched) {
        remember(*topic);
        auto& [name, state] = *topic;
        HOWL_TRY_VOID(apply_retention(state, Deletion::kWhenWorthIt));
        Query query{statements_.put_topic};
        bind_topic(query, name, state.row);
        HOWL_TRY_VOID(query.run());
    }
    return {};
}

void EventWriter::flush_reports() {
    if (!reports_.empty()) {
        listener_->on_commit(std::exchange(reports_, {}));
    }
}

void EventWriter::group_settled() {
    counters_.events.fetch_add(new_events_, std::memory_order_relaxed);
    flush_reports();
}

}  // namespace howl::storage::sqlite
