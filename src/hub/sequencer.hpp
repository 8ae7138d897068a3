// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/mutex.hpp"
#include "hub/cursor.hpp"
#include "hub/event_log.hpp"
#include "hub/log_window.hpp"
#include "hub/mailbox.hpp"
#include "hub/output_memory.hpp"
#include "hub/pattern_watchers.hpp"
#include "hub/record.hpp"
#include "hub/store.hpp"
#include "hub/topic_ledger.hpp"
#include "hub/topic_pattern.hpp"
#include "hub/topic_policy.hpp"

namespace howl::hub {

/// The node's one sequencer: every event of both lanes passes here, in one order, on its way from
/// the log to the shards that have readers.
///
/// Shards that took events by themselves would see different orders, and a reader of several topics
/// would need one position for each. Behind one order a single cursor is enough, and joining is
/// exact: `replay` puts the reader's marker into the same ordered mailbox as the events.
///
/// ```
///   publish --> EventLog (durable | volatile) --on_commit--> Sequencer --> Mailbox of each
///   shard
/// ```
///
/// A completion (`done`) always runs in a later turn of the shard that asked.
///
/// Source: docs/adr/0005.
/// Thread: any. One mutex guards windows and interest; it is held for memory operations only.
class Sequencer {
public:
    /// What a reader reads. Views: valid while it is.
    struct ReadSet {
        std::span<const TopicName> topics;
        std::span<const TopicPattern> patterns{};
    };
    /// The topics of a reader of patterns, looked up for a stretch of one lane: its own, and those
    /// that match and have events in it.
    struct Stretch {
        Lane lane = Lane::kDurable;
        Sequence after;
        Sequence through;
        std::vector<TopicName> topics;
        [[nodiscard]] bool covers(Lane other, Sequence sequence) const noexcept {
            return lane == other && after <= sequence && sequence < through;
        }
    };

    /// What a replay step came to.
    struct ReplayStep {
        enum class Next {
            kJoined,   ///< `events` is the rest; `on_joined` follows in the mailbox.
            kMore,     ///< Take `events`, then ask again from `cursor`.
            kAskLog,   ///< The events are no longer in memory: `read_log`, then ask again.
            kLater,    ///< Ask again in a later turn: topics can't be looked up by pattern yet.
            kTooWide,  ///< The patterns match too many topics (`kPatternTooWide`).
        };
        Next next = Next::kJoined;
        /// A topic some of whose events behind the reader's place are gone.
        struct Gap {
            TopicName topic;
            Sequence through;  ///< None of them is above this.
        };
        /// The same for topics that are known no more, some of which may have matched.
        struct PatternGap {
            TopicPattern pattern;
            Sequence through;
        };
        std::vector<EventRef> events;
        std::vector<Gap> gaps;
        std::vector<PatternGap> pattern_gaps;
        Cursor cursor;                ///< Where the reader stands after `events`.
        Sequence head;                ///< Newest sequence of `lane` when the step was made.
        Lane lane = Lane::kDurable;   ///< Whose events they are, or which log to ask.
        OutputMemory::Hold memory{};  ///< What was read from the log for it.
    };

    Sequencer(EventLog& durable, EventLog& volatile_log, const TopicPolicies& policies,
              const Clock& clock, std::size_t window_bytes_max);
    ~Sequencer();
    Sequencer(const Sequencer&) = delete;
    Sequencer& operator=(const Sequencer&) = delete;

    /// Loads what the logs know and begins to take batches.
    /// Requires: every mailbox has been attached. Errors: the log's.
    [[nodiscard]] Result<void> start();
    /// Commits what was taken, then stops both logs. Idempotent.
    void stop();

    /// Shard `id` gets its events through `mailbox`, which outlives the sequencer's use of it.
    void attach(ShardId id, Mailbox& mailbox);

    /// Stores the events in one atomic commit, hands them to the readers, then calls `done` on
    /// shard `from`. Errors: `EventLog::append`. All events belong to one lane.
    void publish(ShardId from, std::vector<NewEvent> events,
                 std::move_only_function<void(Result<Receipts>)> done);
    /// The same for copies of one event, each in a topic of its own: who reads several of these
    /// topics gets it once.
    void publish_copies(ShardId from, std::vector<NewEvent> copies,
                        std::move_only_function<void(Result<Receipts>)> done);

    /// The same for a record and the events that announce its change, in one atomic commit of
    /// `store`. Errors: `Store::commit`. The events belong to the durable lane.
    void commit(ShardId from, Store& store, RecordChange change, std::vector<NewEvent> events,
                std::move_only_function<void(Result<Receipts>)> done);

