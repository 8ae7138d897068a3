// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/topic_recovery.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "storage/sqlite/topic_scan.hpp"

namespace howl::storage::sqlite {
namespace {

using Outcome = DamagedRow::Outcome;
using hub::TopicName;
using Names = std::vector<TopicName>;

void add_name(Names& names, std::string_view text) {
    auto name = TopicName::parse(text);
    if (name && std::ranges::find(names, *name) == names.end()) {
        names.push_back(std::move(*name));
    }
}

/// The possible names of the topics, by their ids.
Result<std::unordered_map<std::int64_t, Names>> possible_names(
    Connection& connection, const std::vector<DamagedTopic>& damaged) {
    std::unordered_map<std::int64_t, Names> names;
    for (const auto& topic : damaged) {
        add_name(names[topic.id], topic.name);
    }
    // The index has its own copy of each name.
    HOWL_TRY(all, connection.prepare("SELECT topic_id, name FROM topics"
                                     " INDEXED BY sqlite_autoindex_topics_1"));
    Query query{all};
    for (;;) {
        HOWL_TRY(step, query.step());
        if (step == Query::Step::kDone) {
            return names;
        }
        if (const auto found = names.find(query.integer(0)); found != names.end()) {
            add_name(found->second, query.bytes(1));
        }
    }
}

/// The newest event of a topic, and the newest that can be read.
struct KeptEvents {
    Offset last_offset;
    Sequence last_sequence;
    EventRow newest_readable;
};

class Recovery {
public:
    [[nodiscard]] static Result<Recovery> create(Connection& connection) {
        HOWL_TRY(newest_first,
                 connection.prepare("SELECT " + std::string{kEventColumns} +
                                    " FROM events WHERE topic_id = ? ORDER BY topic_offset DESC"));
        HOWL_TRY(last_keyed, connection.prepare("SELECT max(topic_offset) FROM idempotency_keys"
                                                " WHERE topic_id = ?"));
        HOWL_TRY(scan, TopicScan::create(connection));
        return Recovery{std::move(newest_first), std::move(last_keyed), std::move(scan)};
    }

    [[nodiscard]] Result<RecoveredTopic> recover(const DamagedTopic& damaged, const Names& names) {
        HOWL_TRY(kept, newest_of(damaged.id, names));
        if (!kept) {
            return RecoveredTopic{};
        }
        HOWL_TRY(row, row_from(damaged, *kept));
        HOWL_TRY(more, shows_more(damaged, *kept));
        return RecoveredTopic{more ? Outcome::kDoubtful : Outcome::kRecovered,
                              NamedTopicRow{kept->newest_readable.event->topic, row}};
    }

private:
    Recovery(Statement newest_first, Statement last_keyed, TopicScan scan)
        : newest_first_(std::move(newest_first)),
          last_keyed_(std::move(last_keyed)),
          scan_(std::move(scan)) {}

    /// Nothing where no event confirms a name.
    [[nodiscard]] Result<std::optional<KeptEvents>> newest_of(std::int64_t id, const Names& names) {
        KeptEvents kept;
        Query query{newest_first_};
        query.integer(1, id);
        for (;;) {
            HOWL_TRY(step, query.step());
            if (step == Query::Step::kDone) {
                return std::nullopt;
            }
            if (kept.last_offset == Offset{}) {
                kept.last_offset = Offset{query.number(2)};
                kept.last_sequence = Sequence{query.number(0)};
            }
            for (const auto& name : names) {
                if (auto event = read_event(query, name)) {
                    kept.newest_readable = std::move(*event);
                    return kept;
                }
            }
        }
    }

    [[nodiscard]] Result<TopicRow> row_from(const DamagedTopic& damaged, const KeptEvents& kept) {
        TopicRow row{.id = damaged.id, .ledger = {}, .last_kept = kept.newest_readable.kept};
        auto& ledger = row.ledger;
        ledger.last_offset = kept.last_offset;
        ledger.last_sequence = kept.last_sequence;
        ledger.last_time = kept.newest_readable.event->time;
        HOWL_TRY(oldest, scan_.first_from(damaged.id, Offset{1}));
        if (oldest && oldest->offset > Offset{1}) {
            ledger.evicted_offset = Offset{oldest->offset.value() - 1};
            ledger.evicted_through = Sequence{oldest->sequence.value() - 1};
        }
        const auto& unverified = damaged.unverified.ledger.retention;
        ledger.retention.count_max = std::max(ledger.retention.count_max, unverified.count_max);
        ledger.retention.age_max = std::max(ledger.retention.age_max, unverified.age_max);
        return row;
    }

    /// Whether the row, a key or a damaged event shows that there were newer events.
    [[nodiscard]] Result<bool> shows_more(const DamagedTopic& damaged, const KeptEvents& kept) {
        Query query{last_keyed_};
        query.integer(1, damaged.id);
        HOWL_TRY_VOID(query.step());
        const auto& unverified = damaged.unverified.ledger;
        return kept.newest_readable.event->offset != kept.last_offset ||
               unverified.last_offset > kept.last_offset ||
               unverified.last_sequence > kept.last_sequence ||
               Offset{query.number(0)} > kept.last_offset;
    }

    Statement newest_first_;
    Statement last_keyed_;
    TopicScan scan_;
};

}  // namespace

Result<std::vector<RecoveredTopic>> recover_topics(Connection& connection,
                                                   const std::vector<DamagedTopic>& damaged) {
    std::vector<RecoveredTopic> recovered;
    if (damaged.empty()) {
        return recovered;
    }
    HOWL_TRY(names, possible_names(connection, damaged));
    HOWL_TRY(recovery, Recovery::create(connection));
    for (const auto& topic : damaged) {
        HOWL_TRY(outcome, recovery.recover(topic, names[topic.id]));
        recovered.push_back(std::move(outcome));
    }
    return recovered;
}

}  // namespace howl::storage::sqlite
