// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/event_reader.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/limits.hpp"

namespace howl::storage::sqlite {

using hub::EventRef;
using hub::TopicName;

namespace {

void add_gaps(hub::LogSlice& slice, const std::vector<TopicName>& topics) {
    for (const auto& topic : topics) {
        if (std::ranges::find(slice.gaps, topic) == slice.gaps.end()) {
            slice.gaps.push_back(topic);
        }
    }
}

}  // namespace

/// The events of several topics, after a sequence, in the order of the log. Damaged or missing
/// events are left out, and their topics noted.
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
            auto seen = reader_.count_damage(reader_.scan_.last_until(row, before, after));
            if (!seen) {
                return note_gap(name, std::move(seen).error());
            }
            before = *seen;
        }
        return push({&name, row.id, before.next(), ledger.last_offset, {}});
    }

    [[nodiscard]] bool empty() const { return runs_.empty(); }

    /// Empty: the next one can't be read. Requires: not empty.
    [[nodiscard]] Result<std::optional<EventRef>> next() {
        Run run = runs_.top();
        runs_.pop();
        std::optional<EventRef> found;
        auto event = reader_.event_at(*run.name, run.topic_id, run.offset);
        if (event) {
            found = std::move(*event);
        } else {
            HOWL_TRY_VOID(note_gap(*run.name, std::move(event).error()));
        }
        if (run.offset < run.last) {
            run.offset = run.offset.next();
            HOWL_TRY_VOID(push(run));
        }
        return found;
    }

    [[nodiscard]] const std::vector<TopicName>& gaps() const { return gaps_; }

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
        auto location = reader_.count_damage(reader_.scan_.first_from(run.topic_id, run.offset));
        if (!location) {
            // Without the index no further event of this topic can be found.
            return note_gap(*run.name, std::move(location).error());
        }
        const Offset found = *location ? (*location)->offset : run.last.next();
        if (found > run.offset) {
            HOWL_TRY_VOID(note_gap(*run.name, reader_.missing(*run.name, run.offset)));
        }
        if (found <= run.last) {
            run.offset = found;
            run.sequence = (*location)->sequence;
            runs_.push(run);
        }
        return {};
    }

    /// Turns damage into a gap of `name`; any other error is returned.
    [[nodiscard]] Result<void> note_gap(const TopicName& name, Error error) {
        if (error.code != Errc::kDamaged) {
            return std::unexpected(std::move(error));
        }
        if (std::ranges::find(gaps_, name) == gaps_.end()) {
            gaps_.push_back(name);
        }
        return {};
    }

    EventReader& reader_;
    std::priority_queue<Run, std::vector<Run>, std::greater<>> runs_;
    std::vector<TopicName> gaps_;
};

/// Reads the log backwards, and each topic until its first missing event.
class EventReader::Backwards {
public:
    Backwards(EventReader& reader, const TopicTable& known)
        : reader_(reader), now_(reader.clock_.now()) {
        topics_.reserve(known.all().size());
        for (const auto& topic : known.all()) {
            topics_.emplace(topic.second.row.id,
                            Topic{&topic, topic.second.row.ledger.last_offset});
        }
    }

    /// The event of the row; null where it is gone, or an event between it and the newest of its
    /// topic is missing. Errors: `kDamaged`, which has been counted.
    [[nodiscard]] Result<EventRef> take(const Query& row) {
        const auto found = topics_.find(row.integer(1));
        if (found == topics_.end()) {
            const Error error{Errc::kDamaged, "read event", "a row of no topic"};
            reader_.counters_.damage.add(error);
            return std::unexpected(error);
        }
        auto& [topic, next] = found->second;
        const auto& ledger = topic->second.row.ledger;
        const Offset offset{row.number(2)};
        if (next <= ledger.evicted_offset || offset <= ledger.evicted_offset ||
            from_ms(row.integer(4)) <= hub::expiry_cutoff(now_, ledger.retention.age_max)) {
            return nullptr;
        }
        if (offset != next) {
            static_cast<void>(reader_.missing(topic->first, next));
            next = Offset{};
            return nullptr;
        }
        HOWL_TRY(event, reader_.count_damage(read_event(row, topic->first)));
        next = Offset{next.value() - 1};
        return event.event;
    }

private:
    struct Topic {
        const TopicTable::Entry* entry;
        Offset next;  ///< The newest that is not taken yet; 0: none is taken any more.
    };
    EventReader& reader_;
    const WallTime now_;
    std::unordered_map<std::int64_t, Topic> topics_;
};

template <class T>
Result<T> EventReader::count_damage(Result<T> row) const {
    return sqlite::count_damage(counters_, std::move(row));
}

Result<std::unique_ptr<EventReader>> EventReader::create(Connection connection,
                                                         const hub::AgeClock& clock,
                                                         Counters& counters) {
    const std::string events = "SELECT " + std::string{kEventColumns} + " FROM events";
    HOWL_TRY(snapshot, ReadSnapshot::Statements::prepare(connection));
    HOWL_TRY(topic, connection.prepare("SELECT " + std::string{kTopicColumns} +
                                       " FROM topics WHERE name = ?"));
    HOWL_TRY(forgotten, connection.prepare("SELECT " + std::string{kForgottenColumns} +
                                           " FROM forgotten_topics WHERE bucket = ?"));
    HOWL_TRY(event, connection.prepare(events + " WHERE topic_id = ? AND topic_offset = ?"));
    HOWL_TRY(events_backwards, connection.prepare(events + " ORDER BY sequence DESC"));
    HOWL_TRY(scan, TopicScan::create(connection));
    return std::unique_ptr<EventReader>{
        new EventReader{std::move(connection), clock, counters,
                        Statements{std::move(snapshot), std::move(topic), std::move(forgotten),
                                   std::move(event), std::move(events_backwards)},
                        std::move(scan)}};
}