    /// Records as they were at `cursor`: a reader that goes on from there misses nothing of them,
    /// and sees nothing twice where the store can list one moment (`RecordList::through`).
    struct RecordSnapshot {
        std::vector<Record> records;
        Cursor cursor;
    };
    /// The records of `query`; `done` runs on `shard`, behind every event up to their cursor.
    /// Errors: `Store::list`; `kOverloaded` where peers have too much in memory already.
    void list(ShardId shard, Store& store, Store::Query query,
              std::move_only_function<void(Result<RecordSnapshot>)> done);

    /// Runs `then` on `shard` with a cursor that divides what the shard is told: every event and
    /// every completion up to it comes before, every later one behind. What a shard knows when
    /// `then` runs is a snapshot, and the cursor is where its readers go on.
    void fence(ShardId shard, std::move_only_function<void(Cursor)> then);

    /// From now on `shard` gets the events of `topic`, until `unwatch`. One call per shard and
    /// topic.
    void watch(ShardId shard, const TopicName& topic);
    void unwatch(ShardId shard, const TopicName& topic);
    /// The same for the events of all topics that match; events of others may come too.
    void watch(ShardId shard, const TopicPattern& pattern);
    void unwatch(ShardId shard, const TopicPattern& pattern);
    /// See `Hub::check_patterns`.
    [[nodiscard]] Result<void> check_patterns(std::span<const TopicPattern> patterns,
                                              const Cursor* after);
    /// True while any shard has readers of `topic`, by its name: a pattern keeps no topic from
    /// being forgotten.
    [[nodiscard]] bool is_watched(const TopicName& topic) const;

    /// From now on `shard` hears of every committed change of a record of `kind`, in the order of
    /// the log and before the events of the same commit, until `unfollow`. One call per shard and
    /// kind.
    void follow(ShardId shard, const std::string& kind);
    void unfollow(ShardId shard, const std::string& kind);

    /// Where a reader stands that wants only what comes now.
    [[nodiscard]] Cursor head() const;
    [[nodiscard]] const PerLane<Epoch>& epochs() const noexcept { return epochs_; }

    /// The next step of a reader of `topics` that stands at `after`. When it has caught up,
    /// `on_joined` runs on `shard` behind every event up to `ReplayStep::cursor` and before every
    /// later one. A cursor of another epoch, or ahead of all that was handed out, is void: it leads
    /// to a gap in every topic of its lane, then to all that is kept.
    /// Requires: `shard` watches `topics`.
    [[nodiscard]] ReplayStep replay(ShardId shard, std::span<const TopicName> topics,
                                    const Cursor& after, Mailbox::Action on_joined);
    /// The same for a reader of patterns, who keeps `stretch` from one step to the next. Topics
    /// that come into being meanwhile are found by the step that comes to their first event.
    [[nodiscard]] ReplayStep replay(ShardId shard, const ReadSet& wanted, Stretch& stretch,
                                    const Cursor& after, Mailbox::Action on_joined);
    enum class Continuity : std::uint8_t { kWhole, kBroken };
    /// Whether a reader of `topics` that stands at `after` would read on without a gap, as far as
    /// is known now; `done` runs on `shard`. Errors: the log's, where it has to be asked.
    /// Requires: the topics are of one lane.
    void check_continuity(ShardId shard, std::span<const TopicName> topics, const Cursor& after,
                          std::move_only_function<void(Result<Continuity>)> done);
    /// One step from the log of `lane`, up to `through`, or without it to what had been handed out
    /// when it was asked; `done` runs on `shard`. Errors: as for `history`.
    void read_log(ShardId shard, std::span<const TopicName> topics, const Cursor& after, Lane lane,
                  std::move_only_function<void(Result<ReplayStep>)> done,
                  std::optional<Sequence> through = std::nullopt);

    /// Turns a position in one topic into a cursor; `done` runs on `shard`. An unknown epoch or a
    /// lost place gives a cursor that leads to a reset.
    void locate(ShardId shard, const TopicName& topic, const Position& position,
                std::move_only_function<void(Result<Cursor>)> done);

    struct History {
        Epoch epoch;
        HistoryPage page;
        /// What was read for it, where it was not in memory anyway.
        OutputMemory::Hold memory{};
    };
    /// Events of `topic` above `after`; `done` runs on `shard`. Errors: the log's; `kOverloaded`
    /// where peers have too much in memory already.
    void history(ShardId shard, const TopicName& topic, Offset after, std::size_t limit,
                 std::move_only_function<void(Result<History>)> done);
    /// Deletes the history of `topic`, or all of it; `done` runs on `shard` when that is durable.
    void purge(ShardId shard, const TopicName& topic, PurgeScope scope,
               std::move_only_function<void(Result<void>)> done);

    /// One step through the list of all topics, each in the lane of its policy.
    struct TopicStep {
        std::vector<ListedTopic> topics;  ///< By name, rising.
        std::string reached;              ///< The next step's `after`.
        bool complete = true;             ///< There are no others.
    };
    /// Looks at `limit` topics at most, or makes a part of the index and has nothing to show yet.
    /// Between two steps topics may come and go.
    [[nodiscard]] TopicStep list_topics(const TopicRange& range, std::size_t limit);

