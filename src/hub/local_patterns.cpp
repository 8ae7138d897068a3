// SPDX-License-Identifier: Apache-2.0
#include "hub/local_patterns.hpp"

#include "base/assert.hpp"

namespace howl::hub {

LocalPatterns::Change LocalPatterns::enter(const TopicPattern& pattern) {
    const auto [age, is_new] = ages_.try_emplace(pattern.text(), newest_ + 1);
    if (is_new) {
        ++changes_;
        by_age_.emplace(++newest_, std::make_shared<Pattern>(Pattern{pattern}));
    }
    ++by_age_.at(age->second)->readers;
    return is_new ? Change::kFirst : Change::kNone;
}

LocalPatterns::Change LocalPatterns::leave(const TopicPattern& pattern) {
    const auto age = ages_.find(pattern.text());
    HOWL_ASSERT(age != ages_.end());
    const auto entry = by_age_.find(age->second);
    if (--entry->second->readers > 0) {
        return Change::kNone;
    }
    ++changes_;
    by_age_.erase(entry);
    ages_.erase(age);
    return Change::kLast;
}

Subscribers& LocalPatterns::subscribers_of(const TopicPattern& pattern) {
    return by_age_.at(ages_.at(pattern.text()))->subscribers;
}

void LocalPatterns::match(const TopicName& topic, Matches& matches) const {
    if (matches.changes == changes_) {
        return;
    }
    std::erase_if(matches.found, [](const auto& pattern) { return pattern->readers == 0; });
    for (auto entry = by_age_.upper_bound(matches.through); entry != by_age_.end(); ++entry) {
        if (entry->second->pattern.matches(topic)) {
            matches.found.push_back(entry->second);
        }
    }
    matches.through = newest_;
    matches.changes = changes_;
}

}  // namespace howl::hub
