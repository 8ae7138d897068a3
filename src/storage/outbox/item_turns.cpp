// SPDX-License-Identifier: Apache-2.0
#include "storage/outbox/item_turns.hpp"

#include <utility>

namespace howl::storage::outbox {

void ItemTurns::take(const hub::RecordKey& key, Work work) {
    const auto [turn, is_new] = turns_.try_emplace(key);
    if (is_new) {
        begin(key, std::move(work));
    } else {
        turn->second.push_back(std::move(work));
    }
}

void ItemTurns::begin(const hub::RecordKey& key, Work work) {
    // By way of the loop: a long queue of what is too late must not end one inside the other.
    work([this, key] { loop_.post([this, key] { next(key); }); });
}

void ItemTurns::next(const hub::RecordKey& key) {
    const auto turn = turns_.find(key);
    if (turn->second.empty()) {
        turns_.erase(turn);
        return;
    }
    Work work = std::move(turn->second.front());
    turn->second.pop_front();
    begin(key, std::move(work));
}

}  // namespace howl::storage::outbox