    [[nodiscard]] const TopicPolicy& policy_of(const TopicName& topic) const {
        return policies_.of(topic);
    }
    /// For gauges.
    [[nodiscard]] std::size_t window_bytes() const;
    [[nodiscard]] std::size_t topic_count() const;

private:
    /// Hears one lane's commits.
    class LaneListener final : public CommitListener {
    public:
        LaneListener(Sequencer& owner, Lane lane) : owner_(owner), lane_(lane) {}
        void on_commit(std::vector<CommittedBatch> group) override {
            owner_.hand_out(lane_, std::move(group));
        }
        bool is_read(const TopicName& topic) override { return owner_.is_watched(topic); }
        void on_forgotten(std::span<const TopicName> topics) override {
            owner_.forget(lane_, topics);
        }

    private:
        Sequencer& owner_;
        const Lane lane_;
    };

    using ShardMask = std::uint64_t;  ///< One bit per shard.

    [[nodiscard]] AppendBatch batch_of(ShardId from, Lane lane, std::vector<NewEvent> events,
                                       std::move_only_function<void(Result<Receipts>)> done) const;
    void hand_out(Lane lane, std::vector<CommittedBatch> group);
    /// What runs on a shard once a sequence of the durable lane has been handed out.
    struct Awaiting {
        Mailbox& mailbox;
        std::move_only_function<void(Cursor)> action;
    };
    void tell_awaiting(Sequence through) HOWL_REQUIRES(mutex_);
    void hand_out_update(RecordUpdate update) HOWL_REQUIRES(mutex_);
    void hand_out_event(Lane lane, const EventRef& event, SteadyTime committed)
        HOWL_REQUIRES(mutex_);
    void forget(Lane lane, std::span<const TopicName> topics);
    [[nodiscard]] Result<void> load(Lane lane);
    [[nodiscard]] EventLog& log_of(Lane lane) {
        return lane == Lane::kDurable ? durable_ : volatile_;
    }
    [[nodiscard]] ReplayStep step_from_log(LogSlice slice, const Cursor& after, Lane lane,
                                           Sequence head_then);
    void add_gaps(ReplayStep& step, std::span<const TopicName> topics) HOWL_REQUIRES(mutex_);
    enum class Outcome : std::uint8_t { kStep, kCaughtUp };
    /// One lane's part of a step.
    [[nodiscard]] Outcome replay_lane(Lane lane, const ReadSet& wanted, Stretch& stretch,
                                      ReplayStep& step) HOWL_REQUIRES(mutex_);
    /// Takes what memory has of `topics` up to `through`.
    [[nodiscard]] Outcome read_window(std::span<const TopicName> topics, Sequence through,
                                      ReplayStep& step) HOWL_REQUIRES(mutex_);
    /// Voids a cursor of another history.
    void restart_lane(const ReadSet& wanted, ReplayStep& step) HOWL_REQUIRES(mutex_);
    /// Looks up the topics from the step's cursor on. `kStep`: the step says what is in the way.
    [[nodiscard]] Outcome begin_stretch(const ReadSet& wanted, Stretch& stretch, ReplayStep& step)
        HOWL_REQUIRES(mutex_);
    [[nodiscard]] LogWindow& window_of(Lane lane) HOWL_REQUIRES(mutex_) {
        return lane == Lane::kDurable ? window_ : volatile_window_;
    }
    [[nodiscard]] std::vector<TopicName> in_lane(std::span<const TopicName> topics,
                                                 Lane lane) const;

    // Constant after construction.
    EventLog& durable_;
    EventLog& volatile_;
    const TopicPolicies& policies_;
    const Clock& clock_;
    const AgeClock age_clock_;
    const std::size_t window_bytes_max_;
    PerLane<Epoch> epochs_;
    LaneListener durable_listener_{*this, Lane::kDurable};
    LaneListener volatile_listener_{*this, Lane::kVolatile};
    std::vector<Mailbox*> mailboxes_;
    // Shared.
    mutable Mutex mutex_;
    PatternWatchers pattern_watchers_ HOWL_GUARDED_BY(mutex_);
    LogWindow window_ HOWL_GUARDED_BY(mutex_);
    LogWindow volatile_window_ HOWL_GUARDED_BY(mutex_);
    PerLane<Sequence> handed_out_ HOWL_GUARDED_BY(mutex_);
    std::multimap<Sequence, Awaiting> awaiting_ HOWL_GUARDED_BY(mutex_);
    std::unordered_map<TopicName, ShardMask> watchers_ HOWL_GUARDED_BY(mutex_);
    std::unordered_map<std::string, ShardMask> followers_ HOWL_GUARDED_BY(mutex_);  ///< By kind.
};

}  // namespace howl::hub
