// SPDX-License-Identifier: Apache-2.0
#include "products/chat/nickname.hpp"

#include <memory>
#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>
#include <unordered_set>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "base/utf8.hpp"
#include "products/chat/one_script.hpp"

namespace howl::products::chat {
namespace {

/// What is looked at of a typed text: white space and all, more is no name.
constexpr std::size_t kTypedBytesMax = 1024;
/// Of a name as it is shown; 32 characters of four bytes each.
constexpr std::size_t kNicknameBytesMax = 128;
constexpr int kMarksInARowMax = 3;
/// Suggestions end with a number from 2 up to this one.
constexpr int kSuggestedNumberMax = 99;

constexpr UChar32 kZeroWidthJoiner = 0x200D;
constexpr UChar32 kEmojiPresentation = 0xFE0F;  // Variation selector 16.

/// The tables of ICU. Thread: any; all of it is constant, and break iterators are copied for use.
class Unicode {
public:
    static const Unicode& tables() {
        static const Unicode kInstance;
        return kInstance;
    }

    [[nodiscard]] icu::UnicodeString nfc(const icu::UnicodeString& text) const {
        return normalized(*nfc_, text);
    }
    [[nodiscard]] icu::UnicodeString casefold(const icu::UnicodeString& text) const {
        return normalized(*casefold_, text);
    }
    [[nodiscard]] icu::UnicodeString skeleton(const icu::UnicodeString& text) const {
        icu::UnicodeString out;
        UErrorCode status = U_ZERO_ERROR;
        uspoof_getSkeletonUnicodeString(spoof_checker_.get(), 0, text, out, &status);
        require(status);
        return out;
    }
    [[nodiscard]] std::unique_ptr<icu::BreakIterator> characters(
        const icu::UnicodeString& text) const {
        std::unique_ptr<icu::BreakIterator> out{characters_->clone()};
        HOWL_ASSERT(out != nullptr);  // Out of memory.
        out->setText(text);
        return out;
    }

private:
    Unicode() {
        UErrorCode status = U_ZERO_ERROR;
        nfc_ = icu::Normalizer2::getNFCInstance(status);
        casefold_ = icu::Normalizer2::getNFKCCasefoldInstance(status);
        spoof_checker_.reset(uspoof_open(&status));
        characters_.reset(
            icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
        require(status);
    }

    /// With well-formed text ICU fails only when memory or its own tables are missing.
    static void require(UErrorCode status) { HOWL_ASSERT(U_SUCCESS(status)); }

    static icu::UnicodeString normalized(const icu::Normalizer2& form,
                                         const icu::UnicodeString& text) {
        UErrorCode status = U_ZERO_ERROR;
        auto out = form.normalize(text, status);
        require(status);
        return out;
    }

    const icu::Normalizer2* nfc_ = nullptr;  // ICU's own, as the next one.
    const icu::Normalizer2* casefold_ = nullptr;
    std::unique_ptr<USpoofChecker, decltype(&uspoof_close)> spoof_checker_{nullptr, &uspoof_close};
    std::unique_ptr<icu::BreakIterator> characters_;
};

std::string utf8(const icu::UnicodeString& text) {
    std::string out;
    text.toUTF8String(out);
    return out;
}

bool is_in(UChar32 point, std::uint32_t categories) {
    return (U_GET_GC_MASK(point) & categories) != 0;
}

/// Symbols that show nothing, or stand for what could not be read.
bool is_blank_symbol(UChar32 point) {
    constexpr UChar32 kBraillePatternBlank = 0x2800;
    constexpr UChar32 kObjectReplacement = 0xFFFC;
    constexpr UChar32 kReplacement = 0xFFFD;
    constexpr UChar32 kMusicalNullNotehead = 0x1D159;
    return point == kBraillePatternBlank || point == kObjectReplacement || point == kReplacement ||
           point == kMusicalNullNotehead;
}

/// Controls, formats, private use, surrogates, unassigned; and letters and marks that are ignored
/// when text is shown, such as the Hangul fillers.
bool is_unseen(UChar32 point) {
    return is_in(point, U_GC_C_MASK) ||
           u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) || is_blank_symbol(point);
}

/// A joiner or a selector of emoji presentation within an emoji (UTS 51 section 1.4); they mean
/// nothing elsewhere, which makes them a way to spell a taken name twice.
bool belongs_to_emoji(UChar32 point, UChar32 previous, UChar32 next) {
    if (point == kEmojiPresentation) {
        return u_hasBinaryProperty(previous, UCHAR_EMOJI);
    }
    const bool after_emoji = previous == kEmojiPresentation ||
                             u_hasBinaryProperty(previous, UCHAR_EXTENDED_PICTOGRAPHIC) ||
                             u_hasBinaryProperty(previous, UCHAR_EMOJI_MODIFIER);
    return point == kZeroWidthJoiner && after_emoji &&
           u_hasBinaryProperty(next, UCHAR_EXTENDED_PICTOGRAPHIC);
}

/// Takes a text code point by code point and keeps what may stand in a name.
class Sieve {
public:
    void take(UChar32 point, UChar32 next) {
        if (u_isUWhiteSpace(point)) {
            space_waits_ = !kept_.isEmpty();
        } else if (may_stand(point, next)) {
            keep(point);
        } else {
            dropped_ = true;
        }
    }
    [[nodiscard]] const icu::UnicodeString& kept() const { return kept_; }
    [[nodiscard]] bool dropped_nothing() const { return !dropped_; }

private:
    [[nodiscard]] bool may_stand(UChar32 point, UChar32 next) const {
        const UChar32 previous = kept_.isEmpty() || space_waits_ ? u' ' : last_;
        if (is_unseen(point) && !belongs_to_emoji(point, previous, next)) {
            return false;
        }
        return !is_in(point, U_GC_M_MASK) || (previous != u' ' && marks_ < kMarksInARowMax);
    }
    void keep(UChar32 point) {
        if (space_waits_) {
            kept_.append(u' ');
            space_waits_ = false;
        }
        kept_.append(point);
        last_ = point;
        marks_ = is_in(point, U_GC_M_MASK) ? marks_ + 1 : 0;
    }

