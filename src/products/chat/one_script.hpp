// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace howl::products::chat {

/// `name` with each word in one script where look-alikes allow it: the Cyrillic letter in `Аlex`
/// becomes the Latin one. The script that most letters of a word have wins, if every other letter
/// has its like there, or else another one. Nothing where no script has all the letters of a word.
/// Scripts other than Latin, Cyrillic and Greek hardly have letters in common with these, so a word
/// may hold them besides. Likeness: UTS 39 section 4.
[[nodiscard]] std::optional<std::string> in_one_script(std::string_view name);

}  // namespace howl::products::chat
