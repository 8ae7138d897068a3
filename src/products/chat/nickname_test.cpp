// SPDX-License-Identifier: Apache-2.0
#include "products/chat/nickname.hpp"

#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace howl::products::chat {
namespace {

static_assert(std::is_nothrow_move_constructible_v<Nickname>);

using Texts = std::vector<std::string>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string repeated(std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) {
        out += text;
    }
    return out;
}

/// What a page would show, or the name of the error.
std::string shown(std::string_view typed) {
    const auto name = parse_nickname(typed);
    return name ? name->shown : std::string{name.error().entry().name};
}

bool same_folded(const std::string& one, const std::string& other) {
    return parse_nickname(one).value().folded == parse_nickname(other).value().folded;
}

bool look_alike(const std::string& one, const std::string& other) {
    return parse_nickname(one).value().skeleton == parse_nickname(other).value().skeleton;
}

bool reserved(const std::string& name) {
    return is_reserved(parse_nickname(name).value());
}

/// The suggestion where `taken` are the names of others.
std::string suggested(std::string_view wanted, const std::set<std::string>& taken) {
    return suggest_nickname(
        wanted, [&taken](const Nickname& name) { return !taken.contains(name.folded); });
}

TEST(Nickname, TakesNamesOfManyScriptsAsTheyAre) {
    const Texts names = {"Anna",
                         "x",
                         "Jean-Luc O'Neil",
                         "anna_1984",
                         "Zoë",
                         "Łukasz",
                         "Nguyễn Thị Ánh",
                         "Анна",
                         "Щёголь",
                         "Ελένη",
                         "Նարե",
                         "ანა",
                         "שרה",
                         "مريم",
                         "अनुष्का",
                         "ตั้ม",
                         "தமிழ்",
                         "王小明",
                         "さくら",
                         "カナ",
                         "김민수",
                         "𐌰𐌽𐌽𐌰",
                         "42",
                         "²",
                         "Anna 🦊",
                         "Anna 👩‍👩‍👧",
                         "Анна 👩🏽‍🚀",
                         "Anna ❤️‍🔥",
                         "Anna 🇫🇮",
                         "1️⃣",
                         repeated("a", 32),
                         repeated("ж", 32),
                         repeated("王", 32),
                         repeated("𐌰", 32)};
    for (const auto& name : names) {
        EXPECT_EQ(shown(name), name);
    }
}

TEST(Nickname, IsTrimmedComposedAndSingleSpaced) {
    EXPECT_EQ(shown("  Anna  "), "Anna");
    EXPECT_EQ(shown("\tAnna \n Maria\r\n"), "Anna Maria");
    EXPECT_EQ(shown("\u3000Anna\u00A0\u2003Maria\u2028"), "Anna Maria");
    EXPECT_EQ(shown("Zoe\u0308"), "Zo\u00EB");
    EXPECT_EQ(shown("\u1112\u1161\u11AB"), "\uD55C");
}

