// SPDX-License-Identifier: Apache-2.0
// What every adapter of hub::Store promises. Each test runs on each of them; those at the end on
// the embedded ones, which share a transaction with their log.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "base/random.hpp"
#include "hub/store.hpp"
#include "storage/dynamodb/live_store_for_test.hpp"
#include "storage/log_driver_for_test.hpp"
#include "storage/memory/memory_event_log.hpp"
#include "storage/memory/memory_store.hpp"
#include "storage/sqlite/sqlite_event_log.hpp"
#include "storage/sqlite/sqlite_store.hpp"
#include "storage/store_driver_for_test.hpp"

namespace howl::storage {
namespace {

using hub::Record;
using hub::RecordChange;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kTopicsMax = 3;

/// A log, the store beside it, and the remote store over both, where that is what is tested. They
/// go from the last to the first.
struct Node {
    std::unique_ptr<hub::EventLog> log;
    std::unique_ptr<hub::Store> embedded;
    std::unique_ptr<dynamodb::LiveStore> remote{};

    hub::Store& store() { return remote ? remote->store() : *embedded; }
    /// Requires: the log runs.
    void start_store() {
        if (remote) {
            ASSERT_TRUE(remote->start());
        }
    }
    /// In the server's order: what the store has taken still needs the log.
    void stop() {
        if (remote) {
            remote->stop();
        }
        log->stop();
    }
};

struct Adapter {
    const char* name;
    enum class Kept { kWithProcess, kOnDisk } kept;
    /// Whether a commit's events may carry idempotency keys.
    enum class Keys { kTaken, kRefused } keys;
    Node (*open)(Dependencies&);
    /// Why it can't be tested here; null: it can.
    const char* (*missing)();
};

const char* nothing_missing() {
    return nullptr;
}
const char* dynamodb_missing() {
    return dynamodb::endpoint_for_test().empty() ? dynamodb::kNoEndpointForTest : nullptr;
}

Node open_memory(Dependencies& around) {
    auto log = std::make_unique<memory::MemoryEventLog>(
        around.clock, Epoch{"mem0"},
        memory::MemoryEventLogOptions{.lane = hub::Lane::kDurable, .topics_max = kTopicsMax});
    auto store = std::make_unique<memory::MemoryStore>(*log);
    return {std::move(log), std::move(store)};
}

Node open_sqlite(Dependencies& around) {
    auto log = sqlite::SqliteEventLog::open(around.directory.path(), around.clock, around.random,
                                            {.limits = {.topics_max = kTopicsMax}})
                   .value();
    auto store = sqlite::SqliteStore::open(*log).value();
    return {std::move(log), std::move(store)};
}

Node open_dynamodb(Dependencies& around) {
    Node node = open_sqlite(around);
    const auto prefix = around.directory.path().filename().string();
    node.remote = std::make_unique<dynamodb::LiveStore>(
        *node.embedded, dynamodb::tables_for_test(
                            prefix, {"thing", "thin", "thi", "kind/ü", std::string(64, 'x')}));
    return node;
}

class StoreContract : public testing::TestWithParam<Adapter> {
protected:
    void SetUp() override {
        if (const char* const missing = GetParam().missing()) {
            GTEST_SKIP() << missing;
        }
        open();
    }
    void TearDown() override { close(); }

    void open() {
        node_.emplace(GetParam().open(around_));
        log_.emplace(*node_->log);
        node_->start_store();
        store_.emplace(node_->store());
    }
    /// As when the process ends well.
    void close() {
        if (node_ && !stopped_) {
            node_->stop();
        }
        store_.reset();
        log_.reset();
        if (node_) {
            node_->remote.reset();
            node_->embedded.reset();
        }
        node_.reset();
    }
    void stop() {
        node_->stop();
        stopped_ = true;
    }

    StoreDriver& store() { return *store_; }
    LogDriver& log() { return *log_; }
    Record record(std::string id) { return store().get(std::move(id)).value().value(); }
    void expect_refused(Errc code, const Result<hub::Receipts>& outcome) {
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().code, code) << outcome.error().describe();
    }
    /// The promise of the port, asked in every way there is.
    void expect_records_are_the_fold_of_the_events() {
        const auto records = store().list().value();
        const auto kept = data_of(log().history(kRecordsTopic, 0, 1'000'000).value().events);
        EXPECT_EQ(Fold{kept}.records(), records);
        EXPECT_TRUE(Fold{kept}.versions_are_gapless());
        EXPECT_EQ(kept, announcements(log().heard()));
        EXPECT_EQ(followed(log()), records);
    }

