// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace howl::hub {

/// What a name may begin with that only Howl's own apps publish to.
inline constexpr std::string_view kReservedPrefix = "howl:";

/// Names a topic: 1-255 bytes of UTF-8 without U+0000, so that the names of other systems, URLs
/// above all, are names here too. Compared byte by byte: nothing is normalised.
///
/// It may hold control characters and line ends, so it is never written into a line of text as it
/// is: JSON and the log escape it, a URL's path spells it (`spell_topic`).
class TopicName {
public:
    /// Errors: `kInvalidTopic`.
    [[nodiscard]] static Result<TopicName> parse(std::string_view text);

    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] auto operator<=>(const TopicName&) const = default;

private:
    explicit TopicName(std::string_view text) : text_(text) {}
    std::string text_;
};

/// A topic name made of a fixed first segment and any text, which is percent-encoded with `~` in
/// place of `%` so that it stays inside the alphabet: `inbox/v2/` + "Ж" gives `inbox/v2/~D0~96`.
/// Errors: `kInvalidTopic` when the result is longer than a name may be, or `text` is empty.
[[nodiscard]] Result<TopicName> topic_for(std::string_view prefix, std::string_view text);

}  // namespace howl::hub

template <>
struct std::hash<howl::hub::TopicName> {
    std::size_t operator()(const howl::hub::TopicName& name) const noexcept {
        return std::hash<std::string>{}(name.text());
    }
};
