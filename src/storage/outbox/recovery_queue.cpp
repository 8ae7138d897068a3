// SPDX-License-Identifier: Apache-2.0
#include "storage/outbox/recovery_queue.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace howl::storage::outbox {

bool RecoveryQueue::is_pending(const hub::RecordKey& key) const {
    const auto open = open_.find(key);
    return open != open_.end() && open->second.is_pending;
}

void RecoveryQueue::mark_uncertain(const hub::RecordKey& key) {
    open_[key].uncertain_until = clock_.steady_now() + kUncertainTime;
    plan_round();
}

void RecoveryQueue::mark_pending(const hub::RecordKey& key) {
    open_[key].is_pending = true;
    plan_round();
}

void RecoveryQueue::mark_resolved(const hub::RecordKey& key) {
    const auto open = open_.find(key);
    if (open == open_.end()) {
        return;
    }
    open->second.is_pending = false;
    if (clock_.steady_now() >= open->second.uncertain_until) {
        open_.erase(open);
    }
}

void RecoveryQueue::resolve(const hub::RecordKey& key, Done done) {
    auto on_read = [this, key, done = std::move(done)](Result<std::optional<Item>> item) mutable {
        if (!item) {
            done(std::unexpected(std::move(item).error()));
        } else if (!*item) {
            relay_.forget(key);
            mark_resolved(key);
            done({});
        } else {
            recent_writes_.note(key, (*item)->record);
            auto on_relayed = [this, key, done = std::move(done)](Result<void> outcome) mutable {
                outcome ? mark_resolved(key) : mark_pending(key);
                done(std::move(outcome));
            };
            relay_.run(std::move(**item), {}, std::move(on_relayed));
        }
    };
    foreign_.read(key, budget_.deadline(), std::move(on_read));
}

void RecoveryQueue::plan_round() {
    if (planned_ || stopped_) {
        return;
    }
    planned_ = true;
    const auto pause = kPauseMin + std::chrono::milliseconds{random_.below(kPauseSpread.count())};
    loop_.after(pause, [this] { begin_round(); });
}

void RecoveryQueue::begin_round() {
    if (stopped_) {
        planned_ = false;
        return;
    }
    std::vector<hub::RecordKey> round;
    auto at = open_.lower_bound(next_);
    while (round.size() < std::min(kRoundMax, open_.size())) {
        at = at == open_.end() ? open_.begin() : at;
        round.push_back(at->first);
        ++at;
    }
    next_ = at == open_.end() ? hub::RecordKey{} : at->first;
    in_round_ = round.size() + 1;
    for (const auto& key : round) {
        turns_.take(key, [this, key](ItemTurns::Over over) {
            resolve(key,
                    [this, over = std::move(over)](const Result<void>& /*next round*/) mutable {
                        over();
                        end_of_turn();
                    });
        });
    }
    end_of_turn();
}

void RecoveryQueue::end_of_turn() {
    if (--in_round_ > 0) {
        return;
    }
    planned_ = false;
    if (!open_.empty()) {
        plan_round();
    }
}

}  // namespace howl::storage::outbox