    /// What the events up to `through` tell of the records; waits until they have been heard.
    Fold fold_through(Sequence through) {
        auto events = log().heard();
        while (events.size() < through.value()) {
            std::this_thread::yield();
            events = log().heard();
        }
        std::erase_if(events, [through](const auto& event) { return event->sequence > through; });
        return Fold{announcements(events)};
    }
    /// Lists again and again while others commit, and shows each list to `look`.
    void list_amid_commits(const std::function<void(const hub::RecordList&)>& look) {
        std::jthread writer{[this](const std::stop_token& stop) {
            for (std::uint64_t round = 0; !stop.stop_requested(); ++round) {
                for (const char* const id : {"a", "b", "c"}) {
                    EXPECT_TRUE(store().commit(put(id, round, std::to_string(round))));
                    EXPECT_TRUE(log().publish("noise", "x"));
                }
            }
        }};
        for (int i = 0; i < 40 && !HasFailure(); ++i) {
            look(store().list_through().value());
        }
    }

    Dependencies around_;
    std::optional<Node> node_;
    bool stopped_ = false;
    std::optional<LogDriver> log_;
    std::optional<StoreDriver> store_;
};

TEST_P(StoreContract, ACommitMakesTheRecordAndItsEvents) {
    const auto receipts = store().commit(put("a", 0, "one"));
    ASSERT_TRUE(receipts) << receipts.error().describe();
    EXPECT_EQ(receipts->at(0).event->sequence, Sequence{1});
    EXPECT_EQ(record("a"), (Record{{"thing", "a"}, "ada", Version{1}, "one"}));
    EXPECT_THAT(data_of(log().heard()), ElementsAre("put|thing|a|1|ada|one"));
}

TEST_P(StoreContract, KeepsEveryFieldAndEveryByte) {
    std::string bytes;
    for (int value = 0; value < 256; ++value) {
        bytes += static_cast<char>(value);
    }
    const hub::RecordKey key{"kind/ü", "id '%_\""};
    ASSERT_TRUE(store().commit({key, Version{0}, "o|w\nner", bytes}, {}));
    EXPECT_EQ(store().get(key).value().value(), (Record{key, "o|w\nner", Version{1}, bytes}));
    ASSERT_TRUE(store().commit({key, Version{1}, "", ""}, {}));
    EXPECT_EQ(store().get(key).value().value(), (Record{key, "", Version{2}, ""}));
}

TEST_P(StoreContract, WhatIsNotThereIsNoError) {
    EXPECT_EQ(store().get("a").value(), std::nullopt);
    EXPECT_THAT(store().list().value(), IsEmpty());
}

TEST_P(StoreContract, EveryChangeIsHeardAlsoOneWithoutEvents) {
    ASSERT_TRUE(store().commit(put("a", 0, "one"), {}));
    ASSERT_TRUE(store().commit(put("b", 0, "two")));
    expect_refused(Errc::kVersionConflict, store().commit(put("b", 0, "other")));
    EXPECT_EQ(followed(log()), store().list().value());
    ASSERT_TRUE(store().commit(removal("a", 1), {}));
    EXPECT_THAT(ids_of(followed(log())), ElementsAre("b"));
}

TEST_P(StoreContract, EveryCommitAddsOneToTheVersion) {
    for (std::uint64_t version = 0; version < 5; ++version) {
        ASSERT_TRUE(store().commit(put("a", version, "x" + std::to_string(version))));
    }
    EXPECT_EQ(record("a"), (Record{{"thing", "a"}, "ada", Version{5}, "x4"}));
}

TEST_P(StoreContract, AVersionConflictStoresNeitherRecordNorEvents) {
    ASSERT_TRUE(store().commit(put("a", 0, "one")));
    expect_refused(Errc::kVersionConflict, store().commit(put("a", 0, "other")));
    expect_refused(Errc::kVersionConflict, store().commit(put("a", 2, "other")));
    expect_refused(Errc::kVersionConflict, store().commit(put("b", 1, "other")));
    expect_refused(Errc::kVersionConflict, store().commit(removal("a", 2)));
    EXPECT_EQ(record("a").data, "one");
    EXPECT_THAT(ids_of(store().list().value()), ElementsAre("a"));
    EXPECT_EQ(log().heard().size(), 1U);
    EXPECT_EQ(log().publish("next", "x")->event->sequence, Sequence{2});
}

TEST_P(StoreContract, ARemovalFreesTheName) {
    ASSERT_TRUE(store().commit(put("a", 0, "one")));
    ASSERT_TRUE(store().commit(put("a", 1, "two")));
    ASSERT_TRUE(store().commit(removal("a", 2)));
    EXPECT_EQ(store().get("a").value(), std::nullopt);
    expect_refused(Errc::kVersionConflict, store().commit(put("a", 3, "three")));
    ASSERT_TRUE(store().commit(put("a", 0, "anew")));
    EXPECT_EQ(record("a"), (Record{{"thing", "a"}, "ada", Version{1}, "anew"}));
}

TEST_P(StoreContract, TheEventsTakeTheirPlaceInTheLog) {
    ASSERT_TRUE(log().publish("other", "before"));
    const auto receipts = store().commit(
        put("a", 0, "one"), {LogDriver::item("other", "a1"), LogDriver::item("more", "a2")});
    ASSERT_TRUE(log().publish("other", "after"));
    ASSERT_TRUE(receipts);
    EXPECT_EQ(receipts->at(0).event->offset, Offset{2});
    EXPECT_EQ(receipts->at(1).event->sequence, Sequence{3});
    EXPECT_THAT(data_of(log().heard()), ElementsAre("before", "a1", "a2", "after"));
    EXPECT_THAT(data_of(log().history("other").value().events),
                ElementsAre("before", "a1", "after"));
}

TEST_P(StoreContract, ARecordMayChangeWithoutEvents) {
    EXPECT_THAT(store().commit(put("a", 0, "one"), {}).value(), IsEmpty());
    EXPECT_EQ(record("a").version, Version{1});
    expect_refused(Errc::kVersionConflict, store().commit(put("a", 0, "one"), {}));
}

TEST_P(StoreContract, ListsByKindAndOwnerInTheOrderOfTheIds) {
    for (const auto* const id : {"b", "B", "a", "ä", "aa"}) {
        ASSERT_TRUE(store().commit(put(id, 0, "x", *id == 'a' ? "ada" : "bob")));
    }
    ASSERT_TRUE(store().commit({{"thin", "g"}, Version{0}, "ada", "x"}, {}));
    EXPECT_THAT(ids_of(store().list().value()), ElementsAre("B", "a", "aa", "b", "ä"));
    EXPECT_THAT(ids_of(store().list({"thing", "ada"}).value()), ElementsAre("a", "aa"));
    EXPECT_THAT(ids_of(store().list({"thin", "ada"}).value()), ElementsAre("g"));
    EXPECT_THAT(store().list({"thing", ""}).value(), IsEmpty());
    EXPECT_THAT(store().list({"thi", {}}).value(), IsEmpty());
}

TEST_P(StoreContract, CountsWhatItWouldList) {
    EXPECT_EQ(store().count().value(), 0U);
    for (const auto* const id : {"a", "b", "c"}) {
        ASSERT_TRUE(store().commit(put(id, 0, "x", *id == 'a' ? "ada" : "bob")));
    }
    ASSERT_TRUE(store().commit(removal("c", 1)));
    EXPECT_EQ(store().count().value(), 2U);
    EXPECT_EQ(store().count({"thing", "bob"}).value(), 1U);
    EXPECT_EQ(store().count({"thi", {}}).value(), 0U);
}

TEST_P(StoreContract, ARecordGoesToAnotherOwner) {
    ASSERT_TRUE(store().commit(put("a", 0, "x", "ada")));
    ASSERT_TRUE(store().commit(put("a", 1, "x", "bob")));
    EXPECT_THAT(store().list({"thing", "ada"}).value(), IsEmpty());
    EXPECT_THAT(ids_of(store().list({"thing", "bob"}).value()), ElementsAre("a"));
}

TEST_P(StoreContract, TakesWhatReachesTheLimitsAndRefusesWhatIsOver) {
    const auto text = [](std::size_t size) { return std::string(size, 'x'); };
    const RecordChange largest{
        {text(64), text(255)}, Version{0}, text(255), text(limits::kEventBytesMax)};
    ASSERT_TRUE(store().commit(largest, {}));
    EXPECT_EQ(store().get(largest.key).value().value().data, largest.data);
    const auto refused = [&](Errc code, auto change_it) {
        auto change = put("a", 0, "x");
        change_it(change);
        expect_refused(code, store().commit(change));
    };
    refused(Errc::kBadRequest, [&](RecordChange& change) { change.key.kind = ""; });
    refused(Errc::kBadRequest, [&](RecordChange& change) { change.key.kind = text(65); });
    refused(Errc::kBadRequest, [&](RecordChange& change) { change.key.id = ""; });
    refused(Errc::kBadRequest, [&](RecordChange& change) { change.key.id = text(256); });
    refused(Errc::kBadRequest, [&](RecordChange& change) { change.owner = text(256); });
    refused(Errc::kBodyTooLarge,
            [&](RecordChange& change) { change.data = text(limits::kEventBytesMax + 1); });
    EXPECT_THAT(log().heard(), IsEmpty());
}

TEST_P(StoreContract, WorksOnlyWhileItsLogRuns) {
    Dependencies elsewhere;
    Node unborn = GetParam().open(elsewhere);
    StoreDriver early{unborn.store()};
    expect_refused(Errc::kDraining, early.commit(put("a", 0, "x")));
    EXPECT_EQ(early.get("a").error().code, Errc::kDraining);
    EXPECT_EQ(early.list().error().code, Errc::kDraining);
    EXPECT_EQ(early.count().error().code, Errc::kDraining);
    unborn.remote.reset();
    unborn.embedded.reset();

    auto taken = store().commit_later(put("a", 0, "x"), {});
    stop();
    EXPECT_TRUE(taken.get());
    expect_refused(Errc::kDraining, store().commit(put("b", 0, "x")));
    EXPECT_EQ(store().get("a").error().code, Errc::kDraining);
    EXPECT_EQ(store().list().error().code, Errc::kDraining);
    EXPECT_EQ(store().count().error().code, Errc::kDraining);
}

TEST_P(StoreContract, ACompletionMayReadAndCommitAgain) {
    std::promise<Result<hub::Receipts>> second;
    std::promise<std::string> seen;
    node_->store().commit(
        put("a", 0, "one"),
        {{}, [&](const Result<hub::Receipts>&) {
             node_->store().get({"thing", "a"}, [&](Result<std::optional<Record>> found) {
                 seen.set_value(found.value().value().data);
             });
             node_->store().commit(put("b", 0, "two"), {{}, [&](Result<hub::Receipts> outcome) {
                                                            second.set_value(std::move(outcome));
                                                        }});
         }});
    EXPECT_EQ(seen.get_future().get(), "one");
    EXPECT_TRUE(second.get_future().get());
    stop();
}

TEST_P(StoreContract, OfManyWhoChangeTheSameVersionOneWins) {
    for (std::uint64_t round = 0; round < 20; ++round) {
        std::atomic<int> winners = 0;
        std::vector<std::jthread> rivals;
        for (int rival = 0; rival < 4; ++rival) {
            rivals.emplace_back([&, rival] {
                const auto outcome = store().commit(put("a", round, std::to_string(rival)));
                winners += outcome ? 1 : 0;
                EXPECT_TRUE(outcome || outcome.error().code == Errc::kVersionConflict);
            });
        }
        rivals.clear();
        ASSERT_EQ(winners, 1);
    }
    EXPECT_EQ(record("a").version, Version{20});
    expect_records_are_the_fold_of_the_events();
}

/// Plays a random history on few records: most commits come from the present version, some from a
/// wrong one, and some carry an event that is refused, where keys are taken.
class RandomHistory {
public:
    RandomHistory(StoreDriver& store, LogDriver& log, Adapter::Keys keys, std::uint64_t seed)
        : store_(store), log_(log), keys_(keys), random_(seed) {}

