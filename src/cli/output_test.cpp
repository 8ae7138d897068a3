// SPDX-License-Identifier: Apache-2.0
#include "cli/output.hpp"

#include <gtest/gtest.h>

namespace howl::cli {
namespace {

TEST(EscapeControls, LeavesTextLinesAndTabsAlone) {
    for (const std::string text :
         {"", "hello\tyou\nand me\n", "Волк 🐺 \\x1B", "שלום\xE2\x80\x8F"}) {
        EXPECT_EQ(escape_controls(text), text);
    }
}

TEST(EscapeControls, EscapesWhatATerminalWouldInterpret) {
    EXPECT_EQ(escape_controls("\x1B[2J\x1B]0;title\x07"), "\\x1B[2J\\x1B]0;title\\x07");
    EXPECT_EQ(escape_controls("a\rb\bc\x7F"), "a\\x0Db\\x08c\\x7F");
    EXPECT_EQ(escape_controls(std::string_view{"\0", 1}), "\\x00");
    EXPECT_EQ(escape_controls("\xC2\x9B"
                              "2J"),
              "\\x9B2J");  // CSI as one character of C1.
}

TEST(EscapeControls, ShowsWhatReversesOrBreaksLines) {
    EXPECT_EQ(escape_controls("\xE2\x80\xAE"
                              "evil\xE2\x81\xA6"),
              "\\u202Eevil\\u2066");
    EXPECT_EQ(escape_controls("a\xE2\x80\xA8"
                              "b"),
              "a\\u2028b");
}

TEST(EscapeControls, BytesThatAreNoTextAreShownOneByOne) {
    EXPECT_EQ(escape_controls("\x9B"
                              "2J\xFF\xC3"),
              "\\x9B2J\\xFF\\xC3");
    EXPECT_EQ(escape_controls("\xE2\x80"), "\\xE2\\x80");
    EXPECT_EQ(escape_controls("\xC3\x1B"), "\\xC3\\x1B");
}

TEST(UserTextOf, PrefersTheSentenceForTheUser) {
    EXPECT_EQ(user_text_of({Errc::kSystem, "request", "cannot connect to x"}),
              "cannot connect to x");
    EXPECT_EQ(user_text_of({Errc::kInvalidJson, "reply", "why"}),
              "reply: The text is not valid JSON. (why)");
}

}  // namespace
}  // namespace howl::cli
