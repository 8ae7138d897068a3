// SPDX-License-Identifier: Apache-2.0
#include "hub/topic_pattern.hpp"

#include <algorithm>

#include "hub/topic_policy.hpp"

namespace howl::hub {

Result<TopicPattern> TopicPattern::parse(std::string_view text) {
    if (!TopicName::parse(text) || std::ranges::count(text, '*') != 1) {
        return fail(Errc::kInvalidPattern, "pattern");
    }
    return TopicPattern{text};
}

bool TopicPattern::matches(const TopicName& topic) const noexcept {
    return matches_pattern(text_, topic.text()) &&
           (matches_reserved() || !topic.text().starts_with(kReservedPrefix));
}

std::string_view TopicPattern::head() const noexcept {
    return std::string_view{text_}.substr(0, text_.find('*'));
}

}  // namespace howl::hub
