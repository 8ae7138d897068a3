// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/clock.hpp"
#include "hub/event.hpp"
#include "hub/forgotten_topics.hpp"
#include "hub/store.hpp"
#include "hub/topic_ledger.hpp"
#include "storage/sqlite/connection.hpp"

namespace howl::storage::sqlite {

/// A row of `topics` without its name.
struct TopicRow {
    std::int64_t id = 0;
    hub::TopicLedger ledger;
    WallTime last_kept = WallTime::min();
    WallTime oldest_kept = WallTime::min();  ///< Of the oldest event kept, or earlier.
};

/// A row of `events`.
struct EventRow {
    hub::EventRef event;
    WallTime kept;
};

/// The columns, in the order of every statement that reads or writes the row.
inline constexpr const char* kTopicColumns =
    "topic_id, name, last_offset, last_sequence, evicted_offset, evicted_through, last_time_ms,"
    " last_kept_ms, oldest_kept_ms, count_max, age_max_ms, checksum";
inline constexpr const char* kEventColumns =
    "sequence, topic_id, topic_offset, time_ms, kept_ms, type, content_type, data, checksum,"
    " is_binary, copy_index, copy_count";
inline constexpr const char* kForgottenColumns = "bucket, last_offset, last_sequence, checksum";
inline constexpr const char* kRecordColumns = "kind, id, owner, version, data, checksum";

[[nodiscard]] constexpr std::int64_t to_ms(WallTime time) {
    return time.time_since_epoch().count();
}
[[nodiscard]] constexpr WallTime from_ms(std::int64_t ms) {
    return WallTime{std::chrono::milliseconds{ms}};
}

/// Binds the twelve columns. Lifetime: `name` outlives the run.
void bind_topic(Query& query, const hub::TopicName& name, const TopicRow& row);
struct NamedTopicRow {
    hub::TopicName name;
    TopicRow row;
};
/// Errors: `kDamaged` when the checksum is wrong.
[[nodiscard]] Result<NamedTopicRow> read_topic(const Query& query);
/// The row's values without a check of its checksum.
[[nodiscard]] TopicRow unchecked_topic(const Query& query);

/// A row of `forgotten_topics`.
struct ForgottenRow {
    hub::ForgottenTopics::Bucket bucket = 0;
    hub::ForgottenTopics::Mark mark;
};
/// Binds the four columns.
void bind_forgotten(Query& query, const ForgottenRow& row);
/// Errors: `kDamaged` when the checksum is wrong, or there is no such bucket.
[[nodiscard]] Result<ForgottenRow> read_forgotten(const Query& query);

/// Binds the twelve columns. Lifetime: `event` outlives the run.
void bind_event(Query& query, std::int64_t topic_id, const hub::Event& event, WallTime kept);
/// `name` is not in the row, but in its checksum: a row cannot be taken for another topic's.
/// Errors: `kDamaged` when the checksum is wrong.
[[nodiscard]] Result<EventRow> read_event(const Query& query, const hub::TopicName& name);

/// Binds the six columns. Lifetime: `record` outlives the run.
void bind_record(Query& query, const hub::Record& record);
/// Errors: `kDamaged` when the checksum is wrong.
[[nodiscard]] Result<hub::Record> read_record(const Query& query);

}  // namespace howl::storage::sqlite
