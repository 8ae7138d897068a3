// SPDX-License-Identifier: Apache-2.0
#include "products/json.hpp"

#include <string>

#include <gtest/gtest.h>

namespace howl::products {
namespace {

Errc refusal_of(std::string_view text) {
    const auto object = parse_object(text);
    EXPECT_FALSE(object) << text;
    return object ? Errc::kInternal : object.error().code;
}

std::string nested(std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) {
        text += R"({"a":)";
    }
    return text + "0" + std::string(depth, '}');
}

TEST(Json, FindsMembersByTheirKind) {
    const auto object = parse_object(R"( {"s":"text","n":-5,"o":{"in":"side"},"x":null} )");
    ASSERT_TRUE(object);
    EXPECT_EQ(string_in(*object, "s"), "text");
    EXPECT_EQ(whole_number_in(*object, "n"), -5);
    ASSERT_NE(object_in(*object, "o"), nullptr);
    EXPECT_EQ(string_in(*object_in(*object, "o"), "in"), "side");
}

TEST(Json, AMemberOfAnotherKindIsNone) {
    const auto object = parse_object(R"({"s":"text","n":1.5,"big":9223372036854775808,"x":null})");
    ASSERT_TRUE(object);
    EXPECT_EQ(string_in(*object, "n"), std::nullopt);
    EXPECT_EQ(string_in(*object, "x"), std::nullopt);
    EXPECT_EQ(string_in(*object, "absent"), std::nullopt);
    EXPECT_EQ(whole_number_in(*object, "s"), std::nullopt);
    EXPECT_EQ(whole_number_in(*object, "n"), std::nullopt);
    EXPECT_EQ(whole_number_in(*object, "big"), std::nullopt);
    EXPECT_EQ(object_in(*object, "s"), nullptr);
    EXPECT_EQ(object_in(*object, "absent"), nullptr);
}

TEST(Json, TheLastOfTwoMembersCounts) {
    EXPECT_EQ(string_in(*parse_object(R"({"a":"1","a":"2"})"), "a"), "2");
}

TEST(Json, WhatIsJsonButNoObjectIsTheWrongShape) {
    for (const std::string_view text : {"[]", "null", "\"text\"", "7"}) {
        EXPECT_EQ(refusal_of(text), Errc::kBadRequest) << text;
    }
}

TEST(Json, RefusesWhatIsNoJson) {
    for (const std::string_view text : {"", " ", "{", "{}x", "{} {}", "{'a':1}", "{\"a\":}",
                                        "{\"a\":\"\xff\"}", "{\"a\":\"\x01\"}", "\xef\xbb\xbf{}"}) {
        EXPECT_EQ(refusal_of(text), Errc::kInvalidJson) << text;
    }
}

TEST(Json, NestingHasALimit) {
    EXPECT_TRUE(parse_object(nested(kJsonDepthMax)));
    EXPECT_EQ(refusal_of(nested(kJsonDepthMax + 1)), Errc::kInvalidJson);
    EXPECT_EQ(refusal_of(nested(100'000)), Errc::kInvalidJson);
}

}  // namespace
}  // namespace howl::products
