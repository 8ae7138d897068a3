// SPDX-License-Identifier: Apache-2.0
// What every adapter of hub::EventLog promises of events: numbers, order, retention, reading.
#include <algorithm>
#include <future>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "storage/event_log_contract_for_test.hpp"

namespace howl::storage {
namespace {

using hub::Freshness;
using hub::Retention;
using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(EventLogContract, NumbersEventsWithoutHolesFromOne) {
    const auto first = log().publish("a", "a1").value();
    const auto second = log().publish("b", "b1").value();
    const auto third = log().publish("a", "a2").value();
    EXPECT_EQ(first.event->offset, Offset{1});
    EXPECT_EQ(second.event->offset, Offset{1});
    EXPECT_EQ(third.event->offset, Offset{2});
    EXPECT_EQ(first.event->sequence, Sequence{1});
    EXPECT_EQ(second.event->sequence, Sequence{2});
    EXPECT_EQ(third.event->sequence, Sequence{3});
    EXPECT_EQ(third.freshness, Freshness::kNew);
}

TEST_P(EventLogContract, KeepsEveryFieldAndEveryByte) {
    std::string bytes;
    for (int value = 0; value < 256; ++value) {
        bytes += static_cast<char>(value);
    }
    const hub::NewEvent given{.topic = topic("a/b~41"),
                              .type = "wolf",
                              .content_type = "application/json",
                              .data = bytes,
                              .idempotency_key = {}};
    ASSERT_TRUE(log().append({{given, {}, hub::TopicRank::kInternal}}));
    ASSERT_TRUE(log().append({{hub::NewEvent{.topic = topic("a/b~41"),
                                             .type = {},
                                             .content_type = {},
                                             .data = {},
                                             .idempotency_key = {}},
                               {},
                               hub::TopicRank::kInternal}}));
    const auto events = log().history("a/b~41").value().events;
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0]->topic, topic("a/b~41"));
    EXPECT_EQ(events[0]->type, "wolf");
    EXPECT_EQ(events[0]->content_type, "application/json");
    EXPECT_EQ(events[0]->data, bytes);
    EXPECT_EQ(events[0]->lane, hub::Lane::kDurable);
    EXPECT_EQ(events[0]->time, around_.clock.wall_now());
    EXPECT_EQ(events[1]->type, "");
    EXPECT_EQ(events[1]->data, "");
}

TEST_P(EventLogContract, StoresABatchInItsOrderAcrossTopics) {
    const auto receipts = log().append(
        {LogDriver::item("a", "a1"), LogDriver::item("b", "b1"), LogDriver::item("a", "a2")});
    ASSERT_TRUE(receipts);
    EXPECT_EQ(receipts->at(2).event->offset, Offset{2});
    EXPECT_EQ(receipts->at(2).event->sequence, Sequence{3});
    EXPECT_THAT(data_of(log().heard()), ElementsAre("a1", "b1", "a2"));
}

TEST_P(EventLogContract, TakesAnEmptyBatch) {
    EXPECT_TRUE(log().append({}).value().empty());
}

TEST_P(EventLogContract, AFailingBatchStoresNothingAndTakesNoNumbers) {
    ASSERT_TRUE(log().publish("a", "a1", {}, "key"));
    const auto outcome = log().append({LogDriver::item("a", "a2"), LogDriver::item("new", "n1"),
                                       LogDriver::item("a", "other", {}, "key")});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Errc::kIdempotencyConflict);
    EXPECT_THAT(kept("a"), ElementsAre("a1"));
    EXPECT_EQ(log().history("new").value().last_offset, Offset{0});
    const auto next = log().publish("a", "a2").value();
    EXPECT_EQ(next.event->offset, Offset{2});
    EXPECT_EQ(next.event->sequence, Sequence{2});
    EXPECT_EQ(log().publish("new", "n1").value().event->offset, Offset{1});
}

TEST_P(EventLogContract, KeepsTheNewestEventsByCount) {
    fill("a", 100, {.count_max = 3});
    const auto page = log().history("a").value();
    EXPECT_THAT(data_of(page.events), ElementsAre("a98", "a99", "a100"));
    EXPECT_EQ(page.first_retained, Offset{98});
    EXPECT_EQ(page.last_offset, Offset{100});
}

