// SPDX-License-Identifier: Apache-2.0
#include "hub/sequencer.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hub/sequencer_rig_for_test.hpp"

namespace howl::hub {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using Next = Sequencer::ReplayStep::Next;

TEST_F(SequencerTest, HandsOutInTheOrderOfTheCommitsAndAcknowledgesBehindThem) {
    start();
    sequencer_.watch(kNear, topic("a"));
    sequencer_.watch(kNear, topic("tick/1"));
    durable_.hold_reports();
    publish({new_event("a"), new_event("a")});
    publish("a");
    publish("tick/1");
    EXPECT_THAT(near(), ElementsAre("tick/1 1 @0.1", "ack 1"));
    durable_.report();
    EXPECT_THAT(near(), ElementsAre("a 1 @1.1", "a 2 @2.1", "ack 1", "a 3 @3.1", "ack 3"));
}

TEST_F(SequencerTest, ABatchThatFailsIsSeenByNobody) {
    start();
    sequencer_.watch(kNear, topic("a"));
    durable_.fail_next(Errc::kStorageFull);
    publish({new_event("a"), new_event("a")});
    EXPECT_THAT(near(), ElementsAre("refused storage_full"));
    EXPECT_EQ(sequencer_.head(), at(0));
    publish("a");
    EXPECT_THAT(near(), ElementsAre("a 1 @1.0", "ack 1"));
}

TEST_F(SequencerTest, ARepeatedEventIsAcknowledgedButNotHandedOutAgain) {
    start();
    sequencer_.watch(kNear, topic("a"));
    publish({new_event("a", "x", "key")});
    publish({new_event("a", "x", "key"), new_event("a")});
    EXPECT_THAT(near(), ElementsAre("a 1 @1.0", "ack 1", "a 2 @2.0", "ack 1"));
}

TEST_F(SequencerTest, AShardHearsOnlyOfTopicsThatItWatches) {
    start();
    sequencer_.watch(kNear, topic("a"));
    sequencer_.watch(kFar, topic("a"));
    sequencer_.watch(kFar, topic("b"));
    publish({new_event("a"), new_event("b"), new_event("c")});
    EXPECT_THAT(near(), ElementsAre("a 1 @1.0", "ack 1"));
    EXPECT_THAT(far(), ElementsAre("a 1 @1.0", "b 1 @2.0"));
    sequencer_.unwatch(kFar, topic("a"));
    sequencer_.unwatch(kNear, topic("a"));
    sequencer_.unwatch(kNear, topic("never"));
    publish({new_event("a"), new_event("b")});
    EXPECT_THAT(near(), ElementsAre("ack 2"));
    EXPECT_THAT(far(), ElementsAre("b 2 @5.0"));
}

TEST_F(SequencerTest, AReaderAtTheEndJoinsBetweenTheEvents) {
    start();
    sequencer_.watch(kNear, topic("a"));
    publish("a");
    const auto step = replay({"a"}, at(1));
    EXPECT_EQ(step.next, Next::kJoined);
    EXPECT_EQ(step.cursor, at(1));
    publish("a");
    EXPECT_THAT(near(), ElementsAre("a 1 @1.0", "ack 1", "joined", "a 2 @2.0", "ack 2"));
}

TEST_F(SequencerTest, AReaderBehindTakesOneLaneAfterTheOtherThenJoins) {
    start();
    publish("a");
    publish("tick/1");
    publish("other");
    auto step = replay({"a", "tick/1"}, at(0));
    EXPECT_EQ(step.next, Next::kMore);
    EXPECT_EQ(step.lane, Lane::kDurable);
    EXPECT_THAT(sequences_of(step.events), ElementsAre(1));
    EXPECT_EQ(step.cursor, at(2, 0));
    step = replay({"a", "tick/1"}, step.cursor);
    EXPECT_EQ(step.next, Next::kMore);
    EXPECT_EQ(step.lane, Lane::kVolatile);
    EXPECT_EQ(step.cursor, at(2, 1));
    step = replay({"a", "tick/1"}, step.cursor);
    EXPECT_EQ(step.next, Next::kJoined);
    EXPECT_THAT(step.events, IsEmpty());
}

TEST_F(SequencerTest, ALongReplayComesInSteps) {
    start();
    for (int i = 0; i < 300; ++i) {
        publish("a");
    }
    auto step = replay({"a"}, at(0));
    EXPECT_EQ(step.events.size(), 256U);
    EXPECT_EQ(step.cursor, at(256));
    step = replay({"a"}, step.cursor);
    EXPECT_EQ(step.events.size(), 44U);
    EXPECT_EQ(step.cursor, at(300));
}

TEST_F(SequencerTest, AnotherEpochVoidsEveryTopicOfItsLane) {
    start();
    publish("a");
    publish("tick/1");
    Cursor stale = at(7, 1);
    stale.epochs.durable = Epoch{"d0"};
    auto step = replay({"a", "never", "tick/1"}, stale);
    EXPECT_EQ(step.next, Next::kMore);
    EXPECT_THAT(gaps_of(step), ElementsAre("a", "never"));
    EXPECT_EQ(step.cursor, at(0, 1));
    step = replay({"a", "never", "tick/1"}, step.cursor);
    EXPECT_THAT(sequences_of(step.events), ElementsAre(1));
    EXPECT_THAT(gaps_of(step), IsEmpty());
}

TEST_F(SequencerTest, AnotherEpochOfALaneWithoutTopicsIsOfNoInterest) {
    start();
    publish("a");
    Cursor stale = at(1, 9);
    stale.epochs.volatile_lane = Epoch{"v0"};
    const auto step = replay({"a"}, stale);
    EXPECT_EQ(step.next, Next::kJoined);
    EXPECT_EQ(step.cursor, at(1, 0));
}

TEST_F(SequencerTest, ACursorAheadOfAllThatWasHandedOutIsVoid) {
    start();
    publish("a");
    const auto step = replay({"a"}, at(2));
    EXPECT_EQ(step.next, Next::kMore);
    EXPECT_THAT(gaps_of(step), ElementsAre("a"));
    EXPECT_EQ(step.cursor, at(0));
}

TEST_F(SequencerTest, KnowsWhetherAReaderWouldMissNothing) {
    start();
    for (const auto* name : {"a", "two/1", "two/1", "two/1", "tick/1", "brief/1"}) {
        publish(name);
    }
    EXPECT_EQ(continuity({"a", "never"}, at(0)), "whole");
    EXPECT_EQ(continuity({"a", "two/1"}, at(1)), "broken") << "the first of three is gone";
    EXPECT_EQ(continuity({"a", "two/1"}, at(2)), "whole");
    EXPECT_EQ(continuity({"a"}, at(6)), "broken") << "ahead";
    EXPECT_EQ(continuity({"tick/1"}, at(0, 2)), "broken") << "ahead in the other lane";
    Cursor stale = at(5);
    stale.epochs.volatile_lane = Epoch{"v0"};
    EXPECT_EQ(continuity({"a"}, stale), "whole");
    EXPECT_EQ(continuity({"tick/1"}, stale), "broken");
    EXPECT_EQ(continuity({"brief/1"}, at(4)), "whole");
    clock_.advance(10s);
    EXPECT_EQ(continuity({"brief/1"}, at(4)), "broken");
}

TEST_F(SequencerTest, AsksTheLogWhetherAReaderWouldMissAnything) {
    for (int i = 0; i < 5; ++i) {
        durable_.has_stored("a");
    }
    durable_.forget("a", 2);
    durable_.newest_max = 1;
    start();
    EXPECT_EQ(continuity({"a"}, at(1)), "broken");
    EXPECT_EQ(continuity({"a"}, at(2)), "whole");
    EXPECT_EQ(durable_.reads(), 2U);
}

TEST_F(SequencerTest, AsksTheLogForWhatIsNotInMemory) {
    start_with_history(5, 2);
    auto step = replay({"a"}, at(1));
    EXPECT_EQ(step.next, Next::kAskLog);
    EXPECT_EQ(step.lane, Lane::kDurable);
    EXPECT_EQ(step.cursor, at(1));
    step = read_log({"a"}, step.cursor);
    EXPECT_EQ(step.next, Next::kMore);
    EXPECT_THAT(sequences_of(step.events), ElementsAre(2, 3, 4, 5));
    EXPECT_EQ(step.cursor, at(5));
    EXPECT_THAT(sequences_of(replay({"a"}, at(3)).events), ElementsAre(4, 5));
}

TEST_F(SequencerTest, AStepFromTheLogStopsAtWhatWasHandedOut) {
    start_with_history(5, 0);
    durable_.hold_reports();
    publish("a");
    auto step = read_log({"a"}, at(3));
    EXPECT_THAT(sequences_of(step.events), ElementsAre(4, 5));
    EXPECT_EQ(step.cursor, at(5));
    EXPECT_EQ(replay({"a"}, step.cursor).next, Next::kJoined);
    durable_.report();
    step = replay({"a"}, at(5));
    EXPECT_THAT(sequences_of(step.events), ElementsAre(6));
}

TEST_F(SequencerTest, AStepFromTheLogIsBoundedInBytes) {
    for (int i = 0; i < 10; ++i) {
        durable_.has_stored("a", std::string(60'000, 'x'));
    }
    durable_.newest_max = 0;
    start();
    const auto step = read_log({"a"}, at(0));
    EXPECT_THAT(sequences_of(step.events), ElementsAre(1, 2, 3, 4));
    EXPECT_EQ(step.cursor, at(4));
}

TEST_F(SequencerTest, AGapInTheLogIsToldWithTheStep) {
    durable_.has_stored("a");
    durable_.has_stored("a");
    durable_.has_stored("a");
    durable_.forget("a", 2);
    durable_.newest_max = 0;
    start();
    const auto step = read_log({"a"}, at(1));
    EXPECT_THAT(gaps_of(step), ElementsAre("a"));
    EXPECT_THAT(sequences_of(step.events), ElementsAre(3));
}

TEST_F(SequencerTest, AFailedReadReachesTheOneWhoAsked) {
    start_with_history(3, 0);
    durable_.fail_reads(Errc::kStorageFailed);
    Result<Sequencer::ReplayStep> step;
    sequencer_.read_log(kNear, topics({"a"}), at(0), Lane::kDurable,
                        [&](Result<Sequencer::ReplayStep> read) { step = std::move(read); });
    near();
    EXPECT_EQ(step.error().code, Errc::kStorageFailed);
}

TEST_F(SequencerTest, LocatesAPositionFromMemoryAndFromTheLog) {
    start_with_history(5, 2);
    publish("other");
    EXPECT_EQ(locate("a", "d1", 5), at(6)) << "at the end";
    EXPECT_EQ(locate("a", "d1", 3), at(3)) << "from memory";
    EXPECT_EQ(durable_.reads(), 0U);
    EXPECT_EQ(locate("a", "d1", 1), at(1)) << "from the log";
    EXPECT_EQ(durable_.reads(), 1U);
    EXPECT_EQ(locate("never", "d1", 0), at(6));
}

TEST_F(SequencerTest, ALostPositionLeadsToAGap) {
    start();
    for (int i = 0; i < 4; ++i) {
        publish("two/a");
    }
    publish("a");
    EXPECT_THAT(gaps_of(replay({"two/a"}, locate("two/a", "d1", 1))), ElementsAre("two/a"));
    EXPECT_THAT(gaps_of(replay({"two/a"}, locate("two/a", "d0", 3))), ElementsAre("two/a"));
    EXPECT_THAT(gaps_of(replay({"two/a"}, locate("two/a", "d1", 2))), IsEmpty());
    EXPECT_THAT(gaps_of(replay({"a"}, locate("a", "d1", 2))), ElementsAre("a"))
        << "ahead of a topic that has lost nothing";
}

TEST_F(SequencerTest, APositionThatOnlyTheLogKnowsToBeLostLeadsToAGap) {
    for (int i = 0; i < 5; ++i) {
        durable_.has_stored("a");
    }
    durable_.forget("a", 3);
    durable_.newest_max = 1;
    start();
    const Cursor cursor = locate("a", "d1", 1);
    EXPECT_EQ(cursor, at(0));
    EXPECT_EQ(replay({"a"}, cursor).next, Next::kAskLog);
    EXPECT_THAT(gaps_of(read_log({"a"}, cursor)), ElementsAre("a"));
}

TEST_F(SequencerTest, PurgeLeavesAGapAndOffsetsGoOn) {
    start();
    sequencer_.watch(kNear, topic("a"));
    publish("a");
    near();
    bool purged = false;
    sequencer_.purge(kNear, topic("a"), PurgeScope::kHistory,
                     [&](Result<void> outcome) { purged = outcome.has_value(); });
    EXPECT_FALSE(purged) << "completions come in a later turn";
    near();
    EXPECT_TRUE(purged);
    EXPECT_THAT(gaps_of(replay({"a"}, at(0))), ElementsAre("a"));
    near();
    publish("a");
    EXPECT_THAT(near(), ElementsAre("a 2 @2.0", "ack 2"));
}

TEST_F(SequencerTest, GivesHistoryFromMemoryAndFromTheLog) {
    start_with_history(5, 2);
    publish("b");
    std::vector<Sequencer::History> got;
    const auto take = [&](Result<Sequencer::History> history) {
        got.push_back(std::move(*history));
    };
    sequencer_.history(kNear, topic("b"), Offset{0}, 10, take);
    EXPECT_EQ(durable_.reads(), 0U);
    sequencer_.history(kNear, topic("a"), Offset{1}, 2, take);
    EXPECT_EQ(durable_.reads(), 1U);
    near();
    ASSERT_EQ(got.size(), 2U);
    EXPECT_THAT(sequences_of(got[0].page.events), ElementsAre(6));
    EXPECT_THAT(sequences_of(got[1].page.events), ElementsAre(2, 3));
    EXPECT_EQ(got[1].page.first_retained, Offset{1});
    EXPECT_EQ(got[1].epoch, Epoch{"d1"});
}

TEST_F(SequencerTest, SettingTheTimeOfDayExpiresNothing) {
    start();
    publish("brief/a");
    clock_.step_wall(3600s);
    EXPECT_THAT(gaps_of(replay({"brief/a"}, at(0))), IsEmpty());
    clock_.step_wall(-7200s);
    clock_.advance(10s);
    EXPECT_THAT(gaps_of(replay({"brief/a"}, at(0))), ElementsAre("brief/a"));
}

TEST_F(SequencerTest, AReaderLearnsWhatWentWithAForgottenTopic) {
    start();
    publish("a");
    publish("a");
    publish("b");
    durable_.forget_topic("a");
    EXPECT_EQ(sequencer_.topic_count(), 1U);
    const auto step = replay({"a", "b"}, at(1));
    EXPECT_THAT(gaps_of(step), ElementsAre("a"));
    EXPECT_EQ(step.gaps.at(0).through, Sequence{2});
    EXPECT_THAT(sequences_of(step.events), ElementsAre(3));
    EXPECT_THAT(replay({"a", "b"}, at(2)).gaps, IsEmpty());
    EXPECT_EQ(locate("a", "d1", 1).sequences.durable, Sequence{0});
    publish("a");
    EXPECT_EQ(durable_.last_offset("a"), 3U);
    EXPECT_THAT(gaps_of(replay({"a"}, at(1))), ElementsAre("a"));
}

TEST_F(SequencerTest, TellsTheLogWhichTopicsAreRead) {
    start();
    EXPECT_FALSE(durable_.is_read("a"));
    sequencer_.watch(kFar, topic("a"));
    EXPECT_TRUE(durable_.is_read("a"));
    EXPECT_FALSE(durable_.is_read("b"));
    sequencer_.unwatch(kFar, topic("a"));
    EXPECT_FALSE(durable_.is_read("a"));
}

// --- The list of topics ---

std::string words_of(const Sequencer::TopicStep& step) {
    std::string out;
    for (const auto& [name, lane, last_offset] : step.topics) {
        out += name.text() + (lane == Lane::kDurable ? "" : "?") + " ";
    }
    return out + (step.complete ? "end" : "| " + step.reached);
}

TEST_F(SequencerTest, TopicsOfBothLanesAreListedInSteps) {
    start();
    for (const auto* name : {"z", "tick/2", "a", "tick/1", "m"}) {
        publish(name);
    }
    EXPECT_EQ(words_of(sequencer_.list_topics({}, 100)), "a m tick/1? tick/2? z end");
    EXPECT_EQ(words_of(sequencer_.list_topics({}, 3)), "a m tick/1? | tick/1");
    EXPECT_EQ(words_of(sequencer_.list_topics({.prefix = {}, .after = "tick/1", .except = {}}, 3)),
              "tick/2? z end");
    EXPECT_EQ(words_of(sequencer_.list_topics({.prefix = {}, .after = "z", .except = {}}, 3)),
              "end");
}

// A start does not wait for the index, and nobody waits long for who makes it.
TEST_F(SequencerTest, TheFirstListComesWhenTheIndexIsMade) {
    for (int i = 1000; i < 1600; ++i) {
        durable_.has_stored("t" + std::to_string(i));
    }
    start();
    const TopicRange range{.prefix = {}, .after = "t1597", .except = {}};
    EXPECT_EQ(words_of(sequencer_.list_topics(range, 100)), "| t1597");
    EXPECT_EQ(words_of(sequencer_.list_topics(range, 100)), "| t1597");
    EXPECT_EQ(words_of(sequencer_.list_topics(range, 100)), "t1598 t1599 end");
}

TEST_F(SequencerTest, ATopicIsListedInTheLaneOfItsPolicyOnly) {
    durable_.has_stored("tick/moved");  // By a configuration in which it was durable.
    durable_.has_stored("u");
    start();
    EXPECT_EQ(words_of(sequencer_.list_topics({}, 1)), "| tick/moved");
    EXPECT_EQ(words_of(sequencer_.list_topics({}, 100)), "u end");
    publish("tick/moved");
    EXPECT_EQ(words_of(sequencer_.list_topics({}, 100)), "tick/moved? u end");
    EXPECT_EQ(words_of(sequencer_.list_topics({}, 1)), "tick/moved? | tick/moved");
}

}  // namespace
}  // namespace howl::hub
