// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "hub/event.hpp"
#include "hub/forgotten_topics.hpp"
#include "hub/record.hpp"
#include "hub/topic_name.hpp"

namespace howl::hub {

/// How much of a topic's history is kept. Reached: the oldest events go first.
struct Retention {
    std::uint64_t count_max = 1000;  ///< Events; 0 keeps none.
    std::chrono::milliseconds age_max = std::chrono::hours{24};
};

/// Whose a topic is. What the node has for all topics together may be used further for some than
/// for others, so that those who may make any number of them can't take the last of it from Howl's
/// own apps.
enum class TopicRank : std::uint8_t {
    kVisitor,   ///< Of whoever publishes: four fifths.
    kUser,      ///< One for each user, room or report: nineteen twentieths.
    kInternal,  ///< A fixed few, without which an app can't work: all.
};

/// How much of `most` may be in use, by all ranks together, for one of `rank` to take more.
[[nodiscard]] constexpr std::size_t share_of(TopicRank rank, std::size_t most) noexcept {
    switch (rank) {
        case TopicRank::kVisitor:
            return most - most / 5;
        case TopicRank::kUser:
            return most - most / 20;
        case TopicRank::kInternal:
            break;
    }
    return most;
}

/// Where one topic stands in its log.
struct TopicState {
    TopicName topic;
    Offset last_offset;  ///< 0: nothing was ever published.
    Sequence last_sequence;
    Sequence evicted_through;  ///< Events up to here are gone: retention or `purge`.
};

enum class Freshness : std::uint8_t {
    kNew,       ///< This append stored the event.
    kRepeated,  ///< An earlier append with the same idempotency key did; this is that event.
};

struct Receipt {
    EventRef event;
    Freshness freshness = Freshness::kNew;
};

using Receipts = std::vector<Receipt>;

/// A set of events that is stored whole or not at all.
struct AppendBatch {
    struct Item {
        NewEvent event;
        Retention retention;
        TopicRank rank;  ///< No default, so that nobody gets the house's by forgetting it.
    };
    std::vector<Item> items;
    /// Called once, with one receipt per item in their order; by `CommitListener::on_commit`, or by
    /// `EventLog::append` itself for a refused batch.
    std::move_only_function<void(Result<Receipts>)> done;
    enum class Grouping : std::uint8_t {
        kSeparate,
        kCopies,  ///< Copies of one event, each in a topic of its own: see `PlaceInGroup`.
    } grouping = Grouping::kSeparate;
    /// What becomes of records in the same commit. The store that changes them says it here.
    std::vector<RecordUpdate> updates{};
};

/// A batch whose fate is known.
struct CommittedBatch {
    Result<Receipts> outcome;
    std::move_only_function<void(Result<Receipts>)> done;
    std::vector<RecordUpdate> updates{};  ///< Of no meaning where it failed.
};

/// Hears of every batch and of every forgotten topic, in the order of the log.
class CommitListener {
public:
    virtual ~CommitListener() = default;
    /// True while somebody reads `topic`: then the log keeps it.
    /// Thread: the log's own. The log may hold a lock of its own.
    [[nodiscard]] virtual bool is_read(const TopicName& topic) = 0;
    /// The log has forgotten `topics`. Thread: as for `on_commit`.
    virtual void on_forgotten(std::span<const TopicName> topics) = 0;
    /// One group commit. The listener calls each batch's `done`.
    /// Thread: the log's own, one call at a time.
    virtual void on_commit(std::vector<CommittedBatch> group) = 0;
};

/// Events of a set of topics after a point in the log.
struct LogSlice {
    std::vector<EventRef> events;  ///< By sequence, rising.
    /// Topics some of whose events after the asked point are gone or damaged.
    std::vector<TopicName> gaps;
    bool complete = true;  ///< False: a limit cut it; ask again after the last one.
};

/// What a purge takes away.
enum class PurgeScope : std::uint8_t {
    kHistory,  ///< The events. The topic itself goes when it may be forgotten.
    kTopic,    ///< The topic too, at once, with its idempotency keys and though it has readers.
};

/// Events of one topic after an offset.
struct HistoryPage {
    std::vector<EventRef> events;  ///< By offset, rising.
    std::vector<Offset> missing;   ///< Of the page's range, damaged: they can't be read any more.
    Offset first_retained;  ///< Offset of the oldest event kept; one past the last if none is.
    Offset last_offset;     ///< Newest offset ever given out; 0: none.
};

/// One lane of the node's event log: an ordered, possibly durable store of events (port).
///
/// It gives every event its sequence in the lane and its offset in the topic, both without holes:
/// a batch that fails takes none. Committed means on disk where the adapter has one, and it is said
/// before anybody can see the event. Retention drops old events and remembers how far
/// (`TopicState::evicted_through`), so that a reader who asks for them learns of the gap.
///
/// A topic without events and readers is forgotten once its last event is older than
/// `limits::kIdempotencyWindow`, and a purged one as soon as none of its idempotency keys is
/// younger. Its offsets are never given out again: see `ForgottenTopics`.
///
/// Source: docs/adr/0003, docs/adr/0005.
/// Thread: any, also at the same time.
class EventLog {
public:
    /// Whether another event goes into an answer that is bounded in bytes.
    class ByteBound {
    public:
        explicit ByteBound(std::size_t bytes_max) : left_(bytes_max) {}
        /// Takes the event's bytes off; the first one always fits.
        [[nodiscard]] bool takes(const Event& event) {
            const bool fits = std::exchange(empty_, false) || event.data.size() <= left_;
            left_ -= std::min(left_, event.data.size());
            return fits;
        }