TEST_P(EventLogContract, ABatchLargerThanTheRetentionKeepsItsEnd) {
    std::vector<hub::AppendBatch::Item> items;
    for (int i = 1; i <= 50; ++i) {
        items.push_back(LogDriver::item("a", std::to_string(i), {.count_max = 2}));
    }
    ASSERT_EQ(log().append(std::move(items)).value().size(), 50U);
    EXPECT_THAT(kept("a"), ElementsAre("49", "50"));
}

TEST_P(EventLogContract, RetentionOfZeroKeepsNothingButTheNumbers) {
    fill("a", 3, {.count_max = 0});
    const auto page = log().history("a").value();
    EXPECT_THAT(page.events, IsEmpty());
    EXPECT_EQ(page.first_retained, Offset{4});
    EXPECT_EQ(page.last_offset, Offset{3});
    EXPECT_THAT(names_of(log().read({"a"}, 2).value().gaps), ElementsAre("a"));
    EXPECT_THAT(log().read({"a"}, 3).value().gaps, IsEmpty());
}

TEST_P(EventLogContract, TheRetentionGivenLastCounts) {
    fill("a", 10, {.count_max = 8});
    ASSERT_TRUE(log().publish("a", "x", {.count_max = 2}));
    EXPECT_THAT(kept("a"), ElementsAre("a10", "x"));
    ASSERT_TRUE(log().publish("a", "y", {.count_max = 8}));
    EXPECT_THAT(kept("a"), ElementsAre("a10", "x", "y"));
}

TEST_P(EventLogContract, HidesEventsThatGrewTooOldAlsoInAQuietTopic) {
    const Retention hour{.count_max = 10, .age_max = hours{1}};
    fill("a", 2, hour);
    around_.clock.advance(minutes{30});
    ASSERT_TRUE(log().publish("a", "young", hour));
    around_.clock.advance(minutes{30});
    EXPECT_THAT(kept("a"), ElementsAre("young"));
    EXPECT_EQ(log().history("a").value().first_retained, Offset{3});
    EXPECT_THAT(names_of(log().read({"a"}, 1).value().gaps), ElementsAre("a"));
    EXPECT_THAT(data_of(log().read({"a"}, 1).value().events), ElementsAre("young"));
    EXPECT_THAT(log().read({"a"}, 2).value().gaps, IsEmpty());
    around_.clock.advance(minutes{30});
    EXPECT_THAT(kept("a"), IsEmpty());
    EXPECT_EQ(log().history("a").value().first_retained, Offset{4});
    ASSERT_TRUE(log().publish("a", "next", hour));
    EXPECT_THAT(kept("a"), ElementsAre("next"));
}

TEST_P(EventLogContract, AgesDoNotFollowAClockThatIsSet) {
    const Retention hour{.count_max = 10, .age_max = hours{1}};
    ASSERT_TRUE(log().publish("a", "one", hour));
    around_.clock.step_wall(hours{72});
    ASSERT_TRUE(log().publish("a", "two", hour));
    EXPECT_THAT(kept("a"), ElementsAre("one", "two"));
    around_.clock.step_wall(-hours{100});
    around_.clock.advance(minutes{59});
    EXPECT_THAT(kept("a"), ElementsAre("one", "two"));
    around_.clock.advance(minutes{1});
    EXPECT_THAT(kept("a"), IsEmpty());
}

TEST_P(EventLogContract, EventTimesOfATopicNeverDecrease) {
    const auto first = log().publish("a", "one").value();
    around_.clock.step_wall(-hours{1});
    const auto second = log().publish("a", "two").value();
    EXPECT_EQ(second.event->time, first.event->time);
    EXPECT_LT(log().publish("b", "other").value().event->time, first.event->time);
}

