// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "hub/forgotten_topics.hpp"
#include "hub/topic_name.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/rows.hpp"
#include "storage/sqlite/topic_recovery.hpp"

namespace howl::storage::sqlite {

/// The tables `topics` and `forgotten_topics`, and the whole of them in memory.
///
/// Changes in memory are written by `put`, at the end of a group; a forgotten topic is written at
/// once. Every change keeps what it replaced until the next `begin_group`, so that a failed unit or
/// group can be undone.
///
/// Thread: the writer's; construction before it starts.
class TopicTable {
public:
    struct Topic {
        TopicRow row;
        Offset deleted_offset;                  ///< Rows of events up to here are deleted.
        WallTime last_keyed = WallTime::min();  ///< Of the last event with an idempotency key.
        bool is_forgotten = false;              ///< Kept for the case that the group fails.
    };
    using Topics = std::unordered_map<hub::TopicName, Topic>;
    using Entry = Topics::value_type;

    /// Reads both tables. A damaged row does not prevent a start: its values are recovered from the
    /// kept events where possible, and given up otherwise. Errors: those of `Query::step`.
    [[nodiscard]] static Result<TopicTable> load(Connection& connection);
    [[nodiscard]] const std::vector<DamagedRow>& damaged() const noexcept { return damaged_; }
    /// Why offsets that were given out may be given out again; empty: they can't.
    [[nodiscard]] std::string why_offsets_may_repeat() const;
    /// Rewrites tables with damaged rows, in one transaction, and deletes the events and keys of
    /// topics that are lost.
    /// Requires: before everything else, and where `why_offsets_may_repeat`, after a new epoch has
    /// begun.
    /// Errors: those of `Query::step`.
    [[nodiscard]] Result<void> repair(Connection& connection);

    [[nodiscard]] const Topics& all() const noexcept { return topics_; }
    [[nodiscard]] const hub::ForgottenTopics& forgotten() const noexcept { return forgotten_; }
    /// The newest sequence ever given to any topic; 0: none.
    [[nodiscard]] Sequence newest_sequence() const;
    /// Null: there is no such topic.
    [[nodiscard]] Entry* find(const hub::TopicName& name);
    /// A new topic, whose offsets begin after those forgotten under its name. Requires: `find`
    /// gives none.
    [[nodiscard]] Entry& make(const hub::TopicName& name);
    /// Keeps the present value of `topic` for `return_to`. To be called before it is changed.
    void remember(Entry& topic);
    [[nodiscard]] Result<void> put(Entry& topic);
    /// Requires: its events and keys are in no table any more. `topic` is gone afterwards.
    [[nodiscard]] Result<void> forget(Entry& topic);

    /// A point to return to.
    struct Mark {
        std::size_t undo_size = 0;
        std::int64_t last_topic_id = 0;
    };
    void begin_group() { undo_.clear(); }
    [[nodiscard]] Mark mark() const { return {undo_.size(), last_topic_id_}; }
    void return_to(const Mark& mark);
    /// The topics of this group that `put` must write.
    [[nodiscard]] std::vector<Entry*> changed() const;

private:
    struct Statements {
        Statement put;
        Statement remove;
        Statement put_forgotten;
    };
    /// Of a changed topic: its old value, empty if it is new. Of a forgotten one: itself, and the
    /// old value of its bucket.
    struct Undo {
        Entry* topic = nullptr;
        std::optional<Topic> before{};
        Topics::node_type forgotten{};
        hub::ForgottenTopics::Mark bucket{};
    };

    explicit TopicTable(Statements statements) : statements_(std::move(statements)) {}

    [[nodiscard]] Result<void> load_topics(Connection& connection);
    [[nodiscard]] Result<void> load_forgotten(Connection& connection);
    [[nodiscard]] Result<void> rewrite_topics(Connection& connection);
    [[nodiscard]] Result<void> rewrite_forgotten(Connection& connection);
    [[nodiscard]] Result<void> put_forgotten(const ForgottenRow& row);
    void add(NamedTopicRow topic);

    Statements statements_;
    Topics topics_;
    hub::ForgottenTopics forgotten_;
    std::vector<DamagedRow> damaged_;
    Sequence repaired_sequence_;  ///< The newest that is left in the tables after `repair`.
    std::int64_t last_topic_id_ = 0;
    std::vector<Undo> undo_;
};

}  // namespace howl::storage::sqlite
