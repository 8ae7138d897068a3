// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/topic_table.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/assert.hpp"

namespace howl::storage::sqlite {

using hub::ForgottenTopics;
using hub::TopicName;

namespace {

const std::string& put_sql() {
    static const std::string kSql =
        "INSERT INTO topics (" + std::string{kTopicColumns} +
        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (topic_id) DO UPDATE SET last_offset = excluded.last_offset,"
        " last_sequence = excluded.last_sequence, evicted_offset = excluded.evicted_offset,"
        " evicted_through = excluded.evicted_through, last_time_ms = excluded.last_time_ms,"
        " last_kept_ms = excluded.last_kept_ms, oldest_kept_ms = excluded.oldest_kept_ms,"
        " count_max = excluded.count_max, age_max_ms = excluded.age_max_ms,"
        " checksum = excluded.checksum";
    return kSql;
}

constexpr std::string_view kTopics = "topics";
constexpr std::string_view kForgotten = "forgotten_topics";

/// Deletes rows of no topic, or of an offset that its topic has not given out yet.
constexpr const char* kSweepLeftovers = R"sql(
    DELETE FROM events WHERE topic_id NOT IN (SELECT topic_id FROM topics);
    DELETE FROM idempotency_keys WHERE topic_id NOT IN (SELECT topic_id FROM topics);
    DELETE FROM idempotency_keys WHERE topic_offset >
        (SELECT last_offset FROM topics WHERE topics.topic_id = idempotency_keys.topic_id);
)sql";

constexpr const char* kNewestSequence =
    "SELECT max((SELECT coalesce(max(sequence), 0) FROM events),"
    " (SELECT coalesce(max(sequence), 0) FROM idempotency_keys))";

}  // namespace

Result<TopicTable> TopicTable::load(Connection& connection) {
    HOWL_TRY(put, connection.prepare(put_sql()));
    HOWL_TRY(remove, connection.prepare("DELETE FROM topics WHERE topic_id = ?"));
    HOWL_TRY(put_forgotten,
             connection.prepare("INSERT OR REPLACE INTO forgotten_topics (" +
                                std::string{kForgottenColumns} + ") VALUES (?, ?, ?, ?)"));
    TopicTable table{Statements{std::move(put), std::move(remove), std::move(put_forgotten)}};
    HOWL_TRY_VOID(table.load_topics(connection));
    HOWL_TRY_VOID(table.load_forgotten(connection));
    return table;
}

Result<void> TopicTable::load_topics(Connection& connection) {
    HOWL_TRY(count, connection.query_integer("SELECT count(*) FROM topics"));
    topics_.reserve(static_cast<std::size_t>(count));
    HOWL_TRY(all, connection.prepare("SELECT " + std::string{kTopicColumns} + " FROM topics"));
    std::vector<DamagedTopic> damaged;
    Query query{all};
    for (;;) {
        HOWL_TRY(step, query.step());
        if (step == Query::Step::kDone) {
            break;
        }
        if (auto topic = read_topic(query)) {
            add(std::move(*topic));
        } else {
            const auto unverified = unchecked_topic(query);
            damaged.push_back(
                {unverified.id, std::string{query.bytes(1)}, unverified, std::move(topic).error()});
        }
    }
    HOWL_TRY(recovered, recover_topics(connection, damaged));
    for (std::size_t i = 0; i < damaged.size(); ++i) {
        auto& [outcome, topic] = recovered[i];
        if (topic && topics_.contains(topic->name)) {
            outcome = DamagedRow::Outcome::kLost;
        } else if (topic) {
            add(std::move(*topic));
        }
        damaged_.push_back({kTopics, damaged[i].id, std::move(damaged[i].error), outcome});
    }
    return {};
}

void TopicTable::add(NamedTopicRow topic) {
    last_topic_id_ = std::max(last_topic_id_, topic.row.id);
    // Whether its last event had a key is not in the row.
    topics_.emplace(
        std::move(topic.name),
        Topic{.row = topic.row, .deleted_offset = {}, .last_keyed = topic.row.last_kept});
}

Result<void> TopicTable::load_forgotten(Connection& connection) {
    HOWL_TRY(all, connection.prepare("SELECT " + std::string{kForgottenColumns} +
                                     " FROM forgotten_topics"));
    Query query{all};
    for (;;) {
        HOWL_TRY(step, query.step());
        if (step == Query::Step::kDone) {
            return {};
        }
        if (auto row = read_forgotten(query)) {
            forgotten_.set(row->bucket, row->mark);
        } else {
            damaged_.push_back({kForgotten, query.integer(0), std::move(row).error()});
        }
    }
}

std::string TopicTable::why_offsets_may_repeat() const {
    const auto unknown = std::ranges::count_if(damaged_, [](const DamagedRow& row) {
        return row.outcome != DamagedRow::Outcome::kRecovered;
    });
    return unknown == 0
               ? std::string{}
               : fmt::format("{} damaged rows of the topics' tables can't be recovered", unknown);
}

