// SPDX-License-Identifier: Apache-2.0
#include "hub/cursor.hpp"

#include <gtest/gtest.h>

namespace howl::hub {
namespace {

TEST(Cursor, TextGoesThereAndBack) {
    Cursor cursor;
    cursor.epochs = {Epoch{"k3x9"}, Epoch{"b2"}};
    cursor.sequences = {Sequence{18'446'744'073'709'551'615ULL}, Sequence{0}};
    EXPECT_EQ(cursor.text(), "k3x9.18446744073709551615.b2.0");
    EXPECT_EQ(Cursor::parse(cursor.text()).value(), cursor);
}

TEST(Cursor, RefusesEverythingElse) {
    for (const char* bad :
         {"", "a", "a.1", "a.1.b", "a.1.b.2.c", "a.1.b.", "a..b.2", ".1.b.2", "A.1.b.2", "a.-1.b.2",
          "a.+1.b.2", "a.1 .b.2", "a.0x1.b.2", "a.18446744073709551616.b.2", "a.1.b.2\n",
          "aaaaaaaaaaaaaaaaa.1.b.2", "a.1.\xD0\x96.2"}) {
        EXPECT_EQ(Cursor::parse(bad).error().code, Errc::kInvalidCursor) << bad;
    }
}

}  // namespace
}  // namespace howl::hub