TEST(Nickname, RefusesWhatNobodyCanRead) {
    const Texts names = {"",
                         " ",
                         " \t\u3000\n",
                         "!!!",
                         "🦊",
                         std::string("An\0na", 5),
                         "An\x07na",
                         "An\x1B[31mna",
                         "Anna\x7F",
                         "An\u0085\u0086na",
                         "An\u00ADna",                   // Soft hyphen.
                         "An\u200Bna",                   // Zero width space.
                         "An\u200Cna",                   // Zero width non-joiner.
                         "An\u200Dna",                   // A joiner that joins no emoji.
                         "Anna \u200D🦊",                // The same.
                         "Anna 🦊\u200D",                // The same.
                         "Anna 🦊\u200D\u200D🦊",        // The same.
                         "Anna\uFE0F",                   // A selector without an emoji.
                         "Anna ❤\uFE0F\uFE0F",           // One selector too many.
                         "\u202EannA",                   // Right-to-left override.
                         "Anna\u2066x\u2069",            // Isolates.
                         "\u200EAnna",                   // Left-to-right mark.
                         "An\uFEFFna",                   // Byte order mark.
                         "An\uE000na",                   // Private use.
                         "An\U000F0000na",               // The same, plane 15.
                         "An\u0378na",                   // Unassigned.
                         "An\uFFFFna",                   // No character.
                         "An\U000E0041na",               // A tag.
                         "\u3164",                       // Hangul filler, a letter that is blank.
                         "Anna\u115F",                   // The same.
                         "Anna\u2800",                   // Braille blank.
                         "Anna\uFFFD",                   // The sign of what could not be read.
                         "\u0301",                       // A mark that stands on nothing.
                         "\u0301Anna",                   // The same.
                         "Anna \u0301Maria",             // The same.
                         "q\u0301\u0302\u0303\u0304",    // Four marks in a row.
                         "Z" + repeated("\u0337", 20)};  // Zalgo.
    for (const auto& name : names) {
        EXPECT_EQ(shown(name), "name_invalid") << testing::PrintToString(name);
    }
}

TEST(Nickname, RefusesWhatIsNotUtf8) {
    for (const std::string_view bytes :
         {"Anna\xFF", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "Anna\xF4\x90\x80\x80", "\xE2\x80"}) {
        EXPECT_EQ(shown(bytes), "name_invalid") << testing::PrintToString(bytes);
    }
}

TEST(Nickname, CountsCharactersAsPeopleDo) {
    EXPECT_EQ(shown(repeated("a", 33)), "name_invalid");
    EXPECT_EQ(shown(repeated("王", 33)), "name_invalid");
    EXPECT_EQ(shown("a" + repeated("🇫🇮", 15)), "a" + repeated("🇫🇮", 15));
    EXPECT_EQ(shown(repeated("q\u0301", 32)), repeated("q\u0301", 32));
    EXPECT_EQ(shown(repeated(" ", 500) + "Anna"), "Anna");
    EXPECT_EQ(shown(repeated(" ", 5000) + "Anna"), "name_invalid");
}

TEST(Nickname, HasABoundInBytesAsWell) {
    EXPECT_EQ(shown("a" + repeated("👩‍👩‍👧", 7)),
              "a" + repeated("👩‍👩‍👧", 7));  // 127 bytes.
    EXPECT_EQ(shown("ab" + repeated("👩‍👩‍👧", 7)),
              "ab" + repeated("👩‍👩‍👧", 7));
    EXPECT_EQ(shown("abc" + repeated("👩‍👩‍👧", 7)), "name_invalid");
    EXPECT_EQ(shown("a👩" + repeated("\u200D👩", 50)), "name_invalid");
}

TEST(Nickname, FoldsCaseWidthAndCompatibility) {
    const Pairs pairs = {{"Anna", "anna"},      {"АННА", "анна"},     {"ΣΟΦΟΣ", "σοφος"},
                         {"Straße", "STRASSE"}, {"Ａｎｎａ", "anna"}, {"ﬁona", "Fiona"},
                         {"𝒜nna", "Anna"},      {"①", "1"},           {"Zoë", "ZOE\u0308"},
                         {"a\u00A0b", "A B"},   {"1️⃣", "1\u20E3"}};
    for (const auto& [one, other] : pairs) {
        EXPECT_TRUE(same_folded(one, other)) << one << " " << other;
    }
    EXPECT_FALSE(same_folded("Anna", "Hanna"));
    EXPECT_FALSE(same_folded("Zoe", "Zoë"));
    EXPECT_FALSE(same_folded("Anna", "Аnna"));  // Cyrillic; that is the skeleton's business.
}

