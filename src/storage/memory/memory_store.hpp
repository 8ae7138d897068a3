// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>

#include "base/mutex.hpp"
#include "hub/store.hpp"
#include "storage/memory/memory_event_log.hpp"

namespace howl::storage::memory {

/// Records that live as long as the process, beside the events of a `MemoryEventLog`.
///
/// A change is made at its batch's turn in the log, so the records follow the log's order. `get`,
/// `list` and `count` answer before they return.
///
/// Thread: any.
/// Lifetime: destroyed after `log` has stopped, and before it is destroyed.
/// Limits: `bytes_max` of records, about. Reached: `kStorageFull`.
/// Errors: a change that `check_record_change` refuses goes straight to `AppendBatch::done`.
class MemoryStore final : public hub::Store {
public:
    static constexpr std::size_t kBytesMax = std::size_t{256} * 1024 * 1024;

    explicit MemoryStore(MemoryEventLog& log, std::size_t bytes_max = kBytesMax)
        : log_(log), bytes_max_(bytes_max) {}

    void get(hub::RecordKey key, GetDone done) override;
    void list(Query query, ListDone done) override;
    void count(Query query, CountDone done) override;
    void commit(hub::RecordChange change, hub::AppendBatch batch) override;

private:
    /// Calls `visit` with each record of the query, by id, rising.
    template <class Visit>
    void visit(const Query& query, Visit visit_one);
    /// Requires: at the turn of the change's batch.
    [[nodiscard]] Result<void> apply(hub::RecordChange change);

    // Constant after construction.
    MemoryEventLog& log_;
    const std::size_t bytes_max_;
    // Shared. The mutex may be taken while the log's is held and never the other way
    // round.
    Mutex mutex_;
    std::map<hub::RecordKey, hub::Record> records_ HOWL_GUARDED_BY(mutex_);
    std::size_t bytes_ HOWL_GUARDED_BY(mutex_) = 0;
};

}  // namespace howl::storage::memory