Result<void> TopicTable::repair(Connection& connection) {
    if (damaged_.empty()) {
        return {};
    }
    HOWL_TRY_VOID(connection.execute("BEGIN IMMEDIATE"));
    if (std::ranges::find(damaged_, kTopics, &DamagedRow::table) != damaged_.end()) {
        HOWL_TRY_VOID(rewrite_topics(connection));
    }
    if (std::ranges::find(damaged_, kForgotten, &DamagedRow::table) != damaged_.end()) {
        HOWL_TRY_VOID(rewrite_forgotten(connection));
    }
    HOWL_TRY_VOID(connection.execute("COMMIT"));
    HOWL_TRY(newest, connection.query_integer(kNewestSequence));
    repaired_sequence_ = Sequence{static_cast<std::uint64_t>(newest)};
    return {};
}

// A table is rewritten as a whole, because a damaged row may not be where its index says it is, and
// could then not be changed by itself.

Result<void> TopicTable::rewrite_topics(Connection& connection) {
    HOWL_TRY_VOID(connection.execute("DELETE FROM topics"));
    for (auto& topic : topics_) {
        HOWL_TRY_VOID(put(topic));
    }
    return connection.execute(kSweepLeftovers);
}

Result<void> TopicTable::rewrite_forgotten(Connection& connection) {
    HOWL_TRY_VOID(connection.execute("DELETE FROM forgotten_topics"));
    for (ForgottenTopics::Bucket bucket = 0; bucket < ForgottenTopics::kBuckets; ++bucket) {
        if (const auto mark = forgotten_.at(bucket); mark != ForgottenTopics::Mark{}) {
            HOWL_TRY_VOID(put_forgotten({bucket, mark}));
        }
    }
    return {};
}

Sequence TopicTable::newest_sequence() const {
    Sequence newest = std::max(forgotten_.newest(), repaired_sequence_);
    for (const auto& [name, topic] : topics_) {
        newest = std::max(newest, topic.row.ledger.last_sequence);
    }
    return newest;
}

TopicTable::Entry* TopicTable::find(const TopicName& name) {
    const auto found = topics_.find(name);
    return found == topics_.end() ? nullptr : &*found;
}

TopicTable::Entry& TopicTable::make(const TopicName& name) {
    auto& topic = *topics_.emplace(name, Topic{}).first;
    topic.second.row.id = ++last_topic_id_;
    topic.second.row.ledger.begin_behind(forgotten_.of(name));
    // A topic that had this id before has no events left, so there is nothing to delete.
    topic.second.deleted_offset = topic.second.row.ledger.evicted_offset;
    undo_.push_back({.topic = &topic});
    return topic;
}

void TopicTable::remember(Entry& topic) {
    undo_.push_back({.topic = &topic, .before = topic.second});
}

Result<void> TopicTable::put(Entry& topic) {
    Query query{statements_.put};
    bind_topic(query, topic.first, topic.second.row);
    return query.run();
}

Result<void> TopicTable::forget(Entry& topic) {
    const auto bucket = ForgottenTopics::bucket_of(topic.first);
    const auto raised = forgotten_.raised(topic.first, topic.second.row.ledger.mark());
    HOWL_TRY_VOID(put_forgotten({bucket, raised}));
    {
        Query query{statements_.remove};
        query.integer(1, topic.second.row.id);
        HOWL_TRY_VOID(query.run());
    }
    topic.second.is_forgotten = true;
    undo_.push_back(
        {.forgotten = topics_.extract(topics_.find(topic.first)), .bucket = forgotten_.at(bucket)});
    forgotten_.set(bucket, raised);
    return {};
}

Result<void> TopicTable::put_forgotten(const ForgottenRow& row) {
    Query query{statements_.put_forgotten};
    bind_forgotten(query, row);
    return query.run();
}

void TopicTable::return_to(const Mark& mark) {
    while (undo_.size() > mark.undo_size) {
        auto& undo = undo_.back();
        if (!undo.forgotten.empty()) {
            undo.forgotten.mapped().is_forgotten = false;
            forgotten_.set(ForgottenTopics::bucket_of(undo.forgotten.key()), undo.bucket);
            const auto inserted = topics_.insert(std::move(undo.forgotten));
            HOWL_ASSERT(inserted.inserted);
        } else if (undo.before) {
            undo.topic->second = *undo.before;
        } else {
            topics_.erase(topics_.find(undo.topic->first));
        }
        undo_.pop_back();
    }
    last_topic_id_ = mark.last_topic_id;
}

std::vector<TopicTable::Entry*> TopicTable::changed() const {
    std::vector<Entry*> changed;
    changed.reserve(undo_.size());
    for (const auto& undo : undo_) {
        if (undo.topic != nullptr && !undo.topic->second.is_forgotten) {
            changed.push_back(undo.topic);
        }
    }
    std::ranges::sort(changed);
    changed.erase(std::ranges::unique(changed).begin(), changed.end());
    return changed;
}

}  // namespace howl::storage::sqlite
