// SPDX-License-Identifier: Apache-2.0
// What the sequencer makes of a store's commits, and where a fence stands among them.
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "hub/sequencer_rig_for_test.hpp"
#include "hub/store.hpp"

namespace howl::hub {
namespace {

using testing::ElementsAre;

/// A store that remembers what it was asked, and leaves the rest to the scripted log.
class ScriptedStore final : public Store {
public:
    explicit ScriptedStore(ScriptedEventLog& log) : log_(log) {}

    std::vector<RecordChange> changes;
    std::vector<Retention> retentions;
    Result<RecordList> listed;

    void get(RecordKey /*key*/, GetDone done) override { done(std::nullopt); }
    void list(Query /*query*/, ListDone done) override { done(listed); }
    void count(Query /*query*/, CountDone done) override { done(0U); }
    void commit(RecordChange change, AppendBatch batch) override {
        batch.updates.push_back(update_of(change));
        changes.push_back(std::move(change));
        for (const auto& item : batch.items) {
            retentions.push_back(item.retention);
        }
        log_.append(std::move(batch));
    }

private:
    ScriptedEventLog& log_;
};

class SequencerCommitTest : public SequencerTest {
protected:
    void start_watching(const std::vector<std::string>& texts) {
        start();
        for (const auto& text : texts) {
            sequencer_.watch(kNear, topic(text));
        }
    }
    void commit(std::string_view topic_text) {
        sequencer_.commit(kNear, store_, {{"thing", "a"}, Version{7}, "ada", "data"},
                          {new_event(topic_text)}, note_outcome());
    }
    void list() {
        sequencer_.list(kNear, store_, {}, [this](const auto& listed) {
            near_words_.push_back(
                listed ? "list of " + std::to_string(listed->records.size()) + " @" +
                             std::to_string(listed->cursor.sequences.durable.value()) + "." +
                             std::to_string(listed->cursor.sequences.volatile_lane.value())
                       : "refused " + std::string{listed.error().entry().name});
        });
    }
    void fence() {
        sequencer_.fence(kNear, [this](const Cursor& cursor) {
            fences_.push_back(cursor);
            near_words_.push_back("fence @" + std::to_string(cursor.sequences.durable.value()) +
                                  "." + std::to_string(cursor.sequences.volatile_lane.value()));
        });
    }

