// SPDX-License-Identifier: Apache-2.0
#include "hub/topic_policy.hpp"

namespace howl::hub {

bool matches_pattern(std::string_view pattern, std::string_view text) {
    const auto star = pattern.find('*');
    if (star == std::string_view::npos) {
        return pattern == text;
    }
    const auto head = pattern.substr(0, star);
    const auto tail = pattern.substr(star + 1);
    return text.size() >= head.size() + tail.size() && text.starts_with(head) &&
           text.ends_with(tail);
}

const TopicPolicy& TopicPolicies::of(const TopicName& topic) const {
    for (const auto& rule : rules_) {
        if (matches_pattern(rule.pattern, topic.text())) {
            return rule.policy;
        }
    }
    return default_;
}

TopicRank TopicPolicies::rank_of(const TopicName& topic) const {
    for (const auto& [pattern, rank] : ranks_) {
        if (matches_pattern(pattern, topic.text())) {
            return rank;
        }
    }
    return TopicRank::kVisitor;
}

}  // namespace howl::hub
