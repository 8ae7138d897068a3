// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "base/random.hpp"
#include "hub/reader_rig_for_test.hpp"

namespace howl::hub {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ReaderOfPatterns : public ::testing::Test {
protected:
    ReaderOfPatterns() { rig_.start(); }

    ReaderRig rig_;
    RecordingSink sink_;
};

TEST_F(ReaderOfPatterns, HearsTopicsThatMatchAlsoThoseThatComeLater) {
    rig_.publish("news/old");
    const auto reader = rig_.follow_patterns(sink_, {"news/*"});
    rig_.turn();
    rig_.publish("news/old");
    rig_.publish("weather");
    rig_.publish("news/new");
    rig_.publish("news/new");
    rig_.turn();
    EXPECT_THAT(sink_.take_words(),
                ElementsAre("joined", "news/old 2", "news/new 1", "news/new 2"));
}

TEST_F(ReaderOfPatterns, ReadsBothLanes) {
    const auto reader = rig_.follow_patterns(sink_, {"*"});
    rig_.turn();
    rig_.publish("tick/a");
    rig_.publish("a");
    rig_.publish("howl:cloud");
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), ElementsAre("joined", "tick/a 1", "a 1"));
}

TEST_F(ReaderOfPatterns, GetsAnEventOnceHoweverManyWaysLeadToIt) {
    const auto reader = rig_.follow_patterns(sink_, {"news/*", "*"}, FromNow{}, {"news/a"});
    rig_.turn();
    rig_.publish("news/a");
    rig_.publish("news/b");
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), ElementsAre("joined", "news/a 1", "news/b 1"));
    rig_.publish("tick/a");  // The other lane has sequences of its own, which may be the same.
    rig_.publish("tick/a");
    rig_.publish("tick/a");
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), ElementsAre("tick/a 1", "tick/a 2", "tick/a 3"));
}

TEST_F(ReaderOfPatterns, ResumesWithWhatItMissedAlsoOfTopicsThatAreNewToIt) {
    rig_.publish("news/a");
    rig_.publish("other");
    rig_.publish("news/b");
    const auto reader = rig_.follow_patterns(sink_, {"news/*"}, rig_.at(1));
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), ElementsAre("news/b 1", "joined"));
}

TEST_F(ReaderOfPatterns, TopicsThatAreMadeWhileItReplaysAreRead) {
    for (int i = 0; i < 3; ++i) {
        rig_.publish("news/a");
    }
    sink_.on_deliver = [&] {
        sink_.on_deliver = nullptr;
        sink_.set_queued_bytes(1'000'000);
    };
    const auto reader = rig_.follow_patterns(sink_, {"news/*"}, rig_.at(0));
    rig_.publish("news/late");
    rig_.turn();
    sink_.set_queued_bytes(0);
    reader->on_drained();
    rig_.publish("news/later");
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), ElementsAre("news/a 1", "news/a 2", "news/a 3", "news/late 1",
                                                "joined", "news/later 1"));
}

TEST_F(ReaderOfPatterns, SaysWhichTopicLostEvents) {
    for (int i = 0; i < 4; ++i) {
        rig_.publish("two/a");
    }
    const auto reader = rig_.follow_patterns(sink_, {"two/*"}, rig_.at(1));
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), ElementsAre("reset two/a", "two/a 3", "two/a 4", "joined"));
}

TEST_F(ReaderOfPatterns, AForgottenTopicMayHaveMatched) {
    rig_.publish("news/a");
    rig_.publish("gone");
    rig_.durable.forget_topic("gone");
    const auto reader = rig_.follow_patterns(sink_, {"news/*"}, rig_.at(0));
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), ElementsAre("reset news/*", "news/a 1", "joined"));
    const auto behind = rig_.follow_patterns(sink_, {"news/*"}, rig_.at(2));
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), ElementsAre("joined"));
}

TEST_F(ReaderOfPatterns, AnotherHistoryVoidsThePattern) {
    rig_.publish("news/a");
    Cursor cursor = rig_.at(1);
    cursor.epochs.durable = Epoch{"other"};
    const auto reader = rig_.follow_patterns(sink_, {"news/*"}, cursor);
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), ElementsAre("reset news/*", "news/a 1", "joined"));
}