    void play(int steps) {
        for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) {
            const auto change = next_change();
            std::vector<hub::AppendBatch::Item> items{announcement(change)};
            if (keys_ == Adapter::Keys::kTaken && random_.below(8) == 0) {
                // One text per key is right; the others conflict with it.
                items.push_back(
                    LogDriver::item("keyed", std::to_string(random_.next()), {}, "key"));
            }
            const auto outcome = store_.commit(change, std::move(items));
            EXPECT_TRUE(outcome || outcome.error().code == Errc::kVersionConflict ||
                        outcome.error().code == Errc::kIdempotencyConflict)
                << outcome.error().describe();
            (outcome ? stored_ : refused_) += 1;
            if (random_.below(6) == 0) {
                EXPECT_TRUE(log_.publish("noise", "x"));
            }
        }
    }
    /// A history in which nothing is refused, or nothing stored, proves nothing.
    void expect_was_worth_it() const {
        EXPECT_GT(stored_, 20);
        EXPECT_GT(refused_, 20);
    }

private:
    hub::RecordChange next_change() {
        std::string id = std::to_string(random_.below(5));
        const auto found = store_.get(id).value();
        const auto present = found ? found->version.value() : 0;
        const auto expected = random_.below(4) == 0 ? random_.below(4) : present;
        if (random_.below(5) == 0) {
            return removal(std::move(id), expected);
        }
        return put(std::move(id), expected, std::to_string(random_.next()),
                   random_.below(2) == 0 ? "ada" : "bob");
    }

