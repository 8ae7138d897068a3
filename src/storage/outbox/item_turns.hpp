// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <map>

#include "hub/store.hpp"
#include "storage/outbox/work_loop.hpp"

namespace howl::storage::outbox {

/// Work on items, one piece at a time for each item, in the order in which it came.
///
/// Two commits of one item that overlap would cost a refused request, and a refused request could
/// no longer be told from a repeated one by the item's token.
///
/// Thread: the loop's.
/// Limits: none of its own; what may come in is bounded by `InFlightGate` and `RecoveryQueue`.
class ItemTurns {
public:
    /// Called once, at the end of a piece of work.
    using Over = std::move_only_function<void()>;
    using Work = std::move_only_function<void(Over)>;

    explicit ItemTurns(WorkLoop& loop) : loop_(loop) {}

    /// Begins `work` now, or when its turn comes.
    void take(const hub::RecordKey& key, Work work);
    [[nodiscard]] bool is_free(const hub::RecordKey& key) const { return !turns_.contains(key); }

private:
    void begin(const hub::RecordKey& key, Work work);
    void next(const hub::RecordKey& key);

    WorkLoop& loop_;
    /// What waits behind the work that runs.
    std::map<hub::RecordKey, std::deque<Work>> turns_;
};

}  // namespace howl::storage::outbox