TEST_P(EventLogContract, ReadsSeveralTopicsInTheOrderOfTheLog) {
    for (const auto* const name : {"a", "b", "c", "a", "b", "c", "a"}) {
        const auto count = log().heard().size() + 1;
        ASSERT_TRUE(log().publish(name, name + std::to_string(count)));
    }
    const auto all = log().read({"c", "a", "unknown", "a"}, 0).value();
    EXPECT_THAT(data_of(all.events), ElementsAre("a1", "c3", "a4", "c6", "a7"));
    EXPECT_THAT(all.gaps, IsEmpty());
    EXPECT_TRUE(all.complete);
    EXPECT_THAT(data_of(log().read({"a", "c"}, 3).value().events), ElementsAre("a4", "c6", "a7"));
    EXPECT_THAT(log().read({"a", "c"}, 7).value().events, IsEmpty());
    EXPECT_THAT(log().read({"a", "c"}, 99).value().events, IsEmpty());
}

TEST_P(EventLogContract, ALimitCutsAReadAndSaysSo) {
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(log().publish("a", "a"));
        ASSERT_TRUE(log().publish("b", "b"));
    }
    std::vector<std::string> seen;
    std::uint64_t after = 0;
    for (;;) {
        const auto slice = log().read({"a", "b"}, after, 4).value();
        std::ranges::copy(data_of(slice.events), std::back_inserter(seen));
        if (slice.complete) {
            break;
        }
        ASSERT_EQ(slice.events.size(), 4U);
        after = slice.events.back()->sequence.value();
    }
    EXPECT_THAT(seen, ElementsAre("a", "b", "a", "b", "a", "b"));
    EXPECT_TRUE(log().read({"a", "b"}, 0, 6).value().complete);
    EXPECT_FALSE(log().read({"a", "b"}, 0, 0).value().complete);
}

TEST_P(EventLogContract, TellsWhichTopicsHaveAGapAfterTheAskedPoint) {
    fill("a", 4, {.count_max = 2});  // Sequences 1 to 4; 1 and 2 are gone.
    fill("b", 2);                    // 5 and 6.
    EXPECT_THAT(names_of(log().read({"a", "b"}, 0).value().gaps), ElementsAre("a"));
    EXPECT_THAT(names_of(log().read({"a", "b"}, 1).value().gaps), ElementsAre("a"));
    EXPECT_THAT(log().read({"a", "b"}, 2).value().gaps, IsEmpty());
    EXPECT_THAT(data_of(log().read({"a", "b"}, 0).value().events),
                ElementsAre("a3", "a4", "b1", "b2"));
}

TEST_P(EventLogContract, PagesThroughHistory) {
    fill("a", 5);
    EXPECT_THAT(data_of(log().history("a", 0, 2).value().events), ElementsAre("a1", "a2"));
    EXPECT_THAT(data_of(log().history("a", 2, 2).value().events), ElementsAre("a3", "a4"));
    EXPECT_THAT(data_of(log().history("a", 4, 2).value().events), ElementsAre("a5"));
    EXPECT_THAT(log().history("a", 5, 2).value().events, IsEmpty());
    EXPECT_THAT(log().history("a", 50, 2).value().events, IsEmpty());
}

TEST_P(EventLogContract, AnUnknownTopicHasAnEmptyPage) {
    const auto page = log().history("nobody").value();
    EXPECT_THAT(page.events, IsEmpty());
    EXPECT_EQ(page.first_retained, Offset{1});
    EXPECT_EQ(page.last_offset, Offset{0});
}

TEST_P(EventLogContract, PurgeDeletesHistoryAndNumbersGoOn) {
    fill("a", 3);
    fill("b", 1);
    EXPECT_EQ(log().purge("a").value(), Sequence{3});
    EXPECT_THAT(kept("a"), IsEmpty());
    EXPECT_THAT(kept("b"), ElementsAre("b1"));
    EXPECT_EQ(log().history("a").value().first_retained, Offset{4});
    EXPECT_THAT(names_of(log().read({"a"}, 2).value().gaps), ElementsAre("a"));
    EXPECT_THAT(log().read({"a"}, 3).value().gaps, IsEmpty());
    const auto next = log().publish("a", "again").value();
    EXPECT_EQ(next.event->offset, Offset{4});
    EXPECT_EQ(next.event->sequence, Sequence{5});
    EXPECT_THAT(kept("a"), ElementsAre("again"));
    EXPECT_EQ(log().purge("unknown").value(), Sequence{0});
}

