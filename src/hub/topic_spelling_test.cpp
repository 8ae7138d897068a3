// SPDX-License-Identifier: Apache-2.0
#include "hub/topic_spelling.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace howl::hub {
namespace {

TEST(TopicSpelling, LeavesPlainNamesAsTheyAre) {
    for (const char* name : {"news", "chat/lobby", "A-z0.9_~:x", "howl:cloud", "a/.b/..c/d."}) {
        EXPECT_EQ(spell_topic(name), name);
        EXPECT_EQ(topic_spelled(name)->text(), name);
    }
}

TEST(TopicSpelling, EncodesWhatAUrlWouldChange) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"https://example.com/books/1", "https:/%2Fexample.com/books/1"},
        {"a b", "a%20b"},
        {"\xD0\x96", "%D0%96"},
        {"100%", "100%25"},
        {"a\nb", "a%0Ab"},
        {"news/*", "news/%2A"},
        {"/", "%2F"},
        {"//", "%2F%2F"},
        {"/a", "%2Fa"},
        {"a/", "a%2F"},
        {"a//b", "a/%2Fb"},
        {"a///b", "a/%2F%2Fb"},
        {"a/../b", "a%2F..%2Fb"},
        {"./a", ".%2Fa"},
        {"a/..", "a%2F.."},
        {"..", ".."},
    };
    for (const auto& [name, spelling] : cases) {
        EXPECT_EQ(spell_topic(name), spelling);
        const auto back = topic_spelled(spelling);
        ASSERT_TRUE(back) << spelling;
        EXPECT_EQ(back->text(), name);
    }
}

TEST(TopicSpelling, RefusesEverySecondSpelling) {
    for (const char* spelling : {"a%2Fb", "howl%3Acloud", "%61", "a//b", "/a", "a/", "%d0%96", "a!",
                                 "a/../b", "https%3A%2F%2Fx.org", "", "%FF", "a%00b"}) {
        EXPECT_EQ(topic_spelled(spelling).error().code, Errc::kInvalidTopic) << spelling;
    }
    EXPECT_EQ(topic_spelled("%61").error().detail, "in a path this name is spelled a");
}

TEST(TopicSpelling, GivesEveryShortNameBack) {
    // All names of up to four of the letters that matter.
    const std::string letters{"/.a%"};
    std::vector<std::string> names{""};
    for (std::size_t at = 0; at < names.size(); ++at) {
        for (const char letter : letters) {
            if (names[at].size() < 4) {
                names.push_back(names[at] + letter);
            }
        }
    }
    for (const auto& name : names) {
        if (!name.empty()) {
            EXPECT_EQ(topic_spelled(spell_topic(name))->text(), name);
        }
    }
}

}  // namespace
}  // namespace howl::hub
