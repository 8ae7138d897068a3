// SPDX-License-Identifier: Apache-2.0
#include "hub/sequencer.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/assert.hpp"
#include "base/limits.hpp"
#include "telemetry/metrics.hpp"

namespace howl::hub {

using telemetry::Counter;

namespace {

/// Calls `done` with `outcome` on the mailbox's shard.
template <class T>
void complete(Mailbox& mailbox, std::move_only_function<void(T)> done, T outcome) {
    mailbox.push([done = std::move(done), outcome = std::move(outcome)]() mutable {
        done(std::move(outcome));
    });
}

constexpr std::uint64_t bit_of(ShardId shard) {
    return std::uint64_t{1} << shard.value();
}

/// The first shard of those in `mask`, which is not empty.
constexpr std::size_t first_of(std::uint64_t mask) {
    return static_cast<std::size_t>(std::countr_zero(mask));
}

/// Takes `shard` out of the set under `key`, and an empty set out of `sets`.
template <class Key>
void take_out(std::unordered_map<Key, std::uint64_t>& sets, const Key& key, ShardId shard) {
    const auto found = sets.find(key);
    if (found == sets.end()) {
        return;
    }
    found->second &= ~bit_of(shard);
    if (found->second == 0) {
        sets.erase(found);
    }
}

/// Counts events that were read from a log as memory held for a peer.
Result<OutputMemory::Hold> hold(std::span<const EventRef> events) {
    std::size_t bytes = 0;
    for (const auto& event : events) {
        bytes += event->data.size();
    }
    return OutputMemory::reserve(bytes, "read log");
}

/// The same for records of a store.
Result<OutputMemory::Hold> hold(std::span<const Record> records) {
    std::size_t bytes = 0;
    for (const auto& record : records) {
        bytes += record.data.size();
    }
    return OutputMemory::reserve(bytes, "list records");
}

/// Leaves out what is above `through`.
void keep_through(LogSlice& slice, Sequence through) {
    const auto later = std::ranges::upper_bound(slice.events, through, {}, &Event::sequence);
    if (later != slice.events.end()) {
        slice.events.erase(later, slice.events.end());
        slice.complete = true;
    }
}

/// Indexes what a few milliseconds are enough for; true when all topics are indexed.
bool index_now(LogWindow& window) {
    constexpr int kStepsMax = 8;
    for (int step = 0; step < kStepsMax; ++step) {
        if (window.index_some()) {
            return true;
        }
    }
    return false;
}

/// The topics of an event's copies, whatever their order; no name holds the NUL between them.
std::string group_of(std::span<const NewEvent> copies) {
    std::vector<std::string_view> names;
    for (const auto& copy : copies) {
        names.push_back(copy.topic.text());
    }
    std::ranges::sort(names);
    std::string group;
    for (const auto name : names) {
        group.append(name) += '\0';
    }
    return group;
}

}  // namespace

Sequencer::Sequencer(EventLog& durable, EventLog& volatile_log, const TopicPolicies& policies,
                     const Clock& clock, std::size_t window_bytes_max)
    : durable_(durable),
      volatile_(volatile_log),
      policies_(policies),
      clock_(clock),
      age_clock_(clock),
      window_bytes_max_(window_bytes_max),
      epochs_{durable.epoch(), volatile_log.epoch()},
      window_(window_bytes_max),
      volatile_window_(window_bytes_max) {}

Sequencer::~Sequencer() {
    stop();
}

Result<void> Sequencer::start() {
    for (const Lane lane : kLanes) {
        HOWL_TRY_VOID(load(lane));
    }
    durable_.start(durable_listener_);
    volatile_.start(volatile_listener_);
    return {};
}

Result<void> Sequencer::load(Lane lane) {
    HOWL_TRY(topics, log_of(lane).topics());
    HOWL_TRY(newest, log_of(lane).newest(window_bytes_max_));
    auto forgotten = log_of(lane).forgotten();
    const MutexLock lock{mutex_};
    LogWindow& window = window_of(lane);
    window.restore(std::move(forgotten));
    window.reserve(topics.size());
    for (const auto& topic : topics) {
        window.restore(topic);
    }
    for (auto& event : newest) {
        const auto& retention = policies_.of(event->topic).retention;
        const WallTime since = event->time;
        window.append(std::move(event), retention, since);
    }
    handed_out_[lane] = window.head();
    return {};
}

void Sequencer::stop() {
    durable_.stop();
    volatile_.stop();
    // Where the log has failed, what they wait for does not come any more.
    const MutexLock lock{mutex_};
    if (!awaiting_.empty()) {
        tell_awaiting(awaiting_.rbegin()->first);
    }
}

void Sequencer::attach(ShardId id, Mailbox& mailbox) {
    HOWL_ASSERT(id.value() < limits::kShardsMax);
    mailboxes_.resize(std::max<std::size_t>(mailboxes_.size(), id.value() + 1));
    mailboxes_[id.value()] = &mailbox;
}

void Sequencer::publish(ShardId from, std::vector<NewEvent> events,
                        std::move_only_function<void(Result<Receipts>)> done) {
    HOWL_ASSERT(!events.empty());
    const Lane lane = policy_of(events.front().topic).lane;
    log_of(lane).append(batch_of(from, lane, std::move(events), std::move(done)));
}

void Sequencer::publish_copies(ShardId from, std::vector<NewEvent> copies,
                               std::move_only_function<void(Result<Receipts>)> done) {
    HOWL_ASSERT(!copies.empty());
    const Lane lane = policy_of(copies.front().topic).lane;
    if (copies.size() > 1) {
        const auto group = group_of(copies);
        for (auto& copy : copies) {
            copy.group = group;
        }
    }
    auto batch = batch_of(from, lane, std::move(copies), std::move(done));
    batch.grouping = AppendBatch::Grouping::kCopies;
    log_of(lane).append(std::move(batch));
}

void Sequencer::commit(ShardId from, Store& store, RecordChange change,
                       std::vector<NewEvent> events,
                       std::move_only_function<void(Result<Receipts>)> done) {
    store.commit(std::move(change),
                 batch_of(from, Lane::kDurable, std::move(events), std::move(done)));
}

AppendBatch Sequencer::batch_of(ShardId from, Lane lane, std::vector<NewEvent> events,
                                std::move_only_function<void(Result<Receipts>)> done) const {
    AppendBatch batch;
    for (auto& event : events) {
        const auto& policy = policy_of(event.topic);
        HOWL_ASSERT(policy.lane == lane);
        const auto rank = policies_.rank_of(event.topic);
        batch.items.push_back({std::move(event), policy.retention, rank});
    }
    batch.done = [&mailbox = *mailboxes_[from.value()],
                  done = std::move(done)](Result<Receipts> receipts) mutable {
        complete(mailbox, std::move(done), std::move(receipts));
    };
    return batch;
}

void Sequencer::list(ShardId shard, Store& store, Store::Query query,
                     std::move_only_function<void(Result<RecordSnapshot>)> done) {
    auto on_listed = [this, &mailbox = *mailboxes_[shard.value()],
                      done = std::move(done)](Result<RecordList> listed) mutable {
        auto memory = listed ? hold(listed->records) : std::unexpected(listed.error());
        if (!memory) {
            complete(mailbox, std::move(done),
                     Result<RecordSnapshot>{std::unexpected(std::move(memory).error())});
            return;
        }
        // The memory counts until `done` has taken the records.
        auto tell = [done = std::move(done), records = std::move(listed->records),
                     memory = std::move(*memory)](Cursor cursor) mutable {
            done(RecordSnapshot{std::move(records), std::move(cursor)});
        };
        // The store may show what the log has committed and has still to report.
        const MutexLock lock{mutex_};
        awaiting_.emplace(listed->through, Awaiting{mailbox, std::move(tell)});
        tell_awaiting(handed_out_[Lane::kDurable]);
    };
    store.list(std::move(query), std::move(on_listed));
}

void Sequencer::tell_awaiting(Sequence through) {
    while (!awaiting_.empty() && awaiting_.begin()->first <= through) {
        auto first = awaiting_.extract(awaiting_.begin());
        Cursor cursor{epochs_, handed_out_};
        cursor.sequences[Lane::kDurable] = first.key();
        complete(first.mapped().mailbox, std::move(first.mapped().action), std::move(cursor));
    }
}

void Sequencer::fence(ShardId shard, std::move_only_function<void(Cursor)> then) {
    const MutexLock lock{mutex_};
    complete(*mailboxes_[shard.value()], std::move(then), Cursor{epochs_, handed_out_});
}

void Sequencer::hand_out(Lane lane, std::vector<CommittedBatch> group) {
    if (lane == Lane::kDurable) {
        telemetry::count(Counter::kCommits);
    }
    const auto committed = clock_.steady_now();
    const MutexLock lock{mutex_};
    for (auto& batch : group) {
        if (batch.outcome) {
            // Before the events, so that whoever has heard of one finds the record everywhere.
            for (auto& update : batch.updates) {
                hand_out_update(std::move(update));
            }
            for (const auto& receipt : *batch.outcome) {
                if (receipt.freshness == Freshness::kNew) {
                    hand_out_event(lane, receipt.event, committed);
                } else {
                    telemetry::count(Counter::kPublishesRepeated);
                }
            }
        }
        batch.done(std::move(batch.outcome));
    }
    tell_awaiting(handed_out_[Lane::kDurable]);
}

void Sequencer::hand_out_update(RecordUpdate update) {
    const auto followers = followers_.find(update.key.kind);
    if (followers == followers_.end()) {
        return;
    }
    const auto shared = std::make_shared<const RecordUpdate>(std::move(update));
    for (ShardMask mask = followers->second; mask != 0; mask &= mask - 1) {
        mailboxes_[first_of(mask)]->push(shared);
    }
}

void Sequencer::hand_out_event(Lane lane, const EventRef& event, SteadyTime committed) {
    telemetry::count(Counter::kEventsPublished);
    auto& seen = window_of(lane).append(event, policy_of(event->topic).retention, age_clock_.now());
    handed_out_[lane] = event->sequence;
    auto mask = pattern_watchers_.shards_of(event->topic, seen);
    if (const auto watchers = watchers_.find(event->topic); watchers != watchers_.end()) {
        mask |= watchers->second;
    }
    auto sequences = handed_out_;
    // Who resumes behind one copy of an event has seen the others too.
    sequences[lane] = event->group_end();
    for (; mask != 0; mask &= mask - 1) {
        mailboxes_[first_of(mask)]->push(Delivery{event, sequences, committed});
    }
}

void Sequencer::forget(Lane lane, std::span<const TopicName> topics) {
    telemetry::count(Counter::kTopicsForgotten, topics.size());
    const MutexLock lock{mutex_};
    for (const auto& topic : topics) {
        window_of(lane).forget(topic);
    }
}

void Sequencer::watch(ShardId shard, const TopicName& topic) {
    const MutexLock lock{mutex_};
    watchers_[topic] |= bit_of(shard);
}

void Sequencer::unwatch(ShardId shard, const TopicName& topic) {
    const MutexLock lock{mutex_};
    take_out(watchers_, topic, shard);
}

void Sequencer::follow(ShardId shard, const std::string& kind) {
    const MutexLock lock{mutex_};
    followers_[kind] |= bit_of(shard);
}

void Sequencer::unfollow(ShardId shard, const std::string& kind) {
    const MutexLock lock{mutex_};
    take_out(followers_, kind, shard);
}

void Sequencer::watch(ShardId shard, const TopicPattern& pattern) {
    const MutexLock lock{mutex_};
    pattern_watchers_.add(shard, pattern);
}

void Sequencer::unwatch(ShardId shard, const TopicPattern& pattern) {
    const MutexLock lock{mutex_};
    pattern_watchers_.remove(shard, pattern);
}

Result<void> Sequencer::check_patterns(std::span<const TopicPattern> patterns,
                                       const Cursor* after) {
    const MutexLock lock{mutex_};
    if (pattern_watchers_.count() + patterns.size() > limits::kPatternsMax) {
        return fail(Errc::kOverloaded, "patterns");
    }
    for (const Lane lane : kLanes) {
        // A look that would have to wait long is for the replay.
        if (after == nullptr || !index_now(window_of(lane))) {
            continue;
        }
        const bool is_void =
            after->epochs[lane] != epochs_[lane] || after->sequences[lane] > handed_out_[lane];
        const auto from = is_void ? Sequence{0} : after->sequences[lane];
        if (auto found = window_of(lane).matching(patterns, from); !found) {
            return std::unexpected(std::move(found).error());
        }
    }
    return {};
}

bool Sequencer::is_watched(const TopicName& topic) const {
    const MutexLock lock{mutex_};
    return watchers_.contains(topic);
}

Cursor Sequencer::head() const {
    const MutexLock lock{mutex_};
    return {epochs_, handed_out_};
}

std::vector<TopicName> Sequencer::in_lane(std::span<const TopicName> topics, Lane lane) const {
    std::vector<TopicName> out;
    std::ranges::copy_if(topics, std::back_inserter(out),
                         [&](const TopicName& topic) { return policy_of(topic).lane == lane; });
    return out;
}

Sequencer::ReplayStep Sequencer::replay(ShardId shard, std::span<const TopicName> topics,
                                        const Cursor& after, Mailbox::Action on_joined) {
    Stretch unused;
    return replay(shard, {topics}, unused, after, std::move(on_joined));
}

Sequencer::ReplayStep Sequencer::replay(ShardId shard, const ReadSet& wanted, Stretch& stretch,
                                        const Cursor& after, Mailbox::Action on_joined) {
    ReplayStep step;
    step.cursor = after;
    const MutexLock lock{mutex_};
    for (const Lane lane : kLanes) {
        step.lane = lane;
        if (replay_lane(lane, wanted, stretch, step) == Outcome::kStep) {
            return step;
        }
        step.cursor.sequences[lane] = handed_out_[lane];
        step.cursor.epochs[lane] = epochs_[lane];
    }
    step.next = ReplayStep::Next::kJoined;
    mailboxes_[shard.value()]->push(std::move(on_joined));
    return step;
}

Sequencer::Outcome Sequencer::replay_lane(Lane lane, const ReadSet& wanted, Stretch& stretch,
                                          ReplayStep& step) {
    const auto at = step.cursor.sequences[lane];
    const bool is_void = step.cursor.epochs[lane] != epochs_[lane] || at > handed_out_[lane];
    const auto mine = in_lane(wanted.topics, lane);
    if (mine.empty() && wanted.patterns.empty()) {
        return Outcome::kCaughtUp;
    }
    step.head = handed_out_[lane];
    if (is_void) {
        restart_lane({mine, wanted.patterns}, step);
        return Outcome::kStep;
    }
    if (wanted.patterns.empty()) {
        return read_window(mine, handed_out_[lane], step);
    }
    if (at == handed_out_[lane]) {
        return Outcome::kCaughtUp;
    }
    if (!stretch.covers(lane, at) &&
        begin_stretch({mine, wanted.patterns}, stretch, step) == Outcome::kStep) {
        return Outcome::kStep;
    }
    return read_window(stretch.topics, stretch.through, step);
}

void Sequencer::restart_lane(const ReadSet& wanted, ReplayStep& step) {
    // Another history: whatever the reader has of these topics is void, also of those that this
    // history has never heard of.
    step.cursor.epochs[step.lane] = epochs_[step.lane];
    step.cursor.sequences[step.lane] = Sequence{0};
    add_gaps(step, wanted.topics);
    for (const auto& pattern : wanted.patterns) {
        step.pattern_gaps.push_back({pattern, step.head});
    }
    step.next = ReplayStep::Next::kMore;
}

Sequencer::Outcome Sequencer::begin_stretch(const ReadSet& wanted, Stretch& stretch,
                                            ReplayStep& step) {
    LogWindow& window = window_of(step.lane);
    if (!window.index_some()) {
        step.next = ReplayStep::Next::kLater;
        return Outcome::kStep;
    }
    const auto after = step.cursor.sequences[step.lane];
    auto found = window.matching(wanted.patterns, after);
    if (!found) {
        step.next = ReplayStep::Next::kTooWide;
        return Outcome::kStep;
    }
    std::erase_if(*found, [&](const TopicName& topic) {
        return policy_of(topic).lane != step.lane ||
               std::ranges::find(wanted.topics, topic) != wanted.topics.end();
    });
    found->insert(found->end(), wanted.topics.begin(), wanted.topics.end());
    stretch = {step.lane, after, step.head, std::move(*found)};
    if (after >= window.forgotten_through()) {
        return Outcome::kCaughtUp;
    }
    // Which topics they were is not known any more. Those told of again here were told of before.
    for (const auto& pattern : wanted.patterns) {
        step.pattern_gaps.push_back({pattern, window.forgotten_through()});
    }
    step.next = ReplayStep::Next::kMore;
    return Outcome::kStep;
}

Sequencer::Outcome Sequencer::read_window(std::span<const TopicName> topics, Sequence through,
                                          ReplayStep& step) {
    const Lane lane = step.lane;
    auto slice = window_of(lane).read(topics, step.cursor.sequences[lane], {}, age_clock_.now());
    if (!slice) {
        step.next = ReplayStep::Next::kAskLog;
        return Outcome::kStep;
    }
    keep_through(*slice, through);
    const bool is_at_head = slice->complete && through == handed_out_[lane];
    if (slice->events.empty() && slice->gaps.empty() && is_at_head) {
        return Outcome::kCaughtUp;
    }
    step.cursor.sequences[lane] = slice->complete ? through : slice->events.back()->sequence;
    step.events = std::move(slice->events);
    add_gaps(step, slice->gaps);
    step.next = ReplayStep::Next::kMore;
    return Outcome::kStep;
}

void Sequencer::check_continuity(ShardId shard, std::span<const TopicName> topics,
                                 const Cursor& after,
                                 std::move_only_function<void(Result<Continuity>)> done) {
    const Lane lane = policy_of(topics.front()).lane;
    auto tell = [&mailbox = *mailboxes_[shard.value()],
                 done = std::move(done)](Result<LogSlice> slice) mutable {
        Result<Continuity> out = Continuity::kWhole;
        if (!slice) {
            out = std::unexpected(std::move(slice).error());
        } else if (!slice->gaps.empty()) {
            out = Continuity::kBroken;
        }
        complete(mailbox, std::move(done), std::move(out));
    };
    std::optional<LogSlice> in_memory;
    {
        const MutexLock lock{mutex_};
        if (after.epochs[lane] != epochs_[lane] || after.sequences[lane] > handed_out_[lane]) {
            in_memory.emplace().gaps.assign(topics.begin(), topics.end());
        } else {
            in_memory = window_of(lane).read(topics, after.sequences[lane], {.events_max = 1},
                                             age_clock_.now());
        }
    }
    if (in_memory) {
        tell(std::move(*in_memory));
    } else {
        log_of(lane).read({topics.begin(), topics.end()}, after.sequences[lane], 1,
                          std::move(tell));
    }
}

void Sequencer::read_log(ShardId shard, std::span<const TopicName> topics, const Cursor& after,
                         Lane lane, std::move_only_function<void(Result<ReplayStep>)> done,
                         std::optional<Sequence> through) {
    telemetry::count(Counter::kLogReads);
    const Sequence head_then = through ? *through : head().sequences[lane];
    auto on_read = [this, &mailbox = *mailboxes_[shard.value()], after, lane, head_then,
                    done = std::move(done)](Result<LogSlice> slice) mutable {
        Result<ReplayStep> step;
        if (!slice) {
            step = std::unexpected(std::move(slice).error());
        } else if (auto memory = hold(slice->events)) {
            step = step_from_log(std::move(*slice), after, lane, head_then);
            step->memory = std::move(*memory);
        } else {
            step = std::unexpected(std::move(memory).error());
        }
        complete(mailbox, std::move(done), std::move(step));
    };
    log_of(lane).read(in_lane(topics, lane), after.sequences[lane], ReplayLimits{}.events_max,
                      std::move(on_read));
}

Sequencer::ReplayStep Sequencer::step_from_log(LogSlice slice, const Cursor& after, Lane lane,
                                               Sequence head_then) {
    // The log may hold events that are not handed out yet. A reader that took them here would join
    // before they are, and get them again.
    keep_through(slice, head_then);
    cut(slice, {});
    ReplayStep step;
    step.next = ReplayStep::Next::kMore;
    step.lane = lane;
    step.head = head_then;
    step.cursor = after;
    const bool at_end = slice.complete || slice.events.empty();
    step.cursor.sequences[lane] =
        at_end ? std::max(head_then, after.sequences[lane]) : slice.events.back()->sequence;
    step.events = std::move(slice.events);
    const MutexLock lock{mutex_};
    add_gaps(step, slice.gaps);
    return step;
}

void Sequencer::add_gaps(ReplayStep& step, std::span<const TopicName> topics) {
    for (const auto& topic : topics) {
        step.gaps.push_back({topic, window_of(step.lane).gone_through(topic)});
    }
}

void Sequencer::locate(ShardId shard, const TopicName& topic, const Position& position,
                       std::move_only_function<void(Result<Cursor>)> done) {
    const Lane lane = policy_of(topic).lane;
    Cursor cursor = head();
    Mailbox& mailbox = *mailboxes_[shard.value()];
    if (position.epoch != epochs_[lane]) {
        cursor.epochs[lane] = position.epoch;
        complete(mailbox, std::move(done), Result<Cursor>{std::move(cursor)});
        return;
    }
    std::optional<Sequence> known;
    {
        const MutexLock lock{mutex_};
        known = window_of(lane).sequence_before(topic, position.offset);
    }
    if (known) {
        cursor.sequences[lane] = *known;
        complete(mailbox, std::move(done), Result<Cursor>{std::move(cursor)});
        return;
    }
    auto on_page = [&mailbox, cursor, lane, wanted = position.offset.next(),
                    done = std::move(done)](Result<HistoryPage> page) mutable {
        Result<Cursor> out;
        if (!page) {
            out = std::unexpected(std::move(page).error());
        } else {
            const bool kept = !page->events.empty() && page->events.front()->offset == wanted;
            cursor.sequences[lane] =
                Sequence{kept ? page->events.front()->sequence.value() - 1 : 0};
            out = std::move(cursor);
        }
        complete(mailbox, std::move(done), std::move(out));
    };
    log_of(lane).history(topic, position.offset, 1, std::move(on_page));
}

void Sequencer::history(ShardId shard, const TopicName& topic, Offset after, std::size_t limit,
                        std::move_only_function<void(Result<History>)> done) {
    const Lane lane = policy_of(topic).lane;
    Mailbox& mailbox = *mailboxes_[shard.value()];
    std::optional<HistoryPage> in_memory;
    {
        const MutexLock lock{mutex_};
        in_memory = window_of(lane).history(topic, after, limit, age_clock_.now());
    }
    if (in_memory) {
        complete(mailbox, std::move(done),
                 Result<History>{History{epochs_[lane], std::move(*in_memory)}});
        return;
    }
    auto on_page = [&mailbox, epoch = epochs_[lane],
                    done = std::move(done)](Result<HistoryPage> page) mutable {
        Result<History> out;
        if (!page) {
            out = std::unexpected(std::move(page).error());
        } else if (auto memory = hold(page->events)) {
            out = History{epoch, std::move(*page), std::move(*memory)};
        } else {
            out = std::unexpected(std::move(memory).error());
        }
        complete(mailbox, std::move(done), std::move(out));
    };
    log_of(lane).history(topic, after, limit, std::move(on_page));
}

void Sequencer::purge(ShardId shard, const TopicName& topic, PurgeScope scope,
                      std::move_only_function<void(Result<void>)> done) {
    const Lane lane = policy_of(topic).lane;
    auto on_purged = [this, &mailbox = *mailboxes_[shard.value()], lane, topic,
                      done = std::move(done)](Result<Sequence> purged) mutable {
        if (purged) {
            const MutexLock lock{mutex_};
            window_of(lane).purge(topic, *purged);
        }
        complete(mailbox, std::move(done),
                 purged ? Result<void>{} : std::unexpected(std::move(purged).error()));
    };
    log_of(lane).purge(topic, scope, std::move(on_purged));
}

Sequencer::TopicStep Sequencer::list_topics(const TopicRange& range, std::size_t limit) {
    TopicStep step;
    auto& topics = step.topics;
    std::vector<ListedTopic> volatile_topics;
    {
        const MutexLock lock{mutex_};
        const bool is_indexed = window_.index_some();
        if (!volatile_window_.index_some() || !is_indexed) {
            step.reached = range.after;
            step.complete = false;
            return step;
        }
        topics = window_.list(range, Lane::kDurable, limit);
        volatile_topics = volatile_window_.list(range, Lane::kVolatile, limit);
    }
    step.complete = topics.size() + volatile_topics.size() < limit;
    topics.insert(topics.end(), volatile_topics.begin(), volatile_topics.end());
    std::ranges::sort(topics, {}, &ListedTopic::topic);
    if (!step.complete) {
        // Each lane gave its first ones, so of both together the first are among them. A topic that
        // both lanes know is not cut in two.
        const auto last = topics[limit - 1].topic;
        const auto later = std::ranges::upper_bound(topics, last, {}, &ListedTopic::topic);
        topics.erase(later, topics.end());
        step.reached = last.text();
    }
    // A lane still knows the topics that the configuration has moved to the other one.
    std::erase_if(topics, [this](const ListedTopic& listed) {
        return policy_of(listed.topic).lane != listed.lane;
    });
    return step;
}

std::size_t Sequencer::window_bytes() const {
    const MutexLock lock{mutex_};
    return window_.bytes() + volatile_window_.bytes();
}

std::size_t Sequencer::topic_count() const {
    const MutexLock lock{mutex_};
    return window_.topic_count() + volatile_window_.topic_count();
}

}  // namespace howl::hub
