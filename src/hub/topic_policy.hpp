// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hub/event.hpp"
#include "hub/event_log.hpp"

namespace howl::hub {

/// How a topic is kept.
struct TopicPolicy {
    Lane lane = Lane::kDurable;
    Retention retention;
};

/// The policies of a node, by pattern; the first that matches counts. Immutable, so any thread.
class TopicPolicies {
public:
    struct Rule {
        /// A topic name in which `*` stands for any bytes, also none; at most one.
        std::string pattern;
        TopicPolicy policy;
    };

    /// Whose the topics of a pattern are.
    struct Rank {
        std::string pattern;
        TopicRank rank;
    };

    explicit TopicPolicies(std::vector<Rule> rules = {}, std::vector<Rank> ranks = {})
        : rules_(std::move(rules)), ranks_(std::move(ranks)) {}

    /// The default policy where no rule matches.
    [[nodiscard]] const TopicPolicy& of(const TopicName& topic) const;
    /// `kVisitor` where no pattern matches.
    [[nodiscard]] TopicRank rank_of(const TopicName& topic) const;

private:
    std::vector<Rule> rules_;
    std::vector<Rank> ranks_;
    TopicPolicy default_;
};

/// True if `text` matches `pattern`, in which at most one `*` stands for any bytes.
[[nodiscard]] bool matches_pattern(std::string_view pattern, std::string_view text);

}  // namespace howl::hub
