// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "base/mutex.hpp"
#include "base/result.hpp"
#include "storage/sqlite/commit_marker.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/space_reserve.hpp"
#include "storage/sqlite/stats.hpp"
#include "storage/sqlite/write_health.hpp"

namespace howl::storage::sqlite {

/// Something that is stored whole or not at all: a batch of events, a record with the events that
/// announce it, a purge.
/// Thread: the writer's.
class WorkUnit {
public:
    virtual ~WorkUnit() = default;
    /// What it counts for in the limits of queue and group; at least 1.
    [[nodiscard]] virtual std::size_t weight() const = 0;
    /// Writes, inside a transaction and a savepoint of its own. A storage error fails the whole
    /// group; any other rolls back this unit alone.
    [[nodiscard]] virtual Result<void> apply() = 0;
    /// True for a unit that frees space: on a full disk it is tried again with the reserve.
    [[nodiscard]] virtual bool frees_space() const { return false; }
    /// Receives the outcome: after the commit, in the order of the queue, once.
    virtual void complete(Result<void> outcome) = 0;
};

/// State in memory that mirrors the tables and is rolled back with them.
/// Thread: the writer's.
class TransactionMirror {
public:
    virtual ~TransactionMirror() = default;
    virtual void begin_group() = 0;
    virtual void begin_unit() = 0;
    virtual void undo_unit() = 0;
    /// The last writes before the commit.
    [[nodiscard]] virtual Result<void> finish_group() = 0;
    virtual void undo_group() = 0;
    /// Every unit of the group has its outcome.
    virtual void group_completed() = 0;
};

struct GroupCommitterOptions {
    /// Units waiting, by weight. Reached: `kOverloaded`.
    std::size_t queue_weight_max = limits::kAppendQueueEventsMax;
    /// Units in one transaction, by weight; at least one unit goes in.
    std::size_t group_weight_max = limits::kCommitEventsMax;
    /// Pages of WAL after which it is checkpointed: at 4 MiB reads stay fast, a restart has little
    /// to recover, and one commit in hundreds pays for it.
    int checkpoint_pages = 1000;
    /// How often `periodic` is asked for a unit, busy or idle.
    std::chrono::milliseconds period = std::chrono::seconds{30};
    std::function<std::unique_ptr<WorkUnit>()> periodic = {};
    /// Called once, on the writer's thread, when the store must not be written any more.
    std::function<void(const Error&)> on_failed = {};
};

/// The writer: one thread, one connection, and the only one that commits and checkpoints.
///
/// A sync of the disk takes as long for a thousand units as for one. So the thread takes everything
/// that waits, runs it as one transaction, and what arrives meanwhile becomes the next: the busier
/// it is, the less a unit costs. Event log and store share one committer, so that a record and the
/// events that announce it are one commit.
///
/// A full disk fails the group and nothing else; the next one tries again, and without one the
/// writer tries by itself every second. Of a group that found the disk full, the units that free
/// space are tried again with the space of the `SpaceReserve`. After any other error of the disk
/// its contents are unknown: the committer fails for good, answers `kStorageFailed` from then on,
/// and leaves the WAL for the next start to recover.
///
/// Thread: any, except where noted.
class GroupCommitter {
public:
    GroupCommitter(Connection connection, TransactionMirror& mirror, CommitMarker& marker,
                   const std::filesystem::path& directory, const Clock& clock, Counters& counters,
                   GroupCommitterOptions options);
    ~GroupCommitter();
    GroupCommitter(const GroupCommitter&) = delete;
    GroupCommitter& operator=(const GroupCommitter&) = delete;

    void start();
    /// Commits what waits, checkpoints the WAL, ends the thread. Idempotent.
    /// Requires: not called on the writer's thread.
    void stop();

    /// Takes `unit`, which then gets its outcome; on error it stays the caller's.
    /// Errors: `kDraining` before `start` and after `stop`, `kOverloaded`, `kStorageFailed`.
    [[nodiscard]] Result<void> try_submit(std::unique_ptr<WorkUnit>& unit);

    [[nodiscard]] std::size_t queued_weight() const;
    [[nodiscard]] bool failed() const;
    /// Why writes are refused; empty: they are not.
    [[nodiscard]] std::optional<Error> trouble() const { return health_.trouble(); }

    /// For preparing statements and loading. Requires: before `start`, or on the writer's thread.
    [[nodiscard]] Connection& connection() { return connection_; }

private:
    using Group = std::vector<std::unique_ptr<WorkUnit>>;
    enum class Phase : std::uint8_t { kNotStarted, kRunning, kStopping, kFailed };

    void run();
    [[nodiscard]] Group take_group();
    void commit_group(Group group);
    enum class Which : std::uint8_t { kAll, kThatFreeSpace };
    /// One transaction of the units that `which` selects; undone where it fails.
    [[nodiscard]] Result<void> run_transaction(const Group& group, Which which,
                                               std::vector<Result<void>>& outcomes);
    [[nodiscard]] Result<void> apply_group(const Group& group, Which which,
                                           std::vector<Result<void>>& outcomes);
    /// After a full disk: tries the units that free space again, with the reserve released.
    void retry_with_reserve(const Group& group, std::vector<Result<void>>& outcomes);
    [[nodiscard]] std::chrono::milliseconds period_now() const;
    [[nodiscard]] Result<void> apply_unit(WorkUnit& unit, Result<void>& outcome);
    [[nodiscard]] Result<void> commit();
    void roll_back();
    void checkpoint_if_due();
    void checkpoint(Connection::Checkpoint kind);
    void fail_for_good(std::string_view operation, const Error& error);

    // Constant after construction.
    TransactionMirror& mirror_;
    CommitMarker& marker_;
    const Clock& clock_;
    Counters& counters_;
    const GroupCommitterOptions options_;
    // The writer's alone.
    Connection connection_;
    SpaceReserve reserve_;
    std::chrono::steady_clock::time_point next_period_;
    bool only_periodic_ = false;  ///< The last group was the periodic unit alone.
    int checkpointed_pages_ = 0;  ///< Of the present WAL, at the last checkpoint.
    // Shared.
    WriteHealth health_;
    mutable Mutex mutex_;
    Condition wake_;
    Phase phase_ HOWL_GUARDED_BY(mutex_) = Phase::kNotStarted;
    std::deque<std::unique_ptr<WorkUnit>> queue_ HOWL_GUARDED_BY(mutex_);
    std::size_t queued_weight_ HOWL_GUARDED_BY(mutex_) = 0;

    std::thread thread_;
};

}  // namespace howl::storage::sqlite