    icu::UnicodeString kept_;
    UChar32 last_ = 0;
    int marks_ = 0;
    bool space_waits_ = false;
    bool dropped_ = false;
};

/// What is not UTF-8 arrives in the sieve as U+FFFD, which it drops.
Sieve sift(std::string_view text) {
    const auto size = static_cast<std::int32_t>(std::min(text.size(), kTypedBytesMax));
    const auto points =
        Unicode::tables().nfc(icu::UnicodeString::fromUTF8(icu::StringPiece{text.data(), size}));
    Sieve sieve;
    for (std::int32_t i = 0; i < points.length();) {
        const UChar32 point = points.char32At(i);
        i = points.moveIndex32(i, 1);
        sieve.take(point, points.char32At(i));  // U+FFFF, no character, behind the last one.
    }
    return sieve;
}

/// The longest beginning of `name` that is within the limits, less `reserved` characters.
icu::UnicodeString shortened(const icu::UnicodeString& name, std::size_t reserved) {
    const auto characters = Unicode::tables().characters(name);
    std::int32_t end = 0;
    for (std::size_t count = 0; count + reserved < kNicknameCharactersMax; ++count) {
        const auto next = characters->next();
        if (next == icu::BreakIterator::DONE ||
            utf8(name.tempSubString(0, next)).size() + reserved > kNicknameBytesMax) {
            break;
        }
        end = next;
    }
    return icu::UnicodeString{name, 0, end}.trim();
}

bool is_readable(const icu::UnicodeString& name) {
    for (std::int32_t i = 0; i < name.length(); i = name.moveIndex32(i, 1)) {
        if (is_in(name.char32At(i), U_GC_L_MASK | U_GC_N_MASK)) {
            return true;
        }
    }
    return false;
}

/// The skeleton is taken of what is shown, where `I` looks like `l`, and again of its folded form,
/// where `m` looks like `rn`.
Nickname forms_of(const icu::UnicodeString& shown) {
    const auto& tables = Unicode::tables();
    return {.shown = utf8(shown),
            .folded = utf8(tables.casefold(shown)),
            .skeleton = utf8(tables.skeleton(tables.casefold(tables.skeleton(shown))))};
}

/// What pages call the reader, all readers, nobody, or themselves.
constexpr const char* kReservedNames[] = {
    "You",     "Me",     "I",         "Admin",    "Administrator", "Moderator",
    "System",  "Server", "Howl",      "Everyone", "All",           "Here",
    "Channel", "Nobody", "Anonymous", "null",     "undefined",     "NaN",
    "Вы",      "Ты",     "Я",         "Админ",    "Администратор", "Модератор",
    "Система", "Сервер", "Все",       "Всем",     "Здесь",         "Канал",
    "Никто",   "Аноним"};

/// Letters of one word look like others in capitals than in small ones (`Вы`, `вы`), so each word
/// stands there three times.
std::unordered_set<std::string> reserved_forms() {
    std::unordered_set<std::string> out;
    for (const char* const name : kReservedNames) {
        const auto word = icu::UnicodeString::fromUTF8(name);
        const auto& root = icu::Locale::getRoot();
        for (const auto& spelling : {word, icu::UnicodeString{word}.toLower(root),
                                     icu::UnicodeString{word}.toUpper(root)}) {
            auto forms = forms_of(spelling);
            out.insert(std::move(forms.folded));
            out.insert(std::move(forms.skeleton));
        }
    }
    return out;
}

/// `Anna 2` is one of the Annas: without its number.
icu::UnicodeString without_number(const icu::UnicodeString& name) {
    std::int32_t end = name.length();
    while (end > 0 && u_isdigit(name.charAt(end - 1))) {
        --end;
    }
    const bool has_number = end > 1 && end < name.length() && name.charAt(end - 1) == u' ';
    return has_number ? icu::UnicodeString{name, 0, end - 1} : name;
}

}  // namespace

Result<Nickname> parse_nickname(std::string_view text) {
    constexpr std::string_view kContext = "nickname";
    if (text.size() > kTypedBytesMax || !is_valid_utf8(text)) {
        return fail(Errc::kNameInvalid, kContext);
    }
    const auto sieve = sift(text);
    const auto& shown = sieve.kept();
    if (!sieve.dropped_nothing() || !is_readable(shown) || shortened(shown, 0) != shown) {
        return fail(Errc::kNameInvalid, kContext);
    }
    return forms_of(shown);
}

bool is_reserved(const Nickname& name) {
    static const auto kForms = reserved_forms();
    return kForms.contains(name.folded) || kForms.contains(name.skeleton);
}

std::string suggest_nickname(std::string_view wanted,
                             const std::function<bool(const Nickname&)>& is_free) {
    // What looks like somebody else's name by a letter of another script has to look so no more.
    const auto plain = in_one_script(utf8(sift(wanted).kept()));
    if (!plain) {
        return {};
    }
    const auto cleaned = shortened(Unicode::tables().nfc(icu::UnicodeString::fromUTF8(*plain)), 0);
    if (cleaned.isEmpty()) {
        return {};
    }
    const auto fits = [&is_free](std::string_view candidate) {
        const auto name = parse_nickname(candidate);
        return name && !is_reserved(*name) && is_free(*name);
    };
    if (auto candidate = utf8(cleaned); fits(candidate)) {
        return candidate;
    }
    for (int number = 2; number <= kSuggestedNumberMax; ++number) {
        const auto suffix = fmt::format(" {}", number);
        auto candidate = utf8(shortened(without_number(cleaned), suffix.size())) + suffix;
        if (fits(candidate)) {
            return candidate;
        }
    }
    return {};
}

}  // namespace howl::products::chat
