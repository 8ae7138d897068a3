// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "hub/topic_name.hpp"

namespace howl::hub {

/// Stands for all topics whose names it matches, those of the future too: a name in which one `*`
/// stands for any text, also none and also with slashes. It is matched as the rules for topics in
/// the configuration are (`matches_pattern`), but for one thing: Howl's own topics (`howl:`), whose
/// names say who uses them, are matched only where the pattern itself begins so.
class TopicPattern {
public:
    /// Errors: `kInvalidPattern` for what is no topic name, or has not exactly one `*`.
    [[nodiscard]] static Result<TopicPattern> parse(std::string_view text);

    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] bool matches(const TopicName& topic) const noexcept;
    /// Every name that it matches begins so.
    [[nodiscard]] std::string_view head() const noexcept;
    [[nodiscard]] bool matches_reserved() const noexcept {
        return text_.starts_with(kReservedPrefix);
    }
    [[nodiscard]] auto operator<=>(const TopicPattern&) const = default;

private:
    explicit TopicPattern(std::string_view text) : text_(text) {}
    std::string text_;
};

}  // namespace howl::hub