    private:
        std::size_t left_;
        bool empty_ = true;
    };

    using ReadDone = std::move_only_function<void(Result<LogSlice>)>;
    using HistoryDone = std::move_only_function<void(Result<HistoryPage>)>;
    using PurgeDone = std::move_only_function<void(Result<Sequence>)>;

    virtual ~EventLog() = default;

    /// Survives restarts; a new one means that history was lost.
    [[nodiscard]] virtual Epoch epoch() const = 0;

    /// All topics it knows, for start-up. Their ages have not been looked at.
    /// Requires: before `start`.
    [[nodiscard]] virtual Result<std::vector<TopicState>> topics() = 0;
    /// What it remembers of the others. Requires: before `start`.
    [[nodiscard]] virtual ForgottenTopics forgotten() const = 0;
    /// The newest events of the lane, rising, about `bytes_max` of data at most, for start-up; of
    /// each topic without a hole up to its last event, or none. Requires: before `start`.
    [[nodiscard]] virtual Result<std::vector<EventRef>> newest(std::size_t bytes_max) = 0;

    /// From here on batches are taken and reported to `listener`.
    virtual void start(CommitListener& listener) = 0;
    /// Commits or fails what was taken, reports it, and ends the log's threads. Idempotent.
    virtual void stop() = 0;

    /// Takes a batch; the outcome comes through the listener. A batch that is refused before it
    /// enters the log's order (`kOverloaded`, `kDraining`, a store that has failed) is answered by
    /// its `done` alone, on the caller's thread.
    /// Errors (in the outcome): `kOverloaded` when the queue is full, `kStorageFull`,
    /// `kStorageFailed`, `kTooManyTopics`, `kIdempotencyConflict` (same key, other event),
    /// `kRateLimited` when as many keys are remembered as may be, of the publisher or of all: no
    /// key is forgotten before its time.
    virtual void append(AppendBatch batch) = 0;

    /// Events with a sequence above `after` in any of `topics`, at most `limit` of them and at most
    /// `limits::kReplayBytesMax` of data, but one at least. `done` may be called on any thread,
    /// also before this returns.
    virtual void read(std::vector<TopicName> topics, Sequence after, std::size_t limit,
                      ReadDone done) = 0;
    /// Events of `topic` with an offset above `after`, at most `limit` and at most
    /// `limits::kPageBytesMax` of data, but one at least. An unknown topic has an empty page; its
    /// next event comes behind `HistoryPage::last_offset`. `done` as for `read`.
    virtual void history(TopicName topic, Offset after, std::size_t limit, HistoryDone done) = 0;
    /// Deletes the history of `topic` up to now; offsets go on. Completes when durable, with the
    /// topic's newest deleted sequence (0 for an unknown topic). `done` as for `read`.
    virtual void purge(TopicName topic, PurgeScope scope, PurgeDone done) = 0;
};

}  // namespace howl::hub
