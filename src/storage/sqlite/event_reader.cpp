// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/event_reader.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <string>
#include <unordered_map>
#include <utility>

namespace howl::storage::sqlite {

using hub::EventRef;
using hub::TopicName;

/// One view of the file for all statements of an answer.
class EventReader::Snapshot {
public:
    [[nodiscard]] static Result<Snapshot> begin(const Statements& statements) {
        Query query{statements.begin};
        HOWL_TRY_VOID(query.run());
        return Snapshot{statements};
    }
    Snapshot(Snapshot&& other) noexcept : statements_(std::exchange(other.statements_, nullptr)) {}
    Snapshot& operator=(Snapshot&&) = delete;
    ~Snapshot() {
        if (statements_ != nullptr) {
            Query query{statements_->end};
            // Nothing was written, so there is nothing that could fail to be.
            static_cast<void>(query.run());
        }
    }

private:
    explicit Snapshot(const Statements& statements) : statements_(&statements) {}
    const Statements* statements_;
};

/// The events of several topics, from some place on, in the order of the log.
class EventReader::Merge {
public:
    explicit Merge(EventReader& reader) : reader_(reader) {}

    /// Adds the events of `name` above `after`. `row` says what exists.
    [[nodiscard]] Result<void> add(const TopicName& name, const TopicRow& row, Sequence after) {
        const auto& ledger = row.ledger;
        if (ledger.last_sequence <= after || ledger.empty()) {
            return {};
        }
        Offset before = ledger.evicted_offset;
        if (ledger.evicted_through < after) {
            HOWL_TRY(seen, reader_.count_damage(reader_.scan_.last_until(row, before, after)));
            before = seen;
        }
        return push({&name, row.id, before.next(), ledger.last_offset, {}});
    }

    [[nodiscard]] bool empty() const { return runs_.empty(); }

    /// Requires: not empty.
    [[nodiscard]] Result<EventRef> next() {
        Run run = runs_.top();
        runs_.pop();
        HOWL_TRY(event, reader_.event_at(*run.name, run.topic_id, run.offset));
        if (run.offset < run.last) {
            run.offset = run.offset.next();
            HOWL_TRY_VOID(push(run));
        }
        return event;
    }

private:
    struct Run {
        const TopicName* name;
        std::int64_t topic_id;
        Offset offset;  ///< The next.
        Offset last;
        Sequence sequence;  ///< Of the next.
        bool operator>(const Run& other) const { return sequence > other.sequence; }
    };

    [[nodiscard]] Result<void> push(Run run) {
        HOWL_TRY(sequence,
                 reader_.count_damage(reader_.scan_.sequence_at(run.topic_id, run.offset)));
        run.sequence = sequence;
        runs_.push(run);
        return {};
    }

