// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace howl::products::chat {

/// A name that people can tell apart, in the forms in which names are compared.
struct Nickname {
    std::string shown;   ///< NFC, trimmed, inner white space as single spaces.
    std::string folded;  ///< NFKC_Casefold (UAX 31): two names that differ in case only are one.
    /// What looks alike is alike: the skeleton (UTS 39 section 4) of the folded skeleton of
    /// `shown`.
    std::string skeleton;
    [[nodiscard]] bool operator==(const Nickname&) const = default;
};

inline constexpr std::size_t kNicknameCharactersMax = 32;

/// Reads what a user typed: 1-32 characters (user-perceived, UAX 29) and at most 128 bytes, with at
/// least one letter or number, without control, format, private-use and unassigned code points, and
/// with no more than 3 combining marks in a row (so that no name climbs over its neighbours).
/// Errors: `kNameInvalid`.
[[nodiscard]] Result<Nickname> parse_nickname(std::string_view text);

/// `You`, `Вы` and others that a page uses for something else, in any spelling that looks alike.
[[nodiscard]] bool is_reserved(const Nickname& name);

/// A free name close to what was wanted: cleaned of what may not stand in a name, each word in one
/// script (`in_one_script`), then with a number behind it. `is_free` says whether a candidate is.
/// Empty: a word can't be had in one script, or nothing was found in a few tries.
[[nodiscard]] std::string suggest_nickname(std::string_view wanted,
                                           const std::function<bool(const Nickname&)>& is_free);

}  // namespace howl::products::chat
