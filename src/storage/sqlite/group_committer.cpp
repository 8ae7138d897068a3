// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/group_committer.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "telemetry/metrics.hpp"

namespace howl::storage::sqlite {
namespace {

/// Readers can keep the WAL from starting over. When it is this many times as long as it should be,
/// the checkpoint waits for them.
constexpr int kTruncateFactor = 16;
/// While the disk is full: how often the writer checks by itself whether there is space again.
constexpr std::chrono::milliseconds kFullDiskPeriod{1000};

}  // namespace

GroupCommitter::GroupCommitter(Connection connection, TransactionMirror& mirror,
                               CommitMarker& marker, const std::filesystem::path& directory,
                               const Clock& clock, Counters& counters,
                               GroupCommitterOptions options)
    : mirror_(mirror),
      marker_(marker),
      clock_(clock),
      counters_(counters),
      options_(std::move(options)),
      connection_(std::move(connection)),
      reserve_(directory),
      health_(directory) {
    HOWL_ASSERT(options_.periodic);
}

GroupCommitter::~GroupCommitter() {
    stop();
}

void GroupCommitter::start() {
    const MutexLock lock{mutex_};
    HOWL_ASSERT(phase_ == Phase::kNotStarted);
    phase_ = Phase::kRunning;
    // Not the injected clock: a thread can only sleep in real time.
    next_period_ = std::chrono::steady_clock::now() + options_.period;
    thread_ = std::thread{[this] { run(); }};
}

void GroupCommitter::stop() {
    {
        const MutexLock lock{mutex_};
        if (phase_ == Phase::kNotStarted || phase_ == Phase::kRunning) {
            phase_ = Phase::kStopping;
        }
    }
    wake_.notify_one();
    if (thread_.joinable()) {
        thread_.join();
    }
}

Result<void> GroupCommitter::try_submit(std::unique_ptr<WorkUnit>& unit) {
    const std::size_t weight = unit->weight();
    {
        const MutexLock lock{mutex_};
        if (phase_ == Phase::kFailed) {
            return fail(Errc::kStorageFailed, "submit");
        }
        if (phase_ != Phase::kRunning) {
            return fail(Errc::kDraining, "submit");
        }
        if (queued_weight_ + weight > options_.queue_weight_max) {
            return fail(Errc::kOverloaded, "submit");
        }
        queued_weight_ += weight;
        queue_.push_back(std::move(unit));
    }
    wake_.notify_one();
    return {};
}

std::size_t GroupCommitter::queued_weight() const {
    const MutexLock lock{mutex_};
    return queued_weight_;
}

bool GroupCommitter::failed() const {
    const MutexLock lock{mutex_};
    return phase_ == Phase::kFailed;
}

void GroupCommitter::run() {
    for (;;) {
        Group group = take_group();
        if (group.empty()) {
            break;
        }
        commit_group(std::move(group));
        checkpoint_if_due();
    }
    checkpoint(Connection::Checkpoint::kTruncate);
    if (!failed()) {
        marker_.renew();
    }
}

GroupCommitter::Group GroupCommitter::take_group() {
    Group group;
    std::size_t weight = 0;
    const MutexLock lock{mutex_};
    while (queue_.empty() && phase_ == Phase::kRunning && wake_.wait_until(mutex_, next_period_)) {
    }
    const bool is_due =
        phase_ == Phase::kRunning && std::chrono::steady_clock::now() >= next_period_;
    if (is_due) {
        next_period_ = std::chrono::steady_clock::now() + period_now();
        group.push_back(options_.periodic());
    }
    while (!queue_.empty()) {
        const std::size_t next = queue_.front()->weight();
        if (!group.empty() && weight + next > options_.group_weight_max) {
            break;
        }
        weight += next;
        group.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    only_periodic_ = is_due && group.size() == 1;
    queued_weight_ -= weight;
    return group;
}

std::chrono::milliseconds GroupCommitter::period_now() const {
    return trouble() ? std::min(options_.period, kFullDiskPeriod) : options_.period;
}

void GroupCommitter::commit_group(Group group) {
    std::vector<Result<void>> outcomes(group.size());
    const auto result = failed() ? fail(Errc::kStorageFailed, "commit")
                                 : run_transaction(group, Which::kAll, outcomes);
    if (!result) {
        std::ranges::fill(outcomes, result);
        if (result.error().code == Errc::kStorageFull) {
            next_period_ =
                std::min(next_period_, std::chrono::steady_clock::now() + kFullDiskPeriod);
            retry_with_reserve(group, outcomes);
        }
    }
    for (std::size_t i = 0; i < group.size(); ++i) {
        group[i]->complete(std::move(outcomes[i]));
    }
    mirror_.group_completed();
}

Result<void> GroupCommitter::run_transaction(const Group& group, Which which,
                                             std::vector<Result<void>>& outcomes) {
    mirror_.begin_group();
    auto result = apply_group(group, which, outcomes);
    if (result) {
        // The little that the periodic unit writes may fit into the WAL's pages although the disk
        // is still full.
        if (!only_periodic_ || reserve_.has_room()) {
            health_.succeeded();
        }
        return result;
    }
    roll_back();
    mirror_.undo_group();
    if (result.error().code == Errc::kStorageFailed) {
        fail_for_good("commit", result.error());
        return result;
    }
    health_.failed("commit", result.error());
    // A WAL that has been checkpointed is written from its start again, and needs no more space.
    checkpoint(Connection::Checkpoint::kPassive);
    return result;
}

void GroupCommitter::retry_with_reserve(const Group& group, std::vector<Result<void>>& outcomes) {
    const bool wanted =
        std::ranges::any_of(group, [](const auto& unit) { return unit->frees_space(); });
    if (!wanted || failed() || !reserve_.release()) {
        return;
    }
    std::vector<Result<void>> second(group.size());
    const auto result = run_transaction(group, Which::kThatFreeSpace, second);
    for (std::size_t i = 0; i < group.size(); ++i) {
        if (group[i]->frees_space()) {
            if (result) {
                outcomes[i] = std::move(second[i]);
            } else {
                outcomes[i] = result;
            }
        }
    }
    checkpoint(Connection::Checkpoint::kTruncate);
    reserve_.refill();
}

Result<void> GroupCommitter::apply_group(const Group& group, Which which,
                                         std::vector<Result<void>>& outcomes) {
    HOWL_TRY_VOID(connection_.execute("BEGIN IMMEDIATE"));
    const auto changes_before = connection_.total_changes();
    for (std::size_t i = 0; i < group.size(); ++i) {
        if (which == Which::kAll || group[i]->frees_space()) {
            HOWL_TRY_VOID(apply_unit(*group[i], outcomes[i]));
        }
    }
    HOWL_TRY_VOID(mirror_.finish_group());
    if (connection_.total_changes() == changes_before && !trouble()) {
        return connection_.execute("COMMIT");  // Nothing was written, so nothing is synced.
    }
    HOWL_TRY_VOID(marker_.number_next());
    return commit();
}

Result<void> GroupCommitter::apply_unit(WorkUnit& unit, Result<void>& outcome) {
    HOWL_TRY_VOID(connection_.execute("SAVEPOINT unit"));
    mirror_.begin_unit();
    outcome = unit.apply();
    if (outcome) {
        return connection_.execute("RELEASE unit");
    }
    if (is_storage_error(outcome.error().code)) {
        return outcome;
    }
    mirror_.undo_unit();
    return connection_.execute("ROLLBACK TO unit; RELEASE unit");
}

Result<void> GroupCommitter::commit() {
    const auto begin = clock_.steady_now();
    HOWL_TRY_VOID(connection_.execute("COMMIT"));
    const auto taken = clock_.steady_now() - begin;
    marker_.committed();
    telemetry::observe(telemetry::Histogram::kCommitTime, taken);
    counters_.commits.fetch_add(1, std::memory_order_relaxed);
    counters_.commit_ns.fetch_add(
        std::chrono::duration_cast<std::chrono::nanoseconds>(taken).count(),
        std::memory_order_relaxed);
    return {};
}

void GroupCommitter::roll_back() {
    // Some errors have already ended the transaction.
    if (!connection_.in_transaction()) {
        return;
    }
    if (auto rolled_back = connection_.execute("ROLLBACK"); !rolled_back) {
        fail_for_good("rollback", rolled_back.error());
    }
}

void GroupCommitter::checkpoint_if_due() {
    reserve_.refill();
    const int pages = connection_.wal_pages();
    if (pages < checkpointed_pages_) {
        checkpointed_pages_ = 0;  // The WAL has started over.
    }
    if (pages - checkpointed_pages_ >= options_.checkpoint_pages) {
        checkpoint(pages >= kTruncateFactor * options_.checkpoint_pages
                       ? Connection::Checkpoint::kTruncate
                       : Connection::Checkpoint::kPassive);
    }
}

void GroupCommitter::checkpoint(Connection::Checkpoint kind) {
    if (failed()) {
        return;
    }
    const auto done = connection_.checkpoint(kind);
    if (done) {
        checkpointed_pages_ = connection_.wal_pages();
        health_.checkpointed();
    } else if (done.error().code == Errc::kStorageFailed) {
        fail_for_good("checkpoint", done.error());
    } else {
        health_.checkpoint_failed(done.error());
    }
}

void GroupCommitter::fail_for_good(std::string_view operation, const Error& error) {
    {
        const MutexLock lock{mutex_};
        if (phase_ == Phase::kFailed) {
            return;
        }
        phase_ = Phase::kFailed;
    }
    health_.failed(operation, error);
    connection_.leave_wal_on_close();
    if (options_.on_failed) {
        options_.on_failed(error);
    }
}

}  // namespace howl::storage::sqlite
