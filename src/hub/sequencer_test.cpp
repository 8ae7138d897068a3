// SPDX-License-Identifier: Apache-2.0
#include "hub/sequencer.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hub/scripted_event_log_for_test.hpp"

namespace howl::hub {
namespace {

using std::chrono_literals::operator""s;
using testing::ElementsAre;
using testing::IsEmpty;
using Next = Sequencer::ReplayStep::Next;

constexpr ShardId kNear{0};
constexpr ShardId kFar{1};

/// Two shards' mailboxes on a sequencer; what comes out of them is written down as words.
class SequencerTest : public testing::Test {
protected:
    SequencerTest() { durable_.now = clock_.wall_now(); }
    void start() {
        sequencer_.attach(kNear, near_);
        sequencer_.attach(kFar, far_);
        ASSERT_TRUE(sequencer_.start());
    }
    /// Starts a node that has the newest `in_memory` of `count` events of topic `a` in memory.
    void start_with_history(int count, std::size_t in_memory) {
        for (int i = 0; i < count; ++i) {
            durable_.has_stored("a");
        }
        durable_.newest_max = in_memory;
        start();
    }
    void publish(std::vector<NewEvent> events) {
        sequencer_.publish(kNear, std::move(events), [this](Result<Receipts> receipts) {
            near_words_.push_back(
                receipts ? "ack " + std::to_string(receipts->at(0).event->offset.value())
                         : "refused " + std::string{receipts.error().entry().name});
        });
    }
    void publish(std::string_view name) { publish({new_event(name)}); }

    static std::string word_of(const Delivery& delivery) {
        return delivery.event->topic.text() + " " + std::to_string(delivery.event->offset.value()) +
               " @" + std::to_string(delivery.sequences.durable.value()) + "." +
               std::to_string(delivery.sequences.ephemeral.value());
    }
    std::vector<std::string> drain(Mailbox& mailbox, std::vector<std::string>& words) {
        std::vector<Mailbox::Item> items;
        mailbox.take(items);
        for (auto& item : items) {
            if (const auto* delivery = std::get_if<Delivery>(&item)) {
                words.push_back(word_of(*delivery));
            } else {
                std::get<Mailbox::Action>(item)();
            }
        }
        return std::exchange(words, {});
    }
    std::vector<std::string> near() { return drain(near_, near_words_); }
    std::vector<std::string> far() { return drain(far_, far_words_); }

    static std::vector<TopicName> topics(const std::vector<std::string>& texts) {
        std::vector<TopicName> out;
        for (const auto& text : texts) {
            out.push_back(topic(text));
        }
        return out;
    }
    Cursor at(std::uint64_t durable, std::uint64_t ephemeral = 0) {
        return {sequencer_.epochs(), {Sequence{durable}, Sequence{ephemeral}}};
    }
    Sequencer::ReplayStep replay(const std::vector<std::string>& texts, const Cursor& after) {
        return sequencer_.replay(kNear, topics(texts), after,
                                 [this] { near_words_.push_back("joined"); });
    }
    Sequencer::ReplayStep read_log(const std::vector<std::string>& texts, const Cursor& after) {
        Result<Sequencer::ReplayStep> step;
        sequencer_.read_log(kNear, topics(texts), after, Lane::kDurable,
                            [&](Result<Sequencer::ReplayStep> read) { step = std::move(read); });
        durable_.answer_reads();
        near_words_ = near();
        return std::move(step).value();
    }
    Cursor locate(std::string_view name, std::string epoch, std::uint64_t offset) {
        Result<Cursor> found;
        sequencer_.locate(kNear, topic(name), {Epoch{std::move(epoch)}, Offset{offset}},
                          [&](Result<Cursor> cursor) { found = std::move(cursor); });
        near_words_ = near();
        return std::move(found).value();
    }
    static std::vector<std::string> gaps_of(const Sequencer::ReplayStep& step) {
        std::vector<std::string> out;
        for (const auto& gap : step.gaps) {
            out.push_back(gap.topic.text());
        }
        return out;
    }
    static std::vector<std::uint64_t> sequences_of(const std::vector<EventRef>& events) {
        std::vector<std::uint64_t> out;
        for (const auto& event : events) {
            out.push_back(event->sequence.value());
        }
        return out;
    }

    ManualClock clock_;
    ScriptedEventLog durable_{Lane::kDurable, Epoch{"d1"}};
    ScriptedEventLog ephemeral_{Lane::kVolatile, Epoch{"v1"}};
    TopicPolicies policies_{{{"tick/*", {Lane::kVolatile, {.count_max = 100}}},
                             {"two/*", {Lane::kDurable, {.count_max = 2}}},
                             {"brief/*", {Lane::kDurable, {.count_max = 100, .age_max = 10s}}}}};
    Mailbox near_{[] {}};
    Mailbox far_{[] {}};
    Sequencer sequencer_{durable_, ephemeral_, policies_, clock_, 1'000'000};
    std::vector<std::string> near_words_;
    std::vector<std::string> far_words_;
};

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
    stale.epochs.ephemeral = Epoch{"v0"};
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
    sequencer_.purge(kNear, topic("a"),
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
    const auto take = [&](Result<Sequencer::History> history) { got.push_back(*history); };
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

}  // namespace
}  // namespace howl::hub
