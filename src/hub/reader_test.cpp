// SPDX-License-Identifier: Apache-2.0
#include "hub/reader.hpp"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "hub/reader_rig_for_test.hpp"
#include "telemetry/metrics.hpp"

namespace howl::hub {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::uint64_t> from_to(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> out(last + 1 - first);
    std::iota(out.begin(), out.end(), first);
    return out;
}

class ReaderTest : public testing::Test {
protected:
    ReaderRig rig_;
    RecordingSink sink_;
};

TEST_F(ReaderTest, AFreshReaderGetsOnlyWhatIsNew) {
    rig_.start();
    rig_.publish("a");
    const auto reader = rig_.follow(sink_, {"a"});
    rig_.publish("a");
    rig_.turn();
    ASSERT_EQ(sink_.frames.size(), 2U);
    EXPECT_EQ(sink_.frames[0].cursor, rig_.at(1));
    EXPECT_EQ(sink_.frames[1].cursor, rig_.at(2));
    EXPECT_THAT(sink_.take_words(), ElementsAre("joined", "a 2"));
}

TEST_F(ReaderTest, ATopicIsWatchedUntilItsLastReaderOnTheShardHasGone) {
    rig_.start();
    const auto watched = [&] { return rig_.sequencer.is_watched(topic("a")); };
    EXPECT_FALSE(watched());
    auto first = rig_.follow(sink_, {"a"});
    auto second = rig_.follow(sink_, {"a", "b"});
    rig_.turn();
    first.reset();
    EXPECT_TRUE(watched());
    second.reset();
    EXPECT_FALSE(watched());
    EXPECT_FALSE(rig_.sequencer.is_watched(topic("b")));
}

TEST_F(ReaderTest, ResumesBehindItsCursor) {
    rig_.start();
    for (const char* name : {"a", "tick/1", "a", "other", "a"}) {
        rig_.publish(name);
    }
    const auto reader = rig_.follow(sink_, {"a", "tick/1"}, rig_.at(1, 0));
    rig_.turn();
    rig_.publish("tick/1");
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), ElementsAre("a 2", "a 3", "tick/1 1", "joined", "tick/1 2"));
}

TEST_F(ReaderTest, TellsItsSessionOnceAndBehindTheReplayThatItHasCaughtUp) {
    rig_.start();
    rig_.publish("a");
    rig_.publish("a");
    const auto reader = rig_.follow(sink_, {"a"}, rig_.at(0));
    EXPECT_THAT(sink_.caught_up_after, IsEmpty());
    rig_.turn();
    rig_.publish("a");
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), ElementsAre("a 1", "a 2", "joined", "a 3"));
    EXPECT_THAT(sink_.caught_up_after, ElementsAre(3U));
}

TEST_F(ReaderTest, ResumesBehindAPosition) {
    rig_.start();
    for (const char* name : {"a", "other", "a", "a"}) {
        rig_.publish(name);
    }
    const auto reader = rig_.follow(sink_, {"a"}, Position{Epoch{"d1"}, Offset{1}});
    EXPECT_THAT(sink_.frames, IsEmpty());
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), ElementsAre("a 2", "a 3", "joined"));
}

TEST_F(ReaderTest, APositionAheadOfItsTopicIsResetAndGetsWhatIsKept) {
    rig_.start();
    rig_.publish("a");
    const auto reader = rig_.follow(sink_, {"a"}, Position{Epoch{"d1"}, Offset{5}});
    rig_.turn();
    ASSERT_EQ(sink_.frames.size(), 3U);
    EXPECT_EQ(sink_.frames[0].cursor, rig_.at(0));
    EXPECT_THAT(sink_.take_words(), ElementsAre("reset a", "a 1", "joined"));
}

