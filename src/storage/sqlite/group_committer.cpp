// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/group_committer.hpp"

#include <utility>

#include "base/assert.hpp"

namespace howl::storage::sqlite {
namespace {

/// Readers kept the WAL from starting over until it was this many times as long as it should be.
/// Now they are waited for.
constexpr int kTruncateFactor = 16;

}  // namespace

GroupCommitter::GroupCommitter(Connection connection, TransactionMirror& mirror, const Clock& clock,
                               Counters& counters, GroupCommitterOptions options)
    : mirror_(mirror),
      clock_(clock),
      counters_(counters),
      options_(std::move(options)),
      connection_(std::move(connection)) {
    HOWL_ASSERT(options_.periodic);
}

GroupCommitter::~GroupCommitter() {
    stop();
}

void GroupCommitter::start() {
    const std::scoped_lock lock{mutex_};
    HOWL_ASSERT(phase_ == Phase::kNotStarted);
    phase_ = Phase::kRunning;
    // Not the injected clock: a thread can only sleep in real time.
    next_period_ = std::chrono::steady_clock::now() + options_.period;
    thread_ = std::thread{[this] { run(); }};
}

void GroupCommitter::stop() {
    {
        const std::scoped_lock lock{mutex_};
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
        const std::scoped_lock lock{mutex_};
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
    const std::scoped_lock lock{mutex_};
    return queued_weight_;
}

bool GroupCommitter::failed() const {
    const std::scoped_lock lock{mutex_};
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
}

GroupCommitter::Group GroupCommitter::take_group() {
    Group group;
    std::size_t weight = 0;
    std::unique_lock lock{mutex_};
    wake_.wait_until(lock, next_period_,
                     [this] { return !queue_.empty() || phase_ != Phase::kRunning; });
    if (phase_ == Phase::kRunning && std::chrono::steady_clock::now() >= next_period_) {
        next_period_ = std::chrono::steady_clock::now() + options_.period;
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
    queued_weight_ -= weight;
    return group;
}

void GroupCommitter::commit_group(Group group) {
    std::vector<Result<void>> outcomes(group.size());
    Result<void> fate = failed() ? fail(Errc::kStorageFailed, "commit") : Result<void>{};
    if (fate) {
        mirror_.begin_group();
        fate = apply_group(group, outcomes);
        if (!fate) {
            roll_back();
            mirror_.undo_group();
            if (fate.error().code == Errc::kStorageFailed) {
                fail_for_good(fate.error());
            } else {
                // A WAL that has been copied back is written from its start again, and needs no
                // more space.
                checkpoint(Connection::Checkpoint::kPassive);
            }
        }
    }
    for (std::size_t i = 0; i < group.size(); ++i) {
        group[i]->settle(fate ? std::move(outcomes[i]) : fate);
    }
    mirror_.group_settled();
}

Result<void> GroupCommitter::apply_group(const Group& group, std::vector<Result<void>>& outcomes) {
    HOWL_TRY_VOID(connection_.execute("BEGIN IMMEDIATE"));
    for (std::size_t i = 0; i < group.size(); ++i) {
        HOWL_TRY_VOID(apply_unit(*group[i], outcomes[i]));
    }
    HOWL_TRY_VOID(mirror_.finish_group());
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
        fail_for_good(rolled_back.error());
    }
}

void GroupCommitter::checkpoint_if_due() {
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
    } else if (done.error().code == Errc::kStorageFailed) {
        fail_for_good(done.error());
    }
    // A disk too full for it is no harm: the events are safe in the WAL, and it is tried again.
}

void GroupCommitter::fail_for_good(const Error& error) {
    {
        const std::scoped_lock lock{mutex_};
        if (phase_ == Phase::kFailed) {
            return;
        }
        phase_ = Phase::kFailed;
    }
    connection_.leave_wal_on_close();
    if (options_.on_failed) {
        options_.on_failed(error);
    }
}

}  // namespace howl::storage::sqlite
