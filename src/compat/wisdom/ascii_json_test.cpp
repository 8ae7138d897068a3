// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "compat/wisdom/wisdom_compat.hpp"

namespace howl::compat::wisdom {
namespace {

TEST(AsciiJson, EscapesEverythingThatIsNotAscii) {
    EXPECT_EQ(ascii_json(""), R"("")");
    EXPECT_EQ(ascii_json("plain"), R"("plain")");
    EXPECT_EQ(ascii_json("\xD0\x92\xD0\xBE\xD0\xBB\xD0\xBA"), R"("\u0412\u043e\u043b\u043a")");
    EXPECT_EQ(ascii_json("\xE2\x80\x94"), R"("\u2014")");
    EXPECT_EQ(ascii_json("\xEF\xBF\xBF"), R"("\uffff")");
    EXPECT_EQ(ascii_json("\xF0\x9F\x90\xBA!"), R"("\ud83d\udc3a!")");
    EXPECT_EQ(ascii_json("\xF4\x8F\xBF\xBF"), R"("\udbff\udfff")");
    EXPECT_EQ(ascii_json("\xF0\x90\x80\x80"), R"("\ud800\udc00")");
    EXPECT_EQ(ascii_json("\xC2\x80"), R"("\u0080")");
}

TEST(AsciiJson, EscapesQuotesBackslashesAndControls) {
    EXPECT_EQ(ascii_json("\"\\/"), R"("\"\\/")");
    EXPECT_EQ(ascii_json("\b\f\n\r\t"), R"("\b\f\n\r\t")");
    EXPECT_EQ(ascii_json(std::string_view{"\0\x1F", 2}), R"("\u0000\u001f")");
    EXPECT_EQ(ascii_json("\x7F"), "\"\x7F\"");
}

}  // namespace
}  // namespace howl::compat::wisdom