    StoreDriver& store_;
    LogDriver& log_;
    const Adapter::Keys keys_;
    SeededRandom random_;
    int stored_ = 0;
    int refused_ = 0;
};

TEST_P(StoreContract, AfterAnyHistoryTheRecordsAreTheFoldOfTheEvents) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        RandomHistory history{store(), log(), GetParam().keys, seed};
        history.play(200);
        history.expect_was_worth_it();
        expect_records_are_the_fold_of_the_events();
    }
}

TEST_P(StoreContract, AfterRivalHistoriesTheRecordsAreTheFoldOfTheEvents) {
    std::vector<RandomHistory> histories;
    for (std::uint64_t seed = 11; seed < 15; ++seed) {
        histories.emplace_back(store(), log(), GetParam().keys, seed);
    }
    std::vector<std::jthread> threads;
    for (auto& history : histories) {
        threads.emplace_back([&history] { history.play(150); });
    }
    threads.clear();
    for (const auto& history : histories) {
        history.expect_was_worth_it();
    }
    expect_records_are_the_fold_of_the_events();
}

TEST_P(StoreContract, AListHoldsWhatTheEventsUpToItsPlaceTell) {
    EXPECT_EQ(store().list_through()->through, Sequence{0});
    ASSERT_TRUE(store().commit(put("a", 0, "one")));
    const auto last = store().commit(put("b", 0, "one")).value().at(0).event->sequence;
    EXPECT_EQ(store().list_through()->through, last);
    ASSERT_TRUE(store().commit(removal("a", 1)));
    ASSERT_TRUE(store().commit(removal("b", 1)));
    list_amid_commits([this](const hub::RecordList& list) {
        for (const auto& told : fold_through(list.through).records()) {
            const auto listed = std::ranges::find(list.records, told.key, &Record::key);
            ASSERT_NE(listed, list.records.end());
            EXPECT_GE(listed->version, told.version);
        }
    });
}