TEST_F(ReaderTest, ResetIsToldOnceForEachTopicBeforeWhatIsKept) {
    rig_.start();
    for (int i = 0; i < 300; ++i) {
        rig_.publish("two/a");
        rig_.publish("b");
    }
    Cursor stale = rig_.at(3);
    stale.epochs.durable = Epoch{"d0"};
    const auto reader = rig_.follow(sink_, {"two/a", "b", "never"}, stale);
    rig_.turn();
    const auto words = sink_.take_words();
    EXPECT_EQ(words.size(), 3U + 2 + 300 + 1);
    EXPECT_EQ(std::ranges::count(words, "reset two/a"), 1);
    EXPECT_EQ(std::ranges::count(words, "reset b"), 1);
    EXPECT_EQ(words[0], "reset two/a");
    EXPECT_EQ(words[1], "reset b");
    EXPECT_EQ(words[2], "reset never");  // The lost history may have had events of it.
    EXPECT_EQ(words.back(), "joined");
}

TEST_F(ReaderTest, WhatIsLostWhileAReplayPausesIsToldAgain) {
    rig_.start();
    for (int i = 0; i < 4; ++i) {
        rig_.publish("two/a");
    }
    sink_.on_deliver = [&] { sink_.set_queued_bytes(1'000'000); };
    const auto reader = rig_.follow(sink_, {"two/a"}, rig_.at(1));
    EXPECT_THAT(sink_.take_words(), ElementsAre("reset two/a"));
    sink_.drain();
    EXPECT_TRUE(sink_.asked_to_wake);
    reader->on_drained();
    EXPECT_THAT(sink_.take_words(), ElementsAre("two/a 3"));
    for (int i = 0; i < 4; ++i) {
        rig_.publish("two/a");
    }
    sink_.on_deliver = nullptr;
    sink_.drain();
    reader->on_drained();
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), ElementsAre("reset two/a", "two/a 7", "two/a 8", "joined"));
}

TEST_F(ReaderTest, APurgeInTheMiddleOfAReplayAfterAResetIsToldToo) {
    rig_.start();
    for (int i = 0; i < 4; ++i) {
        rig_.publish("a");
    }
    sink_.on_deliver = [&] { sink_.set_queued_bytes(1'000'000); };
    Cursor stale = rig_.at(3);
    stale.epochs.durable = Epoch{"d0"};
    const auto reader = rig_.follow(sink_, {"a"}, stale);
    sink_.drain();
    reader->on_drained();
    EXPECT_THAT(sink_.take_words(), ElementsAre("reset a", "a 1"));
    rig_.sequencer.purge(rig_.shard.id(), topic("a"), PurgeScope::kHistory, [](Result<void>) {});
    sink_.on_deliver = nullptr;
    sink_.drain();
    reader->on_drained();
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), ElementsAre("reset a", "joined"));
}

TEST_F(ReaderTest, WhatIsLostAfterAResetAndBeforeTheNextEventIsToldAgain) {
    rig_.start();
    for (int i = 0; i < 4; ++i) {
        rig_.publish("two/a");
    }
    sink_.on_deliver = [&] { sink_.set_queued_bytes(1'000'000); };
    const auto reader = rig_.follow(sink_, {"two/a"}, rig_.at(1));
    for (int i = 0; i < 4; ++i) {
        rig_.publish("two/a");
    }
    sink_.on_deliver = nullptr;
    sink_.drain();
    reader->on_drained();
    rig_.turn();
    EXPECT_THAT(sink_.take_words(),
                ElementsAre("reset two/a", "reset two/a", "two/a 7", "two/a 8", "joined"));
}

TEST_F(ReaderTest, AReplayWaitsWhileTheQueueIsLong) {
    rig_.start();
    for (int i = 0; i < 3; ++i) {
        rig_.publish("a");
    }
    sink_.set_queued_bytes(256 * 1024 + 1);
    const auto reader = rig_.follow(sink_, {"a"}, rig_.at(0));
    rig_.publish("a");
    rig_.turn();
    reader->on_drained();
    rig_.turn();
    EXPECT_THAT(sink_.frames, IsEmpty());
    sink_.set_queued_bytes(256 * 1024);
    reader->on_drained();
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), ElementsAre("a 1", "a 2", "a 3", "a 4", "joined"));
    reader->on_drained();
    EXPECT_THAT(sink_.frames, IsEmpty());
}