TEST_P(EventLogContract, ConcurrentBatchesHaveOneOrderThatEverybodySees) {
    constexpr int kThreads = 4;
    constexpr int kBatches = 50;
    std::vector<std::thread> publishers;
    for (int t = 0; t < kThreads; ++t) {
        publishers.emplace_back([this, t] {
            const std::string own = "own" + std::to_string(t);
            for (int i = 0; i < kBatches; ++i) {
                const auto stamp = std::to_string(t) + "." + std::to_string(i);
                const auto receipts =
                    log().append({LogDriver::item("shared", stamp), LogDriver::item(own, stamp)});
                ASSERT_TRUE(receipts);
                ASSERT_EQ(receipts->at(1).event->offset.value(), static_cast<unsigned>(i) + 1);
                ASSERT_EQ(receipts->at(1).event->sequence, receipts->at(0).event->sequence.next());
            }
        });
    }
    for (auto& publisher : publishers) {
        publisher.join();
    }
    const auto heard = log().heard();
    ASSERT_EQ(heard.size(), 2U * kThreads * kBatches);
    for (std::size_t i = 0; i < heard.size(); ++i) {
        ASSERT_EQ(heard[i]->sequence.value(), i + 1);
    }
    std::vector<std::string> shared;
    for (const auto& event : heard) {
        if (event->topic == topic("shared")) {
            shared.push_back(event->data);
            ASSERT_EQ(event->offset.value(), shared.size());
        }
    }
    EXPECT_EQ(kept("shared"), shared);
}

TEST_P(EventLogContract, TheListenerMayCallTheLog) {
    auto inner = std::make_shared<std::promise<Result<hub::Receipts>>>();
    log_->append({{LogDriver::item("a", "outer")}, [this, inner](const Result<hub::Receipts>&) {
                      log_->append(
                          {{LogDriver::item("a", "inner")}, [inner](Result<hub::Receipts> outcome) {
                               inner->set_value(std::move(outcome));
                           }});
                  }});
    EXPECT_EQ(inner->get_future().get().value().at(0).event->offset, Offset{2});
}

TEST_P(EventLogContract, StopAnswersWhatWasTakenAndRefusesWhatComesLater) {
    std::vector<std::future<Result<hub::Receipts>>> taken;
    for (int i = 0; i < 20; ++i) {
        taken.push_back(log().append_later({LogDriver::item("a", "x")}));
    }
    log_->stop();
    log_->stop();
    for (auto& outcome : taken) {
        EXPECT_TRUE(outcome.get());
    }
    EXPECT_EQ(log().publish("a", "late").error().code, Errc::kDraining);
    EXPECT_EQ(log().purge("a").error().code, Errc::kDraining);
}

TEST_P(EventLogContract, StartsEmptyAndKnowsItsTopics) {
    driver_.reset();
    log_.reset();
    Dependencies fresh;
    const auto log = GetParam().open(fresh);
    EXPECT_THAT(log->topics().value(), IsEmpty());
    EXPECT_THAT(log->newest(1000).value(), IsEmpty());
    EXPECT_FALSE(log->epoch().value().empty());
}