    ScriptedStore store_{durable_};
    std::vector<Cursor> fences_;
};

TEST_F(SequencerCommitTest, HandsTheChangeOnAndAcknowledgesBehindTheEvents) {
    start_watching({"a"});
    commit("a");
    EXPECT_THAT(near(), ElementsAre("a 1 @1.0", "ack 1"));
    ASSERT_EQ(store_.changes.size(), 1U);
    EXPECT_EQ(store_.changes[0].key, (RecordKey{"thing", "a"}));
    EXPECT_EQ(store_.changes[0].expected, Version{7});
    EXPECT_EQ(store_.changes[0].owner, "ada");
    EXPECT_EQ(store_.changes[0].data, "data");
}

TEST_F(SequencerCommitTest, GivesEachEventTheRetentionOfItsTopic) {
    start();
    sequencer_.commit(kNear, store_, {}, {new_event("two/x"), new_event("a")}, note_outcome());
    ASSERT_EQ(store_.retentions.size(), 2U);
    EXPECT_EQ(store_.retentions[0].count_max, 2U);
    EXPECT_EQ(store_.retentions[1].count_max, Retention{}.count_max);
}

TEST_F(SequencerCommitTest, TellsARefusedCommitInItsTurn) {
    start_watching({"a"});
    durable_.hold_reports();
    publish("a");
    durable_.fail_next(Errc::kVersionConflict);
    commit("a");
    commit("a");
    durable_.report();
    EXPECT_THAT(near(),
                ElementsAre("a 1 @1.0", "ack 1", "refused version_conflict", "a 2 @2.0", "ack 2"));
}

TEST_F(SequencerCommitTest, TellsWhoFollowsTheKindBeforeTheEventsOfTheCommit) {
    start_watching({"a"});
    sequencer_.follow(kNear, "thing");
    sequencer_.follow(kFar, "thing");
    commit("a");
    EXPECT_THAT(near(), ElementsAre("thing/a v8", "a 1 @1.0", "ack 1"));
    EXPECT_THAT(far(), ElementsAre("thing/a v8"));
}

TEST_F(SequencerCommitTest, TellsNobodyOfAnotherKindOrOfARefusedCommit) {
    start();
    sequencer_.follow(kNear, "thin");
    sequencer_.follow(kFar, "thing");
    durable_.fail_next(Errc::kVersionConflict);
    commit("a");
    EXPECT_THAT(near(), ElementsAre("refused version_conflict"));
    EXPECT_THAT(far(), testing::IsEmpty());
    commit("a");
    EXPECT_THAT(near(), ElementsAre("ack 1"));
}

TEST_F(SequencerCommitTest, TellsNobodyAnyMoreWhoHasStoppedFollowing) {
    start();
    sequencer_.follow(kNear, "thing");
    sequencer_.follow(kFar, "thing");
    sequencer_.unfollow(kFar, "thing");
    commit("a");
    EXPECT_THAT(near(), ElementsAre("thing/a v8", "ack 1"));
    EXPECT_THAT(far(), testing::IsEmpty());
}

TEST_F(SequencerCommitTest, AListComesWithTheCursorWhereItsReadersGoOn) {
    start_watching({"a", "tick/1"});
    commit("a");
    commit("a");
    publish("tick/1");
    near();
    store_.listed = RecordList{{Record{}}, Sequence{1}};
    list();
    EXPECT_THAT(near(), ElementsAre("list of 1 @1.1"));
    store_.listed = fail(Errc::kDraining, "test");
    list();
    EXPECT_THAT(near(), ElementsAre("refused draining"));
}

TEST_F(SequencerCommitTest, AListThatIsAheadOfWhatWasToldWaits) {
    start_watching({"a"});
    durable_.hold_reports();
    commit("a");
    commit("a");
    store_.listed = RecordList{{}, Sequence{2}};
    list();
    store_.listed = RecordList{{}, Sequence{0}};
    list();
    EXPECT_THAT(near(), ElementsAre("list of 0 @0.0"));
    durable_.report();
    EXPECT_THAT(near(), ElementsAre("a 1 @1.0", "ack 1", "a 2 @2.0", "ack 2", "list of 0 @2.0"));
}

TEST_F(SequencerCommitTest, AListThatWaitsIsToldWhenTheLogStops) {
    start();
    store_.listed = RecordList{{}, Sequence{5}};
    list();
    EXPECT_THAT(near(), testing::IsEmpty());
    sequencer_.stop();
    EXPECT_THAT(near(), ElementsAre("list of 0 @5.0"));
}

TEST_F(SequencerCommitTest, AFenceRunsBehindWhatWasToldBeforeAndBeforeWhatIsToldLater) {
    start_watching({"a", "tick/1"});
    commit("a");
    publish("tick/1");
    fence();
    publish("tick/1");
    commit("a");
    EXPECT_THAT(near(), ElementsAre("a 1 @1.0", "ack 1", "tick/1 1 @1.1", "ack 1", "fence @1.1",
                                    "tick/1 2 @1.2", "ack 2", "a 2 @2.2", "ack 2"));
}

TEST_F(SequencerCommitTest, AFenceDoesNotCountWhatIsCommittedButNotToldYet) {
    start_watching({"a"});
    durable_.hold_reports();
    commit("a");
    fence();
    durable_.report();
    EXPECT_THAT(near(), ElementsAre("fence @0.0", "a 1 @1.0", "ack 1"));
}

TEST_F(SequencerCommitTest, AFenceRunsOnTheShardItWasAskedFor) {
    start();
    sequencer_.fence(kFar, [this](const Cursor&) { far_words_.push_back("fence"); });
    EXPECT_THAT(near(), testing::IsEmpty());
    EXPECT_THAT(far(), ElementsAre("fence"));
}

TEST_F(SequencerCommitTest, AReaderGoesOnExactlyWhereTheFenceWas) {
    start_watching({"a", "tick/1"});
    commit("a");
    publish("tick/1");
    commit("a");
    fence();
    commit("a");
    publish("tick/1");
    near();
    EXPECT_EQ(fences_.at(0), at(2, 1));
    auto step = replay({"a", "tick/1"}, fences_.at(0));
    EXPECT_THAT(sequences_of(step.events), ElementsAre(3));
    step = replay({"a", "tick/1"}, step.cursor);
    EXPECT_THAT(sequences_of(step.events), ElementsAre(2));
    EXPECT_EQ(replay({"a", "tick/1"}, step.cursor).next, Sequencer::ReplayStep::Next::kJoined);
}

/// The shard watches everything, so the last delivery says how far it was told.
TEST_F(SequencerCommitTest, AnyFenceStandsExactlyBehindTheLastDelivery) {
    start_watching({"a", "tick/1"});
    SeededRandom random{5};
    for (int i = 0; i < 300; ++i) {
        switch (random.below(6)) {
            case 0:
                durable_.hold_reports();
                break;
            case 1:
                durable_.report();
                break;
            case 2:
                publish("tick/1");
                break;
            case 3:
                fence();
                break;
            default:
                commit("a");
        }
    }
    durable_.report();
    std::string last_delivery = "@0.0";
    std::size_t fences = 0;
    for (const auto& word : near()) {
        const auto place = word.substr(std::min(word.size(), word.find('@')));
        if (word.starts_with("fence")) {
            EXPECT_EQ(place, last_delivery);
            ++fences;
        } else if (!place.empty()) {
            last_delivery = place;
        }
    }
    EXPECT_GT(fences, 20U);
}

}  // namespace
}  // namespace howl::hub