TEST(Nickname, KnowsWhatLooksAlikeAcrossScripts) {
    const Pairs pairs = {{"Anna", "аnna"},      // Cyrillic.
                         {"Anna", "АNNА"},      // The same, in capitals.
                         {"ANNA", "ΑΝΝΑ"},      // Greek.
                         {"Victor", "νictor"},  // Greek.
                         {"Вы", "Bы"},          // Latin B.
                         {"Сара", "Capa"},      // Both whole, one Latin.
                         {"Bob", "B0b"},       {"Paul", "PauI"},
                         {"Anna", "𝐀nna"},     {"O'Neil", "O’Neil"}};
    for (const auto& [one, other] : pairs) {
        EXPECT_TRUE(look_alike(one, other)) << one << " " << other;
        EXPECT_FALSE(one == other);
    }
}

// UTS 39 means these; they cost a few honest names, and it is better to live with them than to keep
// tables of our own.
TEST(Nickname, FollowsUts39InItsLooseLikenesses) {
    EXPECT_TRUE(look_alike("Carneron", "Cameron"));
    EXPECT_TRUE(look_alike("Ian", "Lan"));  // `lan` is `Lan` and looks like `Ian`.
    EXPECT_TRUE(reserved("1"));             // It looks like `I`.
    EXPECT_TRUE(reserved("L"));             // `l` does, too.
}

TEST(Nickname, DoesNotConfuseNamesThatReadDifferently) {
    const Pairs pairs = {{"Anna", "Anya"}, {"Zoe", "Zoë"},   {"Ali", "All"}, {"Neil", "Nell"},
                         {"Ella", "Elia"}, {"Иван", "Ivan"}, {"王", "玉"}};
    for (const auto& [one, other] : pairs) {
        EXPECT_FALSE(look_alike(one, other)) << one << " " << other;
    }
}

// The skeleton is of what a page shows. In capitals `I` is seen as `l`, so a name in capitals with
// a foreign `I` is not seen as one in small letters; it does not look like it either.
TEST(Nickname, ComparesLooksAsShown) {
    EXPECT_TRUE(look_alike("Martin", "Mаrtіn"));
    EXPECT_TRUE(look_alike("MARTIN", "MАRTІN"));
    EXPECT_FALSE(look_alike("Martin", "MАRTІN"));
}

TEST(Nickname, ReservesWhatPagesUseThemselves) {
    const Texts names = {"You",  "you",    "YOU",   "ＹＯＵ", "Yоu",    "уou",    "Y0u",     "Вы",
                         "вы",   "вЫ",     "Bы",    "BЫ",     "Ты",     "Tы",     "Я",       "I",
                         "i",    "l",      "Me",    "МЕ",     "All",    "AII",    "A1l",     "Все",
                         "Bce",  "Admin",  "ADMIN", "ADMІN",  "аdmin",  "Adrnin", "System",  "Howl",
                         "НОWL", "nobody", "Null",  "nan",    "Аноним", "  You ", "Yo\u1D1C"};
    for (const auto& name : names) {
        EXPECT_TRUE(reserved(name)) << name;
    }
}

TEST(Nickname, LeavesPeopleTheirNames) {
    const Texts names = {"Anna", "Ali", "Ян",   "Яна",   "Youssef", "Mei",  "Ira",
                         "Alla", "Ив",  "Вера", "You 2", "Howland", "Nan 2"};
    for (const auto& name : names) {
        EXPECT_FALSE(reserved(name)) << name;
    }
}

TEST(Nickname, SuggestsTheNextNumberThatIsFree) {
    EXPECT_EQ(suggested("Anna", {}), "Anna");
    EXPECT_EQ(suggested("Anna", {"anna"}), "Anna 2");
    EXPECT_EQ(suggested("Anna", {"anna", "anna 2"}), "Anna 3");
    EXPECT_EQ(suggested("Anna 2", {"anna 2"}), "Anna 3");
    EXPECT_EQ(suggested("42", {"42"}), "42 2");
    EXPECT_EQ(suggested("Анна", {"анна"}), "Анна 2");
    EXPECT_EQ(suggested("שרה", {"שרה"}), "שרה 2");
}

