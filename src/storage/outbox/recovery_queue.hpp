// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "storage/outbox/foreign_store.hpp"
#include "storage/outbox/item_turns.hpp"
#include "storage/outbox/outbox_options.hpp"
#include "storage/outbox/recent_writes.hpp"
#include "storage/outbox/relay.hpp"
#include "storage/outbox/work_loop.hpp"

namespace howl::storage::outbox {

/// Looks after the items in which a commit may have left something: it reads them again until
/// their events are in the log and no late request can change them any more.
///
/// Thread: the loop's.
/// Limits: `kItemsMax` items; reached: `has_room` is false and commits are refused.
class RecoveryQueue {
public:
    static constexpr std::size_t kItemsMax = 10'000;
    /// A request that got no answer may still be executed; after this time it is no longer.
    static constexpr std::chrono::seconds kUncertainTime{10};
    /// Items looked at in one round: as many as a few requests at a time can carry.
    static constexpr std::size_t kRoundMax = 64;
    static constexpr std::chrono::milliseconds kPauseMin{300};
    static constexpr std::chrono::milliseconds kPauseSpread{400};

    using Done = std::move_only_function<void(Result<void>)>;

    RecoveryQueue(ForeignStore& foreign, const TimeBudget& budget, WorkLoop& loop, ItemTurns& turns,
                  Relay& relay, RecentWrites& recent_writes, const Clock& clock, Random& random)
        : foreign_(foreign),
          budget_(budget),
          loop_(loop),
          turns_(turns),
          relay_(relay),
          recent_writes_(recent_writes),
          clock_(clock),
          random_(random) {}

    [[nodiscard]] bool has_room() const { return open_.size() < kItemsMax; }
    /// True if events of an earlier commit still wait in the item, as far as is known.
    [[nodiscard]] bool is_pending(const hub::RecordKey& key) const;

    /// The outcome of a commit is unknown: the item is looked at for `kUncertainTime` from now on.
    void mark_uncertain(const hub::RecordKey& key);
    /// Events wait in the item and could not be relayed yet.
    void mark_pending(const hub::RecordKey& key);
    /// The item was seen without pending events.
    void mark_resolved(const hub::RecordKey& key);

    /// Reads the item and relays what it has pending. Errors: `ForeignStore::read`, `Relay::run`.
    /// Requires: it is the turn of the item.
    void resolve(const hub::RecordKey& key, Done done);
    /// No new rounds. Idempotent.
    void stop() { stopped_ = true; }

private:
    struct Open {
        bool is_pending = false;
        SteadyTime uncertain_until{};
    };

    void plan_round();
    void begin_round();
    void end_of_turn();

    ForeignStore& foreign_;
    const TimeBudget& budget_;
    WorkLoop& loop_;
    ItemTurns& turns_;
    Relay& relay_;
    RecentWrites& recent_writes_;
    const Clock& clock_;
    Random& random_;
    std::map<hub::RecordKey, Open> open_;
    hub::RecordKey next_;  ///< Where the next round begins.
    std::size_t in_round_ = 0;
    bool planned_ = false;
    bool stopped_ = false;
};

}  // namespace howl::storage::outbox