TEST_P(StoreContract, AReopenedStoreGoesOnWhereItStopped) {
    if (GetParam().kept != Adapter::Kept::kOnDisk) {
        GTEST_SKIP() << "this store ends with the process";
    }
    RandomHistory{store(), log(), GetParam().keys, 21}.play(60);
    ASSERT_TRUE(store().commit(put("last", 0, "one")));
    const auto records = store().list().value();
    close();
    open();
    EXPECT_EQ(store().list().value(), records);
    expect_refused(Errc::kVersionConflict, store().commit(put("last", 0, "two")));
    ASSERT_TRUE(store().commit(put("last", 1, "two")));
    EXPECT_EQ(record("last").version, Version{2});
}

/// What only a store can promise that shares a transaction with the log of the events: that what
/// the log has against the events also undoes the record. A remote store has written the record by
/// then; it refuses beforehand what it can, and the rest of its events come late.
class EmbeddedStoreContract : public StoreContract {};

TEST_P(EmbeddedStoreContract, ARefusedEventLeavesTheRecordAsItWas) {
    ASSERT_TRUE(store().commit(put("a", 0, "one")));
    ASSERT_TRUE(log().publish("other", "x", {}, "key"));
    expect_refused(Errc::kIdempotencyConflict,
                   store().commit(put("a", 1, "two"), {announcement(put("a", 1, "two")),
                                                       LogDriver::item("other", "y", {}, "key")}));
    expect_refused(Errc::kTooManyTopics,
                   store().commit(removal("a", 1),
                                  {announcement(removal("a", 1)), LogDriver::item("third", "y"),
                                   LogDriver::item("fourth", "y")}));
    EXPECT_EQ(record("a"), (Record{{"thing", "a"}, "ada", Version{1}, "one"}));
    EXPECT_EQ(log().heard().size(), 2U);
    EXPECT_TRUE(store().commit(put("a", 1, "two")));
}

