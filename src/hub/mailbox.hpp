// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/mutex.hpp"
#include "hub/cursor.hpp"
#include "hub/event.hpp"
#include "hub/record.hpp"

namespace howl::hub {

/// An event on its way to a shard, with where a reader stands who has seen it.
struct Delivery {
    EventRef event;
    PerLane<Sequence> sequences;
    SteadyTime committed{};  ///< When the log reported its commit.
};

/// What the sequencer has for one shard, in the order in which it happened.
///
/// Deliveries, changes of records, acknowledgements and the markers of joining readers share one
/// queue, so that a reader that joins sees every event exactly once: those before its marker in its
/// replay, those behind it live. A burst wakes the shard once.
///
/// Thread: any. Limits: bounded by what the log commits while one turn lasts, since publishers wait
/// for their acknowledgement.
class Mailbox {
public:
    using Action = std::move_only_function<void()>;
    using Item = std::variant<Delivery, RecordUpdateRef, Action>;

    /// `wake` is called from any thread when the box turns from empty to full.
    explicit Mailbox(std::move_only_function<void()> wake) : wake_(std::move(wake)) {}

    void push(Item item);
    /// Everything in it, oldest first; `spare` gives its storage to the next ones.
    void take(std::vector<Item>& spare);

private:
    // Constant after construction.
    std::move_only_function<void()> wake_;
    Mutex mutex_;
    std::vector<Item> items_ HOWL_GUARDED_BY(mutex_);
};

}  // namespace howl::hub
