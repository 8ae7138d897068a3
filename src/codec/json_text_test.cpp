// SPDX-License-Identifier: Apache-2.0
#include "codec/json_text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace howl::codec {
namespace {

TEST(JsonText, NoLineSeparatorOfUnicodeStandsInIt) {
    const boost::json::object said{{"a\xE2\x80\xA9", "x\xC2\x85y\xE2\x80\xA8\xE2\x80\xA8z"}};
    const auto text = json_text(said);
    EXPECT_EQ(text, R"({"a\u2029":"x\u0085y\u2028\u2028z"})");
    EXPECT_EQ(boost::json::parse(text), boost::json::value(said));
}

TEST(JsonText, EverythingElseStaysAsItIs) {
    for (const char* text : {"", "hello", "\xD0\x96", "\xE2\x80\xA7\xE2\x80\xAA", "\xC2\x84",
                             "\xF0\x9F\x90\xBA", "\\u2028", "\xC4\x85"}) {
        const boost::json::object said{{"t", text}};
        EXPECT_EQ(json_text(said), boost::json::serialize(said)) << text;
    }
}

TEST(JsonText, ManySeparatorsTakeLittleTime) {
    std::string many;
    for (int i = 0; i < 20'000; ++i) {
        many += "\xE2\x80\xA8";
    }
    EXPECT_EQ(escape_separators(many).size(), 120'000U);
}

}  // namespace
}  // namespace howl::codec
