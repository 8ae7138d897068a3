// SPDX-License-Identifier: Apache-2.0
#include "hub/topic_name.hpp"

#include <type_traits>

#include <gtest/gtest.h>

namespace howl::hub {
namespace {

static_assert(!std::is_convertible_v<std::string, TopicName>);
static_assert(!std::is_convertible_v<TopicName, std::string>);
static_assert(std::is_nothrow_move_constructible_v<TopicName>);

TEST(TopicName, TakesAnyText) {
    for (const std::string& good :
         {std::string{"chat/lobby"}, std::string{"A-z0.9_~:x"}, std::string(255, 'a'),
          std::string{"https://example.com/books/1"}, std::string{"/a//b/"}, std::string{"a b\n"},
          std::string{"a%2Fb"}, std::string{"\xD0\x96"}, std::string{"/"}, std::string{".."}}) {
        EXPECT_EQ(TopicName::parse(good)->text(), good);
    }
}

TEST(TopicName, RefusesWhatIsEmptyLongOrNoText) {
    for (const std::string& bad : {std::string{}, std::string(256, 'a'), std::string("a\0b", 3),
                                   std::string{"\xFF"}, std::string{"\xD0"}}) {
        EXPECT_EQ(TopicName::parse(bad).error().code, Errc::kInvalidTopic) << bad;
    }
}

TEST(TopicName, KeepsForeignTextsApart) {
    EXPECT_EQ(topic_for("inbox/v2/", "demo")->text(), "inbox/v2/demo");
    EXPECT_EQ(topic_for("inbox/v2/", "\xD0\x96")->text(), "inbox/v2/~D0~96");
    EXPECT_EQ(topic_for("inbox/v2/", "a~b")->text(), "inbox/v2/a~7Eb");
    EXPECT_EQ(topic_for("inbox/v2/", "a/b")->text(), "inbox/v2/a~2Fb");
    EXPECT_FALSE(topic_for("inbox/v2/", ""));
    EXPECT_FALSE(topic_for("inbox/v2/", std::string(300, 'x')));
}

}  // namespace
}  // namespace howl::hub