TEST_P(EventLogContract, AReopenedLogGoesOnWhereItStopped) {
    if (GetParam().kept != Adapter::Kept::kOnDisk) {
        GTEST_SKIP() << "this log ends with the process";
    }
    const Epoch epoch = log_->epoch();
    fill("a", 5, {.count_max = 3});
    fill("b", 2);
    ASSERT_TRUE(log().publish("b", "b3", {}, "key"));
    ASSERT_TRUE(log().purge("b"));
    ASSERT_TRUE(log().publish("b", "b4"));
    close();

    log_ = GetParam().open(around_);
    EXPECT_EQ(log_->epoch(), epoch);
    std::map<std::string, hub::TopicState> topics;
    const auto states = log_->topics().value();
    for (const auto& state : states) {
        topics.emplace(state.topic.text(), state);
    }
    ASSERT_EQ(topics.size(), 2U);
    EXPECT_EQ(topics.at("a").last_offset, Offset{5});
    EXPECT_EQ(topics.at("a").last_sequence, Sequence{5});
    EXPECT_EQ(topics.at("a").evicted_through, Sequence{2});
    EXPECT_EQ(topics.at("b").last_offset, Offset{4});
    EXPECT_EQ(topics.at("b").evicted_through, Sequence{8});
    EXPECT_THAT(data_of(log_->newest(1000).value()), ElementsAre("a3", "a4", "a5", "b4"));
    EXPECT_THAT(data_of(log_->newest(4).value()), ElementsAre("a5", "b4"));
    EXPECT_THAT(log_->newest(1).value(), IsEmpty());

    driver_.emplace(*log_);
    const auto next = log().publish("a", "a6", {.count_max = 3}).value();
    EXPECT_EQ(next.event->offset, Offset{6});
    EXPECT_EQ(next.event->sequence, Sequence{10});
    EXPECT_THAT(kept("a"), ElementsAre("a4", "a5", "a6"));
    EXPECT_EQ(log().publish("b", "b3", {}, "key").value().freshness, Freshness::kRepeated);
}

TEST_P(EventLogContract, AnswersAreBoundedInBytesAndBringOneEventAtLeast) {
    constexpr std::size_t kEvents = 40;
    const std::string data(60'000, 'd');
    for (std::size_t i = 0; i < kEvents; ++i) {
        ASSERT_TRUE(log().publish("a", data));
    }
    const auto slice = log().read({"a"}, 0).value();
    EXPECT_FALSE(slice.complete);
    EXPECT_EQ(slice.events.size(), limits::kReplayBytesMax / data.size());
    const auto page = log().history("a").value();
    EXPECT_EQ(page.events.size(), limits::kPageBytesMax / data.size());
    EXPECT_EQ(page.last_offset, Offset{kEvents});
    const auto last = log().read({"a"}, kEvents - 1).value();
    EXPECT_TRUE(last.complete);
    EXPECT_EQ(last.events.size(), 1U);
}

TEST_P(EventLogContract, AReopenedLogKnowsWhatItHasForgotten) {
    if (GetParam().kept != Adapter::Kept::kOnDisk) {
        GTEST_SKIP() << "this log ends with the process";
    }
    fill("b", 1);
    fill("a", 3);
    ASSERT_TRUE(log().publish("b", "keyed", {}, "key"));
    ASSERT_TRUE(log().purge("a"));
    ASSERT_TRUE(log().purge("b", hub::PurgeScope::kTopic));
    close();
    open();
    EXPECT_EQ(log_->forgotten().newest(), Sequence{5});
    EXPECT_THAT(names_of(log().read({"a"}, 3).value().gaps), ElementsAre("a"));
    const auto again = log().publish("a", "again").value();
    EXPECT_EQ(again.event->offset, Offset{4});
    EXPECT_EQ(again.event->sequence, Sequence{6});
    EXPECT_EQ(log().publish("b", "keyed", {}, "key").value().freshness, Freshness::kNew);
    for (const auto* const key : {"k1", "k2", "k3"}) {
        ASSERT_TRUE(publish_keyed("a", key));
    }
    close();
    open();
    EXPECT_EQ(publish_keyed("a", "k4").error().code, Errc::kRateLimited);
    EXPECT_EQ(publish_keyed("a", "k2").value().freshness, Freshness::kRepeated);
}

INSTANTIATE_TEST_SUITE_P(
    Adapters, EventLogContract,
    testing::Values(Adapter{"memory", Adapter::Kept::kWithProcess, &open_memory},
                    Adapter{"sqlite", Adapter::Kept::kOnDisk, &open_sqlite}),
    [](const testing::TestParamInfo<Adapter>& adapter) { return adapter.param.name; });

}  // namespace
}  // namespace howl::storage
