// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "hub/event_log.hpp"
#include "storage/sqlite/commit_marker.hpp"
#include "storage/sqlite/data_directory.hpp"
#include "storage/sqlite/event_writer.hpp"
#include "storage/sqlite/group_committer.hpp"
#include "storage/sqlite/read_queue.hpp"
#include "storage/sqlite/stats.hpp"

namespace howl::storage::sqlite {

struct SqliteEventLogOptions {
    EventWriterLimits limits = {};
    /// Events waiting for the disk. Reached: `kOverloaded`.
    std::size_t queue_events_max = limits::kAppendQueueEventsMax;
    /// Events in one commit; the rest waits for the next.
    std::size_t commit_events_max = limits::kCommitEventsMax;
    /// See `GroupCommitterOptions::checkpoint_pages`.
    int checkpoint_pages = GroupCommitterOptions{}.checkpoint_pages;
    /// How often quiet topics are searched for expired events.
    std::chrono::milliseconds sweep_period = std::chrono::seconds{30};
    /// Called once, on the writer's thread, after an error that fails every later append: the
    /// process should log it and exit, so that a restart recovers what is on the disk.
    std::function<void(const Error&)> on_failed = {};
    /// SQLite's name of the file layer; null: the system's.
    const char* vfs = nullptr;
};

/// The durable lane: one SQLite file, `howl.db`, in a directory of its own.
///
/// Acknowledged means synced. Two threads work here, and the disk is touched on no other:
///
/// ```
///   append, purge --> GroupCommitter --> WAL, sync --> CommitListener   (writer: EventWriter)
///   read, history --> ReadQueue      --> snapshot  --> done             (reader: EventReader)
/// ```
///
/// A store of records joins through `append_with`, in the same transactions.
///
/// Thread: any, except where noted.
/// Errors: as the port says; `kDraining` before `start` and after `stop`. Refusals (`kOverloaded`,
/// `kDraining`, and `kStorageFailed` once the store has failed) go straight to `AppendBatch::done`
/// on the caller's thread, since nothing of theirs enters the log's order.
class SqliteEventLog final : public hub::EventLog {
public:
    /// Makes directory and database where there are none; a new database is a new epoch, and so is
    /// one that is behind what was acknowledged (`CommitMarker`).
    /// Errors: `kInvalidConfig` when another process uses the directory, `kSystem`,
    /// `kStorageFailed` when the database is damaged, not ours or from a newer Howl.
    [[nodiscard]] static Result<std::unique_ptr<SqliteEventLog>> open(
        const std::filesystem::path& directory, const Clock& clock, Random& random,
        SqliteEventLogOptions options = {});
    ~SqliteEventLog() override;
    SqliteEventLog(const SqliteEventLog&) = delete;
    SqliteEventLog& operator=(const SqliteEventLog&) = delete;

    [[nodiscard]] Epoch epoch() const override { return marker_->epoch(); }
    [[nodiscard]] Result<std::vector<hub::TopicState>> topics() override;
    [[nodiscard]] hub::ForgottenTopics forgotten() const override;
    [[nodiscard]] Result<std::vector<hub::EventRef>> newest(std::size_t bytes_max) override;
    void start(hub::CommitListener& listener) override;
    /// Requires: not called by the listener or a `done`.
    void stop() override;
    void append(hub::AppendBatch batch) override;
    /// Writes that are made together with a batch, or not at all.
    using Companion = std::move_only_function<Result<void>()>;
    /// Appends `batch` and makes the writes of `companion`, both or neither. It runs on the
    /// writer's thread at the batch's turn, after everything that could refuse the events; its
    /// error becomes the outcome of the batch, and a storage error that of the whole group.
    void append_with(hub::AppendBatch batch, Companion companion);
    void read(std::vector<hub::TopicName> topics, Sequence after, std::size_t limit,
              ReadDone done) override;
    void history(hub::TopicName topic, Offset after, std::size_t limit, HistoryDone done) override;
    void purge(hub::TopicName topic, hub::PurgeScope scope, PurgeDone done) override;

    [[nodiscard]] Stats stats() const;
    /// True from just before `on_failed` is called.
    [[nodiscard]] bool failed() const { return committer_.failed(); }

    /// Why writes are refused; empty: they are not.
    [[nodiscard]] std::optional<Error> trouble() const { return committer_.trouble(); }

    // For a store in the same database.

    /// Requires: before `start`, or in a companion.
    [[nodiscard]] Connection& writing_connection() { return committer_.connection(); }
    /// Requires: before `start`, or in a task of `read_queue`.
    [[nodiscard]] Connection& reading_connection() { return reads_.reader().connection(); }
    [[nodiscard]] ReadQueue& read_queue() { return reads_; }
    [[nodiscard]] Counters& counters() { return *counters_; }
    /// The newest sequence of those whose commit has been reported or is about to be.
    [[nodiscard]] Sequence committed_through() const { return writer_->committed_through(); }

    /// Does now what is done every `sweep_period`.
    void sweep_for_test(std::move_only_function<void(Result<void>)> done);

private:
    class AppendUnit;
    class PurgeUnit;
    class SweepUnit;

    SqliteEventLog(DataDirectory directory, const Clock& clock, SqliteEventLogOptions options,
                   std::unique_ptr<CommitMarker> marker, std::unique_ptr<Counters> counters,
                   Connection writing, std::unique_ptr<EventWriter> writer,
                   std::unique_ptr<EventReader> reader);

    [[nodiscard]] GroupCommitterOptions committer_options(SqliteEventLogOptions options);

    // Constant after construction.
    const DataDirectory directory_;
    const std::unique_ptr<CommitMarker> marker_;
    const std::unique_ptr<Counters> counters_;
    const std::unique_ptr<EventWriter> writer_;
    // Each with a thread of its own. The reader's connection closes first, so that closing the
    // writer's removes the WAL.
    GroupCommitter committer_;
    ReadQueue reads_;
};

}  // namespace howl::storage::sqlite
