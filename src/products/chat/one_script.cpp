// SPDX-License-Identifier: Apache-2.0
#include "products/chat/one_script.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>

#include "base/assert.hpp"

namespace howl::products::chat {
namespace {

/// Where as many letters of a word are in one script as in another, the first goes first.
constexpr std::array kScripts{USCRIPT_LATIN, USCRIPT_CYRILLIC, USCRIPT_GREEK};

UScriptCode script_of(UChar32 point) {
    UErrorCode status = U_ZERO_ERROR;
    return uscript_getScript(point, &status);
}

/// The common letters of the three scripts by what they look like. Thread: any; it is constant.
class LookAlikes {
public:
    static const LookAlikes& table() {
        static const LookAlikes kInstance;
        return kInstance;
    }

    /// The letter of `script`, as large, that looks like `letter`.
    [[nodiscard]] std::optional<UChar32> in(UScriptCode script, UChar32 letter) const {
        const auto looks = looks_.find(letter);
        if (looks == looks_.end()) {
            return std::nullopt;
        }
        const auto found = letters_.find({script, u_isupper(letter) != 0, looks->second});
        return found == letters_.end() ? std::nullopt : std::optional{found->second};
    }

private:
    LookAlikes() {
        constexpr UChar32 kLatinEnd = 0x7F;       // Accents and ligatures are nobody's likeness.
        constexpr UChar32 kCyrillicEnd = 0x052F;  // Behind Greek, in one row of blocks.
        UErrorCode status = U_ZERO_ERROR;
        const std::unique_ptr<USpoofChecker, decltype(&uspoof_close)> checker{uspoof_open(&status),
                                                                              &uspoof_close};
        for (UChar32 point = U'A'; point <= kCyrillicEnd; ++point) {
            const auto script = script_of(point);
            const bool is_ours = std::ranges::find(kScripts, script) != kScripts.end();
            if (!u_isalpha(point) || !is_ours || (script == USCRIPT_LATIN && point > kLatinEnd)) {
                continue;
            }
            icu::UnicodeString looks;
            uspoof_getSkeletonUnicodeString(checker.get(), 0, icu::UnicodeString{point}, looks,
                                            &status);
            looks_.emplace(point, looks);
            letters_.emplace(std::tuple{script, u_isupper(point) != 0, looks}, point);
        }
        HOWL_ASSERT(U_SUCCESS(status));  // ICU's own tables are missing.
    }

    std::map<UChar32, icu::UnicodeString> looks_;
    std::map<std::tuple<UScriptCode, bool, icu::UnicodeString>, UChar32> letters_;
};

/// `word` in `script`; nothing where a letter has no like there.
std::optional<icu::UnicodeString> converted(const icu::UnicodeString& word, UScriptCode script) {
    icu::UnicodeString out;
    for (std::int32_t i = 0; i < word.length(); i = word.moveIndex32(i, 1)) {
        const UChar32 point = word.char32At(i);
        if (!u_isalpha(point) || script_of(point) == script) {
            out.append(point);
            continue;
        }
        const auto like = LookAlikes::table().in(script, point);
        if (!like) {
            return std::nullopt;
        }
        out.append(*like);
    }
    return out;
}

std::optional<icu::UnicodeString> in_one_script_word(const icu::UnicodeString& word) {
    std::array<std::size_t, kScripts.size()> counts{};
    for (std::int32_t i = 0; i < word.length(); i = word.moveIndex32(i, 1)) {
        const auto* const found = std::ranges::find(kScripts, script_of(word.char32At(i)));
        if (found != kScripts.end()) {
            ++counts.at(static_cast<std::size_t>(found - kScripts.begin()));
        }
    }
    if (std::ranges::count(counts, std::size_t{0}) >= 2) {
        return word;
    }
    std::array<std::size_t, kScripts.size()> order{0, 1, 2};
    std::ranges::sort(order, [&counts](std::size_t a, std::size_t b) {
        return counts.at(a) == counts.at(b) ? a < b : counts.at(a) > counts.at(b);
    });
    for (const std::size_t at : order) {
        if (auto out = converted(word, kScripts.at(at)); counts.at(at) > 0 && out) {
            return out;
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> in_one_script(std::string_view name) {
    const auto size = static_cast<std::int32_t>(name.size());
    const auto text = icu::UnicodeString::fromUTF8(icu::StringPiece{name.data(), size});
    icu::UnicodeString out;
    for (std::int32_t begin = 0; begin <= text.length();) {
        const std::int32_t space = text.indexOf(u' ', begin);
        const std::int32_t end = space < 0 ? text.length() : space;
        const auto word = in_one_script_word(text.tempSubStringBetween(begin, end));
        if (!word) {
            return std::nullopt;
        }
        out.append(*word);
        if (space >= 0) {
            out.append(u' ');
        }
        begin = end + 1;
    }
    std::string bytes;
    out.toUTF8String(bytes);
    return bytes;
}

}  // namespace howl::products::chat