    EventReader& reader_;
    std::priority_queue<Run, std::vector<Run>, std::greater<>> runs_;
};

template <class T>
Result<T> EventReader::count_damage(Result<T> row) const {
    return sqlite::count_damage(counters_, std::move(row));
}

Result<std::unique_ptr<EventReader>> EventReader::create(Connection connection,
                                                         const hub::AgeClock& clock,
                                                         Counters& counters) {
    const std::string topics = "SELECT " + std::string{kTopicColumns} + " FROM topics";
    const std::string events = "SELECT " + std::string{kEventColumns} + " FROM events";
    HOWL_TRY(begin, connection.prepare("BEGIN"));
    HOWL_TRY(end, connection.prepare("COMMIT"));
    HOWL_TRY(all_topics, connection.prepare(topics));
    HOWL_TRY(topic, connection.prepare(topics + " WHERE name = ?"));
    HOWL_TRY(event, connection.prepare(events + " WHERE topic_id = ? AND topic_offset = ?"));
    HOWL_TRY(events_backwards, connection.prepare(events + " ORDER BY sequence DESC"));
    HOWL_TRY(scan, TopicScan::create(connection));
    return std::unique_ptr<EventReader>{
        new EventReader{std::move(connection), clock, counters,
                        Statements{std::move(begin), std::move(end), std::move(all_topics),
                                   std::move(topic), std::move(event), std::move(events_backwards)},
                        std::move(scan)}};
}

Result<std::vector<hub::TopicState>> EventReader::topics() {
    HOWL_TRY(snapshot, Snapshot::begin(statements_));
    HOWL_TRY(rows, all_topics());
    std::vector<hub::TopicState> out;
    out.reserve(rows.size());
    for (auto& [name, row] : rows) {
        const auto& ledger = row.ledger;
        out.push_back(
            {std::move(name), ledger.last_offset, ledger.last_sequence, ledger.evicted_through});
    }
    return out;
}

Result<std::vector<EventRef>> EventReader::newest(std::size_t bytes_max) {
    HOWL_TRY(snapshot, Snapshot::begin(statements_));
    HOWL_TRY(rows, all_topics());
    std::unordered_map<std::int64_t, const NamedTopicRow*> topics;
    for (const auto& topic : rows) {
        topics.emplace(topic.row.id, &topic);
    }
    std::vector<EventRef> out;
    std::size_t bytes = 0;
    Query query{statements_.events_backwards};
    for (;;) {
        HOWL_TRY(step, query.step());
        if (step == Query::Step::kDone) {
            break;
        }
        const auto topic = topics.find(query.integer(1));
        if (topic == topics.end()) {
            counters_.corrupt_rows.fetch_add(1, std::memory_order_relaxed);
            break;
        }
        const auto& [name, row] = *topic->second;
        if (Offset{query.number(2)} <= row.ledger.evicted_offset) {
            continue;
        }
        auto event = count_damage(read_event(query, name));
        if (!event) {
            break;
        }
        bytes += event->event->data.size();
        if (bytes > bytes_max) {
            break;
        }
        out.push_back(std::move(event->event));
    }
    std::ranges::reverse(out);
    return out;
}

Result<hub::LogSlice> EventReader::read(std::vector<TopicName> names, Sequence after,
                                        std::size_t limit) {
    std::ranges::sort(names);
    names.erase(std::ranges::unique(names).begin(), names.end());
    HOWL_TRY(snapshot, Snapshot::begin(statements_));
    hub::LogSlice slice;
    Merge merge{*this};
    for (const auto& name : names) {
        HOWL_TRY(row, find_topic(name));
        if (!row) {
            continue;
        }
        if (row->ledger.evicted_through > after) {
            slice.gaps.push_back(name);
        }
        HOWL_TRY_VOID(merge.add(name, *row, after));
    }
    while (!merge.empty() && slice.events.size() < limit) {
        HOWL_TRY(event, merge.next());
        slice.events.push_back(std::move(event));
    }
    slice.complete = merge.empty();
    return slice;
}

Result<hub::HistoryPage> EventReader::history(const TopicName& name, Offset after,
                                              std::size_t limit) {
    HOWL_TRY(snapshot, Snapshot::begin(statements_));
    hub::HistoryPage page;
    page.first_retained = Offset{1};
    HOWL_TRY(row, find_topic(name));
    if (!row) {
        return page;
    }
    const auto& ledger = row->ledger;
    page.first_retained = ledger.evicted_offset.next();
    page.last_offset = ledger.last_offset;
    Offset offset = std::max(after, ledger.evicted_offset);
    while (offset < ledger.last_offset && page.events.size() < limit) {
        offset = offset.next();
        HOWL_TRY(event, event_at(name, row->id, offset));
        page.events.push_back(std::move(event));
    }
    return page;
}

Result<std::vector<NamedTopicRow>> EventReader::all_topics() {
    std::vector<NamedTopicRow> rows;
    {
        Query query{statements_.all_topics};
        for (;;) {
            HOWL_TRY(step, query.step());
            if (step == Query::Step::kDone) {
                break;
            }
            HOWL_TRY(topic, count_damage(read_topic(query)));
            rows.push_back(std::move(topic));
        }
    }
    for (auto& [name, row] : rows) {
        HOWL_TRY_VOID(expire(row));
    }
    return rows;
}

Result<std::optional<TopicRow>> EventReader::find_topic(const TopicName& name) {
    std::optional<TopicRow> row;
    {
        Query query{statements_.topic};
        query.text(1, name.text());
        HOWL_TRY(step, query.step());
        if (step == Query::Step::kDone) {
            return row;
        }
        HOWL_TRY(topic, count_damage(read_topic(query)));
        row = topic.row;
    }
    HOWL_TRY_VOID(expire(*row));
    return row;
}

Result<void> EventReader::expire(TopicRow& row) const {
    auto& ledger = row.ledger;
    const auto cutoff = hub::expiry_cutoff(clock_.now(), ledger.retention.age_max);
    if (ledger.empty() || row.oldest_kept > cutoff) {
        return {};
    }
    HOWL_TRY(expired, count_damage(scan_.last_until(row, ledger.evicted_offset, cutoff)));
    if (expired == ledger.last_offset) {
        ledger.evict_all();
    } else if (expired > ledger.evicted_offset) {
        HOWL_TRY(sequence, count_damage(scan_.sequence_at(row.id, expired)));
        ledger.evicted_offset = expired;
        ledger.evicted_through = sequence;
    }
    return {};
}

Result<EventRef> EventReader::event_at(const TopicName& name, std::int64_t topic_id,
                                       Offset offset) {
    Query query{statements_.event};
    query.integer(1, topic_id).integer(2, offset.value());
    HOWL_TRY(step, query.step());
    if (step == Query::Step::kDone) {
        return count_damage(Result<EventRef>{fail(
            Errc::kStorageFailed, "read event",
            "event " + std::to_string(offset.value()) + " of " + name.text() + " is missing")});
    }
    HOWL_TRY(row, count_damage(read_event(query, name)));
    return row.event;
}

}  // namespace howl::storage::sqlite
