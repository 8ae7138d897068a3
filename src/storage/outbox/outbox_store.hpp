// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "hub/store.hpp"
#include "hub/topic_policy.hpp"
#include "storage/outbox/committer.hpp"
#include "storage/outbox/foreign_store.hpp"
#include "storage/outbox/in_flight_gate.hpp"
#include "storage/outbox/item_turns.hpp"
#include "storage/outbox/outbox_options.hpp"
#include "storage/outbox/recent_writes.hpp"
#include "storage/outbox/recovery_queue.hpp"
#include "storage/outbox/relay.hpp"
#include "storage/outbox/work_loop.hpp"

namespace howl::storage::outbox {

/// Records in a foreign store, whose events go into the log of this node.
///
/// Record and events are one conditional write of one item, which is the commit; the relay then
/// brings the events into the log, each once, through the node's own store. So the two systems
/// can't part for good, whichever of them stops when. Several nodes must not share the items:
/// events would go to one of them.
///
/// ```
///   commit --write(record, pending events)--> ForeignStore
///          --events, once--> the node's store --> EventLog --> batch.done
///          --clear(pending events)--> ForeignStore
/// ```
///
/// Beside the port: what is listed may be of several moments, all behind `RecordList::through`, and
/// a list that is late
/// (`ForeignStore::is_late`) may miss what *other* programs wrote a moment ago. Events carry no
/// idempotency keys (`kBadRequest`). When the log refuses events, the record is changed all the
/// same: the caller gets `kStorageFailed` and the events come later, and with them what the record
/// has become; of a change without events who follows the kind hears with the record's next one.
/// Of a kind that the foreign store does not keep: `kInvalidConfig`.
///
/// Source: docs/adr/0015, docs/adr/0031.
/// Thread: any; the work is done on the loop's.
/// Lifetime: the loop's thread ends before the store goes.
/// Limits: `OutboxOptions`.
class OutboxStore final : public hub::Store {
public:
    /// `node`: the store beside the log that gets the events, and its policies.
    OutboxStore(ForeignStore& foreign, WorkLoop& loop, hub::Store& node,
                const hub::TopicPolicies& policies, const Clock& clock, Random& random,
                OutboxOptions options);

    using Started = std::move_only_function<void(Result<void>)>;
    /// Opens the foreign store, relays what earlier processes have left pending, and lets work in;
    /// `started` is called in the loop. Errors: `ForeignStore::open`, the node's, `kStorageFailed`.
    /// Requires: the node's log runs.
    void start(Started started);
    /// Takes nothing more; `stopped` is called when what was taken is done, after about twice
    /// `commit_time` at most. Requires: once; the node's log runs until then.
    void stop(std::move_only_function<void()> stopped);

    void get(hub::RecordKey key, GetDone done) override;
    void list(Query query, ListDone done) override;
    void count(Query query, CountDone done) override;
    void commit(hub::RecordChange change, hub::AppendBatch batch) override;
    [[nodiscard]] std::chrono::milliseconds uncertain_time() const override {
        return RecoveryQueue::kUncertainTime;
    }

private:
    using Listed = std::move_only_function<void(Result<hub::RecordList>)>;

    void recover(Started started);
    void recover_kinds(std::vector<std::string> kinds, Started started);
    void resolve_page(std::vector<Item> page, ForeignStore::GoOn go_on);
    /// Has `work` done in the loop, with a `Listed` for its answer. Errors: those of `admit`.
    void read_list(const std::string& kind, Listed done,
                   std::move_only_function<void(Listed)> work);
    void gather(const Query& query, ForeignStore::Columns columns, Sequence through, Listed done);
    [[nodiscard]] Result<void> admit(const std::string& kind);
    [[nodiscard]] Result<void> check_commit(const hub::RecordChange& change,
                                            const hub::AppendBatch& batch) const;
    [[nodiscard]] Error port_error(const Error& error) const;

    // Constant after construction.
    ForeignStore& foreign_;
    WorkLoop& loop_;
    hub::Store& node_;
    const OutboxOptions options_;
    const TimeBudget budget_;
    // Shared.
    InFlightGate in_flight_;
    // The loop's.
    RecentWrites recent_writes_;
    ItemTurns turns_;
    Relay relay_;
    RecoveryQueue recovery_;
    Committer committer_;
};

}  // namespace howl::storage::outbox
