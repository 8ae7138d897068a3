// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "hub/subscribers.hpp"
#include "hub/topic_pattern.hpp"

namespace howl::hub {

/// The patterns that are read on one shard, and who reads them there.
///
/// A reader is linked into its pattern, not into each topic that matches: a topic knows its
/// patterns. They are looked for when the topic first appears, and then only among those that have
/// come since; an event is compared with no pattern.
class LocalPatterns {
public:
    struct Pattern {
        TopicPattern pattern;
        Subscribers subscribers{};
        std::size_t readers = 0;  ///< Those that still replay included; 0: nobody any more.
    };
    /// What a topic knows of the patterns.
    struct Matches {
        std::vector<std::shared_ptr<Pattern>> found;
        std::uint64_t through = 0;  ///< Patterns up to this age have been looked at.
        std::uint64_t changes = 0;  ///< Of the patterns, when they were looked at.
    };

    enum class Change : std::uint8_t { kNone, kFirst, kLast };
    /// `kFirst`: nobody has read it before.
    Change enter(const TopicPattern& pattern);
    /// `kLast`: nobody reads it any more.
    Change leave(const TopicPattern& pattern);
    /// Requires: somebody has entered it.
    [[nodiscard]] Subscribers& subscribers_of(const TopicPattern& pattern);
    [[nodiscard]] bool empty() const noexcept { return by_age_.empty(); }
    /// Brings what `topic` knows up to now.
    void match(const TopicName& topic, Matches& matches) const;

private:
    std::map<std::uint64_t, std::shared_ptr<Pattern>> by_age_;
    std::unordered_map<std::string, std::uint64_t> ages_;
    std::uint64_t newest_ = 0;
    std::uint64_t changes_ = 0;
};

}  // namespace howl::hub
