// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

#include "base/ids.hpp"
#include "hub/topic_pattern.hpp"

namespace howl::hub {

/// Which shards read which patterns, for the sequencer, which sends them the events.
///
/// An event is not compared with patterns: each topic keeps which shards it goes to, and how many
/// of the patterns it has been compared with. So a topic is compared with each pattern once, when
/// its next event comes.
///
/// Thread: guarded by the sequencer. Limits: `limits::kPatternsMax` patterns, checked by the
/// caller.
class PatternWatchers {
public:
    /// What a topic keeps.
    struct Seen {
        std::uint64_t shards = 0;   ///< One bit each; too many bits do no harm.
        std::uint64_t through = 0;  ///< Patterns up to this age have been looked at.
    };

    /// One call for each shard and pattern, until `remove`.
    void add(ShardId shard, const TopicPattern& pattern);
    void remove(ShardId shard, const TopicPattern& pattern);
    [[nodiscard]] std::uint64_t shards_of(const TopicName& topic, Seen& seen) const;
    [[nodiscard]] std::size_t count() const noexcept { return by_age_.size(); }

private:
    struct Entry {
        TopicPattern pattern;
        std::uint64_t shards = 0;
    };
    std::map<std::uint64_t, Entry> by_age_;
    std::unordered_map<std::string, std::uint64_t> ages_;
    std::uint64_t newest_ = 0;
};

}  // namespace howl::hub
