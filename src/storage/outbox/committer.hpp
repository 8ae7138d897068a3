// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/random.hpp"
#include "base/result.hpp"
#include "hub/store.hpp"
#include "storage/outbox/foreign_store.hpp"
#include "storage/outbox/item_turns.hpp"
#include "storage/outbox/outbox_options.hpp"
#include "storage/outbox/recent_writes.hpp"
#include "storage/outbox/recovery_queue.hpp"
#include "storage/outbox/relay.hpp"
#include "storage/outbox/work_loop.hpp"

namespace howl::storage::outbox {

/// Makes commits: one conditional write each, then the relay of its events.
///
/// The write names the commit by a random token. Whatever comes back of it that is not an item is
/// judged by that token: if the item has it, the commit was made, by this try or an earlier one.
///
/// Thread: the loop's.
class Committer {
public:
    /// The commit is over, its events relayed or left to the recovery.
    using Over = std::move_only_function<void()>;

    Committer(ForeignStore& foreign, const TimeBudget& budget, WorkLoop& loop, ItemTurns& turns,
              Relay& relay, RecoveryQueue& recovery, RecentWrites& recent_writes, Random& random)
        : foreign_(foreign),
          budget_(budget),
          loop_(loop),
          turns_(turns),
          relay_(relay),
          recovery_(recovery),
          recent_writes_(recent_writes),
          random_(random) {}

    /// Errors, in `batch.done`: `kVersionConflict`, `kStorageFailed` at `deadline` at the latest,
    /// `kOverloaded`. Requires: `change` and `batch` were checked.
    void commit(hub::RecordChange change, hub::AppendBatch batch, SteadyTime deadline, Over over);

private:
    struct Work;
    using WorkPtr = std::shared_ptr<Work>;

    void begin(const WorkPtr& work);
    void write(const WorkPtr& work);
    /// The condition did not hold: because somebody else came first, or because an earlier try of
    /// this commit did.
    void resolve_conflict(const WorkPtr& work);
    void relay(const WorkPtr& work, Item item);
    void end(const WorkPtr& work, Error error);

    ForeignStore& foreign_;
    const TimeBudget& budget_;
    WorkLoop& loop_;
    ItemTurns& turns_;
    Relay& relay_;
    RecoveryQueue& recovery_;
    RecentWrites& recent_writes_;
    Random& random_;
};

}  // namespace howl::storage::outbox