TEST_F(ReaderOfPatterns, IsClosedWhereTooManyTopicsMatch) {
    for (std::size_t i = 0; i <= limits::kTopicsPerReplayMax; ++i) {
        rig_.publish("wide/" + std::to_string(i));
    }
    const auto reader = rig_.follow_patterns(sink_, {"wide/*"}, rig_.at(0));
    for (int i = 0; i < 10; ++i) {
        rig_.turn();
    }
    EXPECT_EQ(sink_.closed, Errc::kPatternTooWide);
    RecordingSink other;
    const auto from_now = rig_.follow_patterns(other, {"wide/*"});
    rig_.turn();
    rig_.publish("wide/1");
    rig_.turn();
    EXPECT_THAT(other.take_words(), ElementsAre("joined", "wide/1 2"));
}

TEST_F(ReaderOfPatterns, StopsWithAPatternAndKeepsTheRest) {
    const auto reader = rig_.follow_patterns(sink_, {"a/*", "b/*"}, FromNow{}, {"a/1"});
    rig_.turn();
    EXPECT_EQ(reader->remove(TopicPattern::parse("a/*").value()), Reader::Left::kSome);
    rig_.publish("a/1");
    rig_.publish("a/2");
    rig_.publish("b/1");
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), ElementsAre("joined", "a/1 1", "b/1 1"));
    EXPECT_EQ(reader->remove(topic("a/1")), Reader::Left::kSome);
    EXPECT_EQ(reader->remove(TopicPattern::parse("b/*").value()), Reader::Left::kNone);
    rig_.publish("b/1");
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), IsEmpty());
}

TEST_F(ReaderOfPatterns, IsEncodedForOnceWithTheOthers) {
    RecordingSink other;
    const auto one = rig_.follow_patterns(sink_, {"a/*"});
    const auto two = rig_.follow(other, {"a/1"});
    rig_.turn();
    const auto before = rig_.encoder.encoded;
    rig_.publish("a/1");
    rig_.turn();
    EXPECT_EQ(rig_.encoder.encoded, before + 1);
    EXPECT_THAT(other.take_words(), ElementsAre("joined", "a/1 1"));
}

// Random readers that break off at random places hear of every event they want, once, in order.
TEST_F(ReaderOfPatterns, MissesNothingWhereverItResumes) {
    SeededRandom random{42};
    const std::vector<std::string> names{"a/1", "a/2", "b/1", "b/2", "tick/a", "tick/b", "c"};
    const std::vector<std::string> patterns{"a/*", "*/1", "*", "tick/*", "b*2"};
    std::vector<std::vector<std::string>> groups;
    for (int round = 0; round < 200; ++round) {
        const auto first = names[random.below(names.size())];
        const bool is_tick = first.starts_with("tick/");
        if (random.below(3) == 0 && first != "c") {
            const auto rest = is_tick ? std::vector<std::string>{"tick/a", "tick/b"}
                                      : std::vector<std::string>{"a/1", "b/2", "c"};
            rig_.publish_copies(rest);
            groups.push_back(rest);
        } else {
            rig_.publish(first);
            groups.push_back({first});
        }
    }
    const auto wants = [&](const std::string& name, const std::vector<std::string>& wanted,
                           const std::vector<std::string>& by_name) {
        return std::ranges::find(by_name, name) != by_name.end() ||
               std::ranges::any_of(wanted, [&](const auto& pattern) {
                   return TopicPattern::parse(pattern)->matches(topic(name));
               });
    };
    for (int trial = 0; trial < 100; ++trial) {
        std::vector<std::string> wanted{patterns[random.below(patterns.size())]};
        std::vector<std::string> by_name;
        if (random.below(2) == 0) {
            by_name = {"a/1", "c"};
        }
        std::size_t expected = 0;
        for (const auto& group : groups) {
            expected += std::ranges::any_of(
                group, [&](const auto& name) { return wants(name, wanted, by_name); });
        }
        // From the beginning, broken off after some frames and resumed by the last cursor.
        Cursor cursor = rig_.at(0);
        std::vector<std::string> heard;
        for (bool joined = false; !joined;) {
            RecordingSink sink;
            const auto reader = rig_.follow_patterns(sink, wanted, cursor, by_name);
            rig_.turn();
            const auto taken = 1 + random.below(60);
            for (std::size_t i = 0; i < sink.frames.size() && i < taken; ++i) {
                const auto& frame = sink.frames[i];
                cursor = frame.cursor;
                joined = frame.kind == "joined";
                if (frame.kind == "event") {
                    heard.push_back(frame.words());
                }
            }
        }
        EXPECT_EQ(heard.size(), expected);
        std::ranges::sort(heard);
        EXPECT_EQ(std::ranges::adjacent_find(heard), heard.end()) << "an event came twice";
    }
}

}  // namespace
}  // namespace howl::hub