TEST_F(ReaderTest, AReplayOfManySmallEventsNeverFillsTheQueueWithFrames) {
    rig_.start();
    for (int i = 0; i < 3000; ++i) {
        rig_.publish("a");
    }
    sink_.stall();
    const auto reader = rig_.follow(sink_, {"a"}, rig_.at(0));
    std::size_t before = 0;
    for (int turns = 0; sink_.frames.empty() || sink_.frames.back().kind != "joined"; ++turns) {
        ASSERT_LT(turns, 20);
        EXPECT_LE(sink_.frames.size() - before, limits::kOutputQueueFramesMax / 2 + 1);
        const auto stuck = sink_.frames.size();
        reader->on_drained();  // The kernel took some, not all.
        EXPECT_EQ(sink_.frames.size(), stuck);
        before = stuck;
        sink_.drain();
        reader->on_drained();
        rig_.turn();
    }
    EXPECT_EQ(sink_.offsets("a"), from_to(1, 3000));
}

TEST_F(ReaderTest, AReplayOfLargeEventsFromTheLogComesInPieces) {
    constexpr std::size_t kEventBytes = 60'000;
    for (int i = 0; i < 40; ++i) {
        rig_.durable.has_stored("a", std::string(kEventBytes, 'x'));
    }
    rig_.durable.newest_max = 0;
    rig_.start();
    sink_.on_deliver = [&] { sink_.set_queued_bytes(sink_.queued_bytes() + kEventBytes); };
    const auto reader = rig_.follow(sink_, {"a"}, rig_.at(0));
    for (int turns = 0; sink_.offsets("a").size() < 40; ++turns) {
        ASSERT_LT(turns, 40);
        rig_.turn();
        EXPECT_LE(sink_.queued_bytes(), 256 * 1024 + kEventBytes);
        sink_.drain();
        reader->on_drained();
    }
    rig_.turn();
    EXPECT_EQ(sink_.offsets("a"), from_to(1, 40));
}

TEST_F(ReaderTest, AReplayThatTheLogFailsClosesTheSession) {
    for (int i = 0; i < 3; ++i) {
        rig_.durable.has_stored("a");
    }
    rig_.durable.newest_max = 0;
    rig_.start();
    rig_.durable.fail_reads(Errc::kStorageFailed);
    const auto reader = rig_.follow(sink_, {"a"}, rig_.at(0));
    EXPECT_EQ(sink_.closed, std::nullopt);
    rig_.turn();
    EXPECT_EQ(sink_.closed, Errc::kStorageFailed);
    rig_.publish("a");
    rig_.turn();
    EXPECT_THAT(sink_.frames, IsEmpty());
}

TEST_F(ReaderTest, EachEncoderOfATopicIsAskedOnceForAnEvent) {
    rig_.start();
    WordEncoder other;
    std::vector<RecordingSink> sinks(6);
    std::vector<std::unique_ptr<Reader>> readers;
    for (std::size_t i = 0; i < sinks.size(); ++i) {
        readers.push_back(std::make_unique<Reader>(rig_.hub, sinks[i],
                                                   i % 3 == 0 ? rig_.encoder : other,
                                                   std::vector{topic("a")}, FromNow{}));
    }
    rig_.turn();
    rig_.publish("a");
    rig_.publish("a");
    rig_.turn();
    EXPECT_EQ(rig_.encoder.encoded, 2U);
    EXPECT_EQ(other.encoded, 2U);
    for (auto& sink : sinks) {
        EXPECT_THAT(sink.take_words(), ElementsAre("joined", "a 1", "a 2"));
    }
    std::erase_if(readers, [&](const auto& reader) { return reader == readers[0]; });
    readers.pop_back();
    rig_.publish("a");
    rig_.turn();
    EXPECT_THAT(sinks[0].frames, IsEmpty());
    EXPECT_THAT(sinks[1].take_words(), ElementsAre("a 3"));
    EXPECT_THAT(sinks[5].frames, IsEmpty());
}