Result<std::vector<EventRef>> EventReader::newest(const TopicTable& known, std::size_t bytes_max) {
    HOWL_TRY(snapshot, ReadSnapshot::begin(statements_.snapshot));
    Backwards backwards{*this, known};
    Query query{statements_.events_backwards};
    std::vector<EventRef> out;
    std::size_t bytes = 0;
    for (;;) {
        const auto step = count_damage(query.step());
        if (!step && step.error().code != Errc::kDamaged) {
            return std::unexpected(step.error());
        }
        if (!step || *step == Query::Step::kDone) {
            break;
        }
        auto event = backwards.take(query);
        if (!event) {
            break;
        }
        if (*event == nullptr) {
            continue;
        }
        bytes += (*event)->data.size();
        if (bytes > bytes_max) {
            break;
        }
        out.push_back(std::move(*event));
    }
    std::ranges::reverse(out);
    return out;
}

Result<hub::LogSlice> EventReader::read(std::vector<TopicName> names, Sequence after,
                                        std::size_t limit) {
    std::ranges::sort(names);
    names.erase(std::ranges::unique(names).begin(), names.end());
    HOWL_TRY(snapshot, ReadSnapshot::begin(statements_.snapshot));
    hub::LogSlice slice;
    Merge merge{*this};
    std::vector<TopicName> unreadable;
    for (const auto& name : names) {
        auto found = find_topic(name);
        if (!found && found.error().code == Errc::kDamaged) {
            unreadable.push_back(name);
            continue;
        }
        HOWL_TRY(row, std::move(found));
        if (row.ledger.evicted_through > after) {
            slice.gaps.push_back(name);
        }
        HOWL_TRY_VOID(merge.add(name, row, after));
    }
    hub::EventLog::ByteBound bytes{limits::kReplayBytesMax};
    bool cut = false;
    while (!merge.empty() && slice.events.size() < limit) {
        HOWL_TRY(event, merge.next());
        if (event && !bytes.takes(**event)) {
            cut = true;
            break;
        }
        if (event) {
            slice.events.push_back(std::move(*event));
        }
    }
    slice.complete = merge.empty() && !cut;
    add_gaps(slice, unreadable);
    add_gaps(slice, merge.gaps());
    return slice;
}

Result<hub::HistoryPage> EventReader::history(const TopicName& name, Offset after,
                                              std::size_t limit) {
    HOWL_TRY(snapshot, ReadSnapshot::begin(statements_.snapshot));
    HOWL_TRY(row, find_topic(name));
    const auto& ledger = row.ledger;
    hub::HistoryPage page;
    page.first_retained = ledger.evicted_offset.next();
    page.last_offset = ledger.last_offset;
    hub::EventLog::ByteBound bytes{limits::kPageBytesMax};
    Offset offset = std::max(after, ledger.evicted_offset);
    while (offset < ledger.last_offset && page.events.size() < limit) {
        offset = offset.next();
        auto event = event_at(name, row.id, offset);
        if (event && !bytes.takes(**event)) {
            break;
        }
        if (event) {
            page.events.push_back(std::move(*event));
        } else if (event.error().code == Errc::kDamaged) {
            page.missing.push_back(offset);
        } else {
            return std::unexpected(std::move(event).error());
        }
    }
    return page;
}

Result<TopicRow> EventReader::find_topic(const TopicName& name) {
    TopicRow row;
    {
        Query query{statements_.topic};
        query.text(1, name.text());
        HOWL_TRY(step, query.step());
        if (step == Query::Step::kDone) {
            return find_forgotten(name);
        }
        HOWL_TRY(topic, count_damage(read_topic(query)));
        row = topic.row;
    }
    HOWL_TRY_VOID(expire(row));
    return row;
}

Result<TopicRow> EventReader::find_forgotten(const TopicName& name) {
    TopicRow row;
    Query query{statements_.forgotten};
    query.integer(1, std::uint64_t{hub::ForgottenTopics::bucket_of(name)});
    HOWL_TRY(step, query.step());
    if (step == Query::Step::kRow) {
        HOWL_TRY(found, count_damage(read_forgotten(query)));
        row.ledger.begin_behind(found.mark);
    }
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
        HOWL_TRY(sequence, count_damage(scan_.sequence_through(row, expired)));
        ledger.evicted_offset = expired;
        ledger.evicted_through = sequence;
    }
    return {};
}

Result<EventRef> EventReader::event_at(const TopicName& name, std::int64_t topic_id,
                                       Offset offset) {
    Query query{statements_.event};
    query.integer(1, topic_id).integer(2, offset.value());
    HOWL_TRY(step, count_damage(query.step()));
    if (step == Query::Step::kDone) {
        return std::unexpected(missing(name, offset));
    }
    HOWL_TRY(row, count_damage(read_event(query, name)));
    return row.event;
}

Error EventReader::missing(const TopicName& name, Offset offset) const {
    Error error{Errc::kDamaged, "read event",
                "the row of event " + std::to_string(offset.value()) + " of " + name.text() +
                    " is missing"};
    counters_.damage.add(error);
    return error;
}

}  // namespace howl::storage::sqlite
