// SPDX-License-Identifier: Apache-2.0
#include "hub/pattern_watchers.hpp"

#include <utility>

#include "base/assert.hpp"

namespace howl::hub {
namespace {

constexpr std::uint64_t bit_of(ShardId shard) {
    return std::uint64_t{1} << shard.value();
}

}  // namespace

void PatternWatchers::add(ShardId shard, const TopicPattern& pattern) {
    Entry entry{pattern};
    const auto [age, is_new] = ages_.try_emplace(pattern.text(), 0);
    if (!is_new) {
        entry = std::move(by_age_.extract(age->second).mapped());
    }
    entry.shards |= bit_of(shard);
    // A new age, so that topics which have seen the pattern learn of its new shard.
    age->second = ++newest_;
    by_age_.emplace(newest_, std::move(entry));
}

void PatternWatchers::remove(ShardId shard, const TopicPattern& pattern) {
    const auto age = ages_.find(pattern.text());
    HOWL_ASSERT(age != ages_.end());
    const auto entry = by_age_.find(age->second);
    entry->second.shards &= ~bit_of(shard);
    if (entry->second.shards == 0) {
        by_age_.erase(entry);
        ages_.erase(age);
    }
}

std::uint64_t PatternWatchers::shards_of(const TopicName& topic, Seen& seen) const {
    if (by_age_.empty()) {
        return 0;
    }
    for (auto entry = by_age_.upper_bound(seen.through); entry != by_age_.end(); ++entry) {
        if (entry->second.pattern.matches(topic)) {
            seen.shards |= entry->second.shards;
        }
    }
    seen.through = newest_;
    return seen.shards;
}

}  // namespace howl::hub