TEST_F(ReaderTest, OneWhoComesWhileAnotherLeavesGetsNothingOfTheOthersTime) {
    rig_.start();
    auto first = rig_.follow(sink_, {"a"});
    rig_.turn();
    rig_.publish("a");
    first.reset();
    RecordingSink second_sink;
    const auto second = rig_.follow(second_sink, {"a"});
    rig_.publish("a");
    rig_.turn();
    EXPECT_THAT(sink_.take_words(), ElementsAre("joined"));
    EXPECT_THAT(second_sink.take_words(), ElementsAre("joined", "a 2"));
}

/// The ways a reader starts, each through other steps: memory, log, position.
struct Start {
    const char* name;
    std::size_t newest_max;
    StartPoint point;
};

class ReaderSteps : public testing::TestWithParam<Start> {};

// Runs a resume again and again; in run k, three events are committed at step k, and heard of three
// steps later at most. Whatever k is, each topic must come without a hole and without a duplicate.
TEST_P(ReaderSteps, CommitsAtAnyStepAreSeenOnce) {
    for (const int lag : {0, 1, 2, 3}) {
        for (int commit_at = 0, steps = 1; commit_at < steps && !HasFailure(); ++commit_at) {
            SCOPED_TRACE(testing::Message() << "committed at " << commit_at << ", lag " << lag);
            ReaderRig rig;
            RecordingSink sink;
            for (int i = 0; i < 300; ++i) {
                rig.durable.has_stored("a");
            }
            rig.durable.newest_max = GetParam().newest_max;
            rig.start();
            int now = 0;
            const auto step = [&] {
                if (now == commit_at) {
                    rig.durable.hold_reports();
                    for (const char* name : {"a", "tick/1", "a"}) {
                        rig.publish(name);
                    }
                }
                if (now++ == commit_at + lag) {
                    rig.durable.report();
                }
            };
            rig.durable.on_step = step;
            // The frames in the middle of a step differ in nothing, so a few of them will do.
            sink.on_deliver = [&, frame = 0]() mutable {
                if (frame++ % 64 == 0) {
                    step();
                }
            };
            const bool two_lanes = !std::holds_alternative<Position>(GetParam().point);
            const auto reader = rig.follow(
                sink,
                two_lanes ? std::vector<std::string>{"a", "tick/1"} : std::vector<std::string>{"a"},
                GetParam().point);
            for (int i = 0; i < 8; ++i) {
                step();
                rig.turn();
            }
            rig.durable.report();
            rig.turn();
            steps = now - 4;  // So that the last commit is heard of within the run.
            EXPECT_EQ(sink.offsets("a"), from_to(11, 302));
            EXPECT_EQ(sink.offsets("tick/1"), two_lanes ? from_to(1, 1) : sink.offsets("none"));
            const auto words = sink.take_words();
            EXPECT_EQ(std::ranges::count(words, "joined"), 1);
            EXPECT_EQ(std::ranges::count(words, "reset a"), 0);
        }
    }
}

// Ends the reader after each step of its life in turn; what is still on its way must find nobody.
TEST_P(ReaderSteps, AReaderMayEndAtAnyStep) {
    const auto readers = telemetry::value(telemetry::Gauge::kReaders);
    const auto subscriptions = telemetry::value(telemetry::Gauge::kSubscriptions);
    for (int end_at = 0; end_at < 12; ++end_at) {
        ReaderRig rig;
        RecordingSink sink;
        for (int i = 0; i < 300; ++i) {
            rig.durable.has_stored("a");
        }
        rig.durable.newest_max = GetParam().newest_max;
        rig.durable.hold_reads();
        rig.start();
        auto reader = rig.follow(sink, {"a"}, GetParam().point);
        int now = 0;
        std::size_t frames = 0;
        const auto step = [&] {
            if (now++ == end_at) {
                reader.reset();
                frames = sink.frames.size();
            }
        };
        for (int i = 0; i < 4; ++i) {
            step();
            rig.durable.answer_reads();
            rig.publish("a");
            step();
            rig.turn();
            step();
        }
        EXPECT_EQ(reader, nullptr);
        EXPECT_EQ(sink.frames.size(), frames) << "ended at " << end_at;
        rig.publish("a");
        rig.turn();
        EXPECT_EQ(sink.frames.size(), frames);
    }
    EXPECT_EQ(telemetry::value(telemetry::Gauge::kReaders), readers);
    EXPECT_EQ(telemetry::value(telemetry::Gauge::kSubscriptions), subscriptions);
}

