// SPDX-License-Identifier: Apache-2.0
#include "products/wisdom/quotes.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/utf8.hpp"

namespace howl::products::wisdom {
namespace {

TEST(Quotes, TheBuiltInOnesAreTwentyOrMoreInTwoLanguages) {
    const auto quotes = parse_quotes(built_in_quotes());
    ASSERT_TRUE(quotes);
    const auto is_ascii = [](const std::string& text) {
        return std::ranges::none_of(text, [](char letter) { return (letter & 0x80) != 0; });
    };
    EXPECT_GE(quotes->russian.size(), 10U);
    EXPECT_GE(quotes->english.size(), 10U);
    EXPECT_TRUE(std::ranges::none_of(quotes->russian, is_ascii));
    EXPECT_TRUE(std::ranges::all_of(quotes->english, is_ascii));
    for (const auto& quote : quotes->russian) {
        EXPECT_TRUE(is_valid_utf8(quote));
    }
}

TEST(Quotes, ReadsTextsInTheirOrder) {
    const auto for_all = parse_quotes(R"({"quotes":["a","\u0416","c"],"more":1})").value();
    EXPECT_EQ(for_all.russian, (std::vector<std::string>{"a", "\xD0\x96", "c"}));
    EXPECT_TRUE(for_all.english.empty());
    EXPECT_TRUE(parse_quotes(R"({"quotes":[")" + std::string(4096, 'x') + R"("]})"));
    const auto two = parse_quotes(R"({"quotes":{"en":["b"],"ru":["a"]}})").value();
    EXPECT_EQ(two.russian, std::vector<std::string>{"a"});
    EXPECT_EQ(two.english, std::vector<std::string>{"b"});
    const auto one = parse_quotes(R"({"quotes":{"en":["b"]}})").value();
    EXPECT_EQ(one.russian, std::vector<std::string>{"b"}) << "who has no other hears this one";
    EXPECT_TRUE(one.english.empty());
}

TEST(Quotes, RefusesWhatIsNoListOfTexts) {
    const std::string too_long = R"({"quotes":[")" + std::string(4097, 'x') + R"("]})";
    for (const std::string_view bad :
         {std::string_view{""}, std::string_view{"["}, std::string_view{"[]"},
          std::string_view{"{}"}, std::string_view{R"({"quotes":[]})"},
          std::string_view{R"({"quotes":"a"})"}, std::string_view{R"({"quotes":{}})"},
          std::string_view{R"({"quotes":{"ru":[]}})"}, std::string_view{R"({"quotes":{"ru":"a"}})"},
          std::string_view{R"({"quotes":{"ru":["a"],"de":["b"]}})"},
          std::string_view{R"({"quotes":[1]})"}, std::string_view{R"({"quotes":["a",null]})"},
          std::string_view{R"({"quotes":["a"]} tail)"}, std::string_view{"{\"quotes\":[\"\xFF\"]}"},
          std::string_view{too_long}}) {
        const auto quotes = parse_quotes(bad);
        ASSERT_FALSE(quotes) << bad.substr(0, 40);
        EXPECT_EQ(quotes.error().code, Errc::kInvalidConfig);
    }
}

}  // namespace
}  // namespace howl::products::wisdom