TEST_P(EmbeddedStoreContract, OfTwoReasonsTheEventsSayTheirsFirst) {
    ASSERT_TRUE(log().publish("other", "x", {}, "key"));
    expect_refused(Errc::kIdempotencyConflict,
                   store().commit(put("a", 7, "one"), {LogDriver::item("other", "y", {}, "key")}));
}

TEST_P(EmbeddedStoreContract, AListIsTheFoldOfTheEventsUpToItsPlace) {
    list_amid_commits([this](const hub::RecordList& list) {
        EXPECT_EQ(fold_through(list.through).records(), list.records);
    });
}

TEST_P(EmbeddedStoreContract, AListKnowsItsPlaceThoughTheNewestEventsAreGone) {
    ASSERT_TRUE(store().commit(put("a", 0, "one")));
    const auto last = log().publish("brief", "x", {.count_max = 0})->event->sequence;
    EXPECT_EQ(store().list_through()->through, last);
}

constexpr Adapter kMemory{"memory", Adapter::Kept::kWithProcess, Adapter::Keys::kTaken,
                          &open_memory, &nothing_missing};
constexpr Adapter kSqlite{"sqlite", Adapter::Kept::kOnDisk, Adapter::Keys::kTaken, &open_sqlite,
                          &nothing_missing};
constexpr Adapter kDynamoDb{"dynamodb", Adapter::Kept::kOnDisk, Adapter::Keys::kRefused,
                            &open_dynamodb, &dynamodb_missing};

std::string name_of(const testing::TestParamInfo<Adapter>& adapter) {
    return adapter.param.name;
}
INSTANTIATE_TEST_SUITE_P(Adapters, StoreContract, testing::Values(kMemory, kSqlite, kDynamoDb),
                         &name_of);
INSTANTIATE_TEST_SUITE_P(Adapters, EmbeddedStoreContract, testing::Values(kMemory, kSqlite),
                         &name_of);

TEST(MemoryStore, RefusesWhatIsOverItsBytesAndGivesThemBack) {
    const ManualClock clock;
    memory::MemoryEventLog memory_log{clock, Epoch{"mem0"}, {.lane = hub::Lane::kDurable}};
    memory::MemoryStore memory_store{memory_log, 1200};
    LogDriver log{memory_log};
    StoreDriver store{memory_store};
    const std::string half(300, 'x');
    ASSERT_TRUE(store.commit(put("a", 0, half)));
    ASSERT_TRUE(store.commit(put("b", 0, half)));
    EXPECT_EQ(store.commit(put("c", 0, half)).error().code, Errc::kStorageFull);
    EXPECT_EQ(log.heard().size(), 2U);
    ASSERT_TRUE(store.commit(put("a", 1, half)));
    ASSERT_TRUE(store.commit(removal("a", 2)));
    EXPECT_TRUE(store.commit(put("c", 0, half)));
}

}  // namespace
}  // namespace howl::storage