Cursor cursor_at_ten() {
    return {{Epoch{"d1"}, Epoch{"v1"}}, {Sequence{10}, Sequence{0}}};
}

INSTANTIATE_TEST_SUITE_P(
    Starts, ReaderSteps,
    testing::Values(Start{"CursorInMemory", 1000, cursor_at_ten()},
                    Start{"CursorInTheLog", 20, cursor_at_ten()},
                    Start{"CursorWithoutMemory", 0, cursor_at_ten()},
                    Start{"PositionInMemory", 1000, Position{Epoch{"d1"}, Offset{10}}},
                    Start{"PositionInTheLog", 20, Position{Epoch{"d1"}, Offset{10}}}),
    [](const auto& instance) { return instance.param.name; });

// One stream of four topics in both lanes lives through random commits. From the cursor of any of
// its frames, a new reader must get exactly the frames behind it; and again from the frames of
// that.
class ReaderCursors : public testing::TestWithParam<std::uint64_t> {
protected:
    static constexpr std::size_t kTinyWindow = 3000;

    void publish_something() {
        const char* const names[] = {"a", "b", "tick/1", "tick/2", "unread"};
        if (random_.below(8) == 0) {
            rig_.durable.hold_reports();
        }
        rig_.publish(names[random_.below(5)]);
        if (random_.below(4) == 0) {
            rig_.durable.report();
        }
        if (random_.below(3) == 0) {
            rig_.turn();
        }
    }
    void settle() {
        rig_.durable.report();
        rig_.turn();
        rig_.turn();
    }
    /// Events from frame `first` on, by topic: lanes are not ordered among each other.
    static std::map<std::string, std::vector<std::uint64_t>> events_from(
        const std::vector<RecordingSink::Frame>& frames, std::size_t first) {
        std::map<std::string, std::vector<std::uint64_t>> out;
        for (std::size_t i = first; i < frames.size(); ++i) {
            if (frames[i].kind == "event") {
                out[frames[i].topic].push_back(frames[i].offset);
            }
        }
        return out;
    }
    std::vector<RecordingSink::Frame> resume(const Cursor& cursor) {
        RecordingSink sink;
        const auto reader = rig_.follow(sink, kTopics, cursor);
        for (int i = 0; i < 8; ++i) {
            rig_.turn();
        }
        return sink.frames;
    }

    const std::vector<std::string> kTopics{"a", "b", "tick/1", "tick/2"};
    SeededRandom random_{GetParam()};
    ReaderRig rig_{GetParam() % 2 == 0 ? 1'000'000 : kTinyWindow};
};

TEST_P(ReaderCursors, FromTheCursorOfAnyFrameExactlyTheRestFollows) {
    rig_.start();
    RecordingSink sink;
    for (int i = 0; i < 10; ++i) {
        publish_something();
    }
    const auto reader = rig_.follow(sink, kTopics);
    for (int i = 0; i < 80; ++i) {
        publish_something();
    }
    settle();
    const auto& live = sink.frames;
    for (std::size_t i = 0; i < live.size() && !HasFailure(); ++i) {
        SCOPED_TRACE(testing::Message() << "frame " << i << " at " << live[i].cursor.text());
        const auto replayed = resume(live[i].cursor);
        EXPECT_EQ(events_from(replayed, 0), events_from(live, i + 1));
        ASSERT_FALSE(replayed.empty());
        const auto j = random_.below(replayed.size());
        EXPECT_EQ(events_from(resume(replayed[j].cursor), 0), events_from(replayed, j + 1))
            << "and from its frame " << j;
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ReaderCursors, testing::Range<std::uint64_t>(1, 31));

}  // namespace
}  // namespace howl::hub
