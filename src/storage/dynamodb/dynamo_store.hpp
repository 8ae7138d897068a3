// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "hub/store.hpp"
#include "storage/dynamodb/calls.hpp"
#include "storage/dynamodb/committer.hpp"
#include "storage/dynamodb/in_flight_gate.hpp"
#include "storage/dynamodb/item_turns.hpp"
#include "storage/dynamodb/lister.hpp"
#include "storage/dynamodb/recent_writes.hpp"
#include "storage/dynamodb/recovery_queue.hpp"
#include "storage/dynamodb/relay.hpp"
#include "storage/dynamodb/request_loop.hpp"
#include "storage/dynamodb/settings.hpp"
#include "storage/dynamodb/tables.hpp"

namespace howl::storage::dynamodb {

/// Records in DynamoDB, whose events go into the log of this node.
///
/// Record and events are one conditional write of one item, which is the commit; the relay then
/// brings the events into the log, each once, through the node's own store. So the two systems
/// can't part for good, whichever of them stops when. Several nodes must not share tables: events
/// would go to one of them.
///
/// ```
///   commit --UpdateItem(record, pending events)--> DynamoDB
///          --events, once--> the node's store --> EventLog --> batch.done
///          --UpdateItem(no pending events)--> DynamoDB
/// ```
///
/// Beside the port: `list` by owner reads an index that may miss what *other* programs wrote a
/// moment ago, and what is listed may be of several moments. Events carry no idempotency keys
/// (`kBadRequest`). When the log refuses events, the record is changed all the same: the caller
/// gets `kStorageFailed` and the events come later. Of a kind without a table: `kInvalidConfig`.
///
/// Thread: any; the work is done on the loop's.
/// Lifetime: the loop's thread ends before the store goes.
/// Limits: `DynamoSettings`; `kEventsBytesMax`; `kListBytesMax`.
class DynamoStore final : public hub::Store {
public:
    /// `kBodyTooLarge`. Of a commit's events: with the largest record they fit into an item, which
    /// DynamoDB bounds at 400 KB, also where JSON and base64 make them longer.
    static constexpr std::size_t kEventsBytesMax = std::size_t{192} * 1024;
    /// `kStorageFailed`. Of one list, in memory.
    static constexpr std::size_t kListBytesMax = std::size_t{256} * 1024 * 1024;

    /// `node`: the store beside the log that gets the events, and its policies.
    DynamoStore(RequestLoop& loop, hub::Store& node, const hub::TopicPolicies& policies,
                std::vector<Table> tables, const Clock& clock, Random& random,
                const DynamoSettings& settings);

    using Started = std::move_only_function<void(Result<void>)>;
    /// Checks the tables, relays what earlier processes have left pending, and opens; `started` is
    /// called in the loop. Errors: `check_tables`, the node's, `kStorageFailed`.
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
    using Listed = std::move_only_function<void(Result<std::vector<hub::Record>>)>;

    void recover(Started started);
    void recover_tables(std::vector<const Table*> tables, Started started);
    void resolve_page(const Table& table, std::vector<Item> page, Lister::GoOn go_on);
    void read_list(Query query, Columns columns, Listed done);
    void gather(const Table& table, const Query& query, Columns columns, Listed done);
    [[nodiscard]] Result<void> check_commit(const hub::RecordChange& change,
                                            const hub::AppendBatch& batch) const;
    [[nodiscard]] Result<const Table*> table_of(const std::string& kind) const;

    // Constant after construction.
    RequestLoop& loop_;
    const DynamoSettings settings_;
    const Tables tables_;
    // Shared.
    InFlightGate in_flight_;
    // The loop's.
    RecentWrites recent_writes_;
    ItemTurns turns_;
    Calls calls_;
    Lister lister_;
    Relay relay_;
    RecoveryQueue recovery_;
    Committer committer_;
};

}  // namespace howl::storage::dynamodb
