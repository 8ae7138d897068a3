// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace howl::hub {

/// Names a topic: 1-255 bytes of `[A-Za-z0-9._~:/-]`, no empty segment between slashes.
///
/// Every character may stand plainly in a URL path, an SSE line, a log line and a file name of an
/// operator's script, so that a name is the same bytes everywhere. Compared byte by byte.
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