TEST(Nickname, SuggestsACleanName) {
    EXPECT_EQ(suggested("\u202EAn\x07na\u200B", {}), "Anna");
    EXPECT_EQ(suggested("Anna\xFF", {}), "Anna");
    EXPECT_EQ(suggested("\u0301Anna", {}), "Anna");
    EXPECT_EQ(suggested("Z" + repeated("\u0337", 20), {}), "Z" + repeated("\u0337", 3));
    EXPECT_EQ(suggested("e\u200C\u0301va", {}), "\u00E9va");
    EXPECT_EQ(suggested("An\u200Dna", {"anna"}), "Anna 2");
    EXPECT_EQ(suggested("🦊", {}), "🦊 2");
}

TEST(Nickname, SuggestionMixesNoScriptsWhereALookAlikeWasRefused) {
    EXPECT_EQ(suggested("\u0410lex", {"alex"}), "Alex 2");  // Cyrillic A.
    EXPECT_EQ(suggested("\u0410lex", {"alex", "alex 2"}), "Alex 3");
    EXPECT_EQ(suggested("\u0391lex", {"alex"}), "Alex 2");  // Greek Alpha.
    EXPECT_EQ(suggested("П\u0065тр", {"петр"}), "Петр 2");  // Latin e.
    EXPECT_EQ(suggested("\u0410lex \u0410l\u0435x", {}), "Alex Alex");
    EXPECT_EQ(suggested("\u0410\u0301lex", {}), "\u00C1lex");  // The accent joins its letter.
}

TEST(Nickname, SuggestionKeepsScriptsThatAreNoLikeness) {
    EXPECT_EQ(suggested("Anna Жукова", {"anna жукова"}), "Anna Жукова 2");
    EXPECT_EQ(suggested("Анна", {"анна"}), "Анна 2");
    EXPECT_EQ(suggested("\u9AD8Anna", {"\u9AD8anna"}), "\u9AD8Anna 2");
}

TEST(Nickname, SuggestsNothingWhereAWordCannotBeHadInOneScript) {
    EXPECT_EQ(suggested("\u0410nn\u0436", {}), "");  // Cyrillic A and zhe, which Latin lacks.
    EXPECT_EQ(suggested("Annaж", {"annaж"}), "");
    EXPECT_EQ(suggested("Anna \u0410nn\u0436", {}), "");
}

TEST(Nickname, SuggestsNoReservedName) {
    EXPECT_EQ(suggested("You", {}), "You 2");
    EXPECT_EQ(suggested("Bы", {}), "Вы 2");  // Latin B, Cyrillic В.
    EXPECT_EQ(suggested("You\u200B", {"you 2"}), "You 3");
}

TEST(Nickname, ShortensToMakeRoomForTheNumber) {
    EXPECT_EQ(suggested(repeated("a", 40), {}), repeated("a", 32));
    EXPECT_EQ(suggested(repeated("a", 32), {repeated("a", 32)}), repeated("a", 30) + " 2");
    const auto family = repeated("👩‍👩‍👧", 7);
    EXPECT_EQ(suggested("ab" + family, {"ab" + repeated("👩👩👧", 7)}),
              "ab" + repeated("👩‍👩‍👧", 6) + " 2");
    EXPECT_EQ(suggested(repeated("b", 29) + " ccc", {repeated("b", 29) + " cc"}),
              repeated("b", 29) + " 2");
}

TEST(Nickname, SuggestsNothingWhereNothingIsFound) {
    EXPECT_EQ(suggested("", {}), "");
    EXPECT_EQ(suggested(" \u200B ", {}), "");
    EXPECT_EQ(suggested("\xFF\xFE", {}), "");
    int asked = 0;
    EXPECT_EQ(suggest_nickname("Anna", [&asked](const Nickname&) { return ++asked == 0; }), "");
    EXPECT_EQ(asked, 99);
}

}  // namespace
}  // namespace howl::products::chat
