// SPDX-License-Identifier: Apache-2.0
// What the durable lane and the store beside it promise when the disk or the power fails. Every
// test here runs a script of publishes and commits on a FaultVfs, records what was acknowledged,
// and then opens the files that are left.
#include <array>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "storage/log_driver_for_test.hpp"
#include "storage/sqlite/fault_vfs_for_test.hpp"
#include "storage/sqlite/sqlite_event_log.hpp"
#include "storage/sqlite/sqlite_store.hpp"
#include "storage/store_driver_for_test.hpp"

namespace howl::storage::sqlite {
namespace {

using Fault = FaultVfs::Fault;
using Persistence = FaultVfs::Persistence;

constexpr hub::Retention kShort{.count_max = 5};

/// The outcomes that publishers received.
struct Outcomes {
    std::map<std::string, std::uint64_t> acknowledged;  ///< Newest offset by topic.
    std::uint64_t newest_sequence = 0;
    std::vector<std::string> announced;  ///< Every commit of a record, in the words of its event.
    bool purged = false;
    bool failed_for_good = false;
};

struct Node {
    std::unique_ptr<SqliteEventLog> log;
    std::unique_ptr<SqliteStore> store;

    [[nodiscard]] static Result<Node> open(const std::filesystem::path& directory,
                                           const Clock& clock, Random& random,
                                           SqliteEventLogOptions options) {
        HOWL_TRY(log, SqliteEventLog::open(directory, clock, random, std::move(options)));
        HOWL_TRY(store, SqliteStore::open(*log));
        return Node{std::move(log), std::move(store)};
    }
};

/// The data of an event names its topic and offset, so that a test can recognize a wrong one.
std::string data_at(std::string_view name, std::uint64_t offset) {
    return std::string{name} + "#" + std::to_string(offset) + std::string(offset % 7 * 100, '.');
}

/// Publishes to three topics (one keeps little, one has a key on every event, one is purged
/// midway), makes, changes and removes records, and reports each acknowledgement at the moment of
/// its commit.
class Script {
public:
    /// `on_acknowledged` runs with every acknowledgement, on the writer's thread, before its next
    /// write.
    Script(
        Node& node, Outcomes& outcomes, std::function<void()> on_acknowledged = [] {})
        : log_(*node.log),
          store_(*node.store),
          outcomes_(outcomes),
          on_acknowledged_(std::move(on_acknowledged)) {}

    void run(std::uint64_t rounds) {
        for (std::uint64_t round = 1; round <= rounds; ++round) {
            publish({"a", "b"});
            publish({"short", "short"});
            commit(round);
            if (round == rounds / 2) {
                purge("b");
            }
        }
    }

private:
    /// One batch. The next offset is one past the last acknowledged, as nobody else publishes and a
    /// failed batch takes none.
    void publish(const std::vector<std::string>& names) {
        std::vector<hub::AppendBatch::Item> items;
        auto expected = outcomes_.acknowledged;
        for (const auto& name : names) {
            const auto offset = ++expected[name];
            items.push_back(LogDriver::item(name, data_at(name, offset),
                                            name == "short" ? kShort : hub::Retention{},
                                            name == "a" ? "key" + std::to_string(offset) : ""));
        }
        std::promise<void> completed;
        log_.append({std::move(items), [&](const Result<hub::Receipts>& outcome) {
                         record_outcome(outcome);
                         completed.set_value();
                     }});
        completed.get_future().wait();
    }

    /// Goes on from the version that was acknowledged, as a failed commit changes nothing.
    void commit(std::uint64_t round) {
        const auto id = std::to_string(round % 3);
        const auto version = Fold{outcomes_.announced}.version_of(id);
        const auto change =
            round % 4 == 0 ? removal(id, version) : put(id, version, data_at("record", round));
        std::promise<void> completed;
        store_.commit(change, {{announcement(change)}, [&](const Result<hub::Receipts>& outcome) {
                                   if (outcome) {
                                       outcomes_.announced.push_back(words_of(change));
                                   }
                                   record_outcome(outcome);
                                   completed.set_value();
                               }});
        completed.get_future().wait();
    }

    void purge(std::string_view name) {
        std::promise<void> completed;
        log_.purge(topic(name), hub::PurgeScope::kHistory, [&](const Result<Sequence>& purged) {
            outcomes_.purged |= purged.value_or(Sequence{0}) > Sequence{0};
            on_acknowledged_();
            completed.set_value();
        });
        completed.get_future().wait();
    }

    void record_outcome(const Result<hub::Receipts>& outcome) {
        if (!outcome) {
            outcomes_.failed_for_good |= outcome.error().code == Errc::kStorageFailed;
            EXPECT_TRUE(is_storage_error(outcome.error().code)) << outcome.error().describe();
            return;
        }
        EXPECT_FALSE(outcomes_.failed_for_good) << "acknowledged after the store had failed";
        for (const auto& receipt : *outcome) {
            const auto& event = *receipt.event;
            EXPECT_EQ(event.offset.value(), ++outcomes_.acknowledged[event.topic.text()]);
            EXPECT_EQ(event.sequence.value(), ++outcomes_.newest_sequence);
        }
        on_acknowledged_();
    }

    hub::EventLog& log_;
    hub::Store& store_;
    Outcomes& outcomes_;
    const std::function<void()> on_acknowledged_;
};

void expect_well_numbered(LogDriver& log, const std::string& name, std::uint64_t at_least) {
    const auto page = log.history(name);
    ASSERT_TRUE(page) << page.error().describe();
    EXPECT_GE(page->last_offset.value(), at_least) << "lost an acknowledged event of " << name;
    auto offset = page->first_retained.value();
    for (const auto& event : page->events) {
        EXPECT_EQ(event->offset.value(), offset);
        EXPECT_EQ(event->data, data_at(name, offset));
        ++offset;
    }
    EXPECT_EQ(offset, page->last_offset.value() + 1);
}

/// The promise of the store: a record and its events are there together or not at all.
void expect_records_are_the_fold(LogDriver& log, StoreDriver& store) {
    const auto page = log.history(kRecordsTopic);
    const auto records = store.list();
    ASSERT_TRUE(page) << page.error().describe();
    ASSERT_TRUE(records) << records.error().describe();
    const Fold fold{data_of(page->events)};
    EXPECT_EQ(*records, fold.records());
    EXPECT_TRUE(fold.versions_are_gapless());
}

/// A store opened after the fault has every commit that was acknowledged, and works.
void expect_kept(LogDriver& log, StoreDriver& store, const Outcomes& outcomes) {
    expect_records_are_the_fold(log, store);
    auto announced = data_of(log.history(kRecordsTopic).value().events);
    ASSERT_GE(announced.size(), outcomes.announced.size()) << "lost an acknowledged commit";
    const auto version = Fold{announced}.version_of("1");
    announced.resize(outcomes.announced.size());
    EXPECT_EQ(announced, outcomes.announced);
    const auto next = store.commit(put("1", version, "next"));
    EXPECT_TRUE(next) << next.error().describe();
    expect_records_are_the_fold(log, store);
}

/// A log opened after the fault has everything that was acknowledged, whole and in order, and
/// works.
void expect_kept(LogDriver& log, const Outcomes& outcomes) {
    const auto acknowledged = [&](const std::string& name) {
        const auto found = outcomes.acknowledged.find(name);
        return found == outcomes.acknowledged.end() ? 0 : found->second;
    };
    for (const auto* const name : {"a", "b", "short"}) {
        expect_well_numbered(log, name, acknowledged(name));
    }
    const auto all = log.history("a").value();
    EXPECT_EQ(all.first_retained, Offset{1});
    EXPECT_LE(log.history("short").value().events.size(), kShort.count_max);
    if (outcomes.purged) {
        EXPECT_GT(log.history("b").value().first_retained, Offset{1});
    }
    std::uint64_t last = 0;
    const auto slice = log.read({"a", "b", "short"}, 0).value();
    for (const auto& event : slice.events) {
        EXPECT_GT(event->sequence.value(), last);
        last = event->sequence.value();
    }
    if (const auto offset = acknowledged("a"); offset > 0) {
        const auto again =
            log.publish("a", data_at("a", offset), {}, "key" + std::to_string(offset));
        ASSERT_TRUE(again) << again.error().describe();
        EXPECT_EQ(again->freshness, hub::Freshness::kRepeated);
        EXPECT_EQ(again->event->offset.value(), offset);
    }
    const auto next = log.publish("a", "next");
    ASSERT_TRUE(next) << next.error().describe();
    EXPECT_EQ(next->event->offset, all.last_offset.next());
}

class Crash : public testing::Test {
protected:
    Result<Node> open(const std::filesystem::path& directory) {
        return Node::open(directory, clock_, random_,
                          {.checkpoint_pages = 24,
                           .on_failed = [this](const Error&) { ++failures_reported_; },
                           .vfs = vfs_.name()});
    }

    /// Fails the first, the second, ... operation of the script until it runs to its end unharmed.
    void fail_at_every_step(Fault fault, Persistence persistence) {
        for (std::uint64_t nth = 1;; ++nth) {
            SCOPED_TRACE("operation " + std::to_string(nth));
            const TempDirectory directory;
            Outcomes outcomes;
            failures_reported_ = 0;
            vfs_.fail_nth(nth, fault, persistence);
            if (auto node = open(directory.path())) {
                run_script(*node, outcomes);
                // Its thread has ended: nothing fails any more, and what failed was reported.
                EXPECT_EQ(failures_reported_, node->log->failed() ? 1 : 0);
            }
            vfs_.repair();
            {
                auto node = open(directory.path());
                ASSERT_TRUE(node) << node.error().describe();
                LogDriver driver{*node->log};
                StoreDriver store{*node->store};
                expect_kept(driver, outcomes);
                expect_kept(driver, store, outcomes);
            }
            if (!vfs_.has_failed() || HasFailure()) {
                EXPECT_GT(nth, 10U) << "the script hardly touched the disk";
                return;
            }
        }
    }

    void run_script(Node& node, Outcomes& outcomes) {
        LogDriver driver{*node.log};
        Script{node, outcomes}.run(6);
        // It runs after the checkpoint that may follow the last commit.
        static_cast<void>(driver.purge("nothing"));
        after_script(node, driver);
    }

    FaultVfs vfs_;
    ManualClock clock_;
    SeededRandom random_{7};
    int failures_reported_ = 0;
    std::function<void(Node&, LogDriver&)> after_script = [](auto&, auto&) {};
};

TEST_F(Crash, AFailureOfAnyOperationLosesNothingThatWasAcknowledged) {
    fail_at_every_step(Fault::kInputOutput, Persistence::kOnce);
}

TEST_F(Crash, ADeadDiskLosesNothingThatWasAcknowledged) {
    fail_at_every_step(Fault::kInputOutput, Persistence::kFromThenOn);
}

TEST_F(Crash, AFailedSyncEndsTheStore) {
    // The disk recovers at once, the store must not: pages that it has written may be lost.
    after_script = [this](Node& node, LogDriver& driver) {
        if (vfs_.has_failed()) {
            StoreDriver store{*node.store};
            EXPECT_TRUE(node.log->failed());
            EXPECT_EQ(driver.publish("a", "x").error().code, Errc::kStorageFailed);
            EXPECT_EQ(store.commit(put("new", 0, "x")).error().code, Errc::kStorageFailed);
            EXPECT_TRUE(driver.history("a"));
            EXPECT_TRUE(store.list());
        }
    };
    fail_at_every_step(Fault::kSync, Persistence::kOnce);
}

TEST_F(Crash, AMomentOfFullDiskNeedsNoRestart) {
    after_script = [](Node& node, LogDriver& driver) {
        EXPECT_FALSE(node.log->failed());
        const auto offset = driver.history("a").value().last_offset.value() + 1;
        // The one failure may hit this publish, but not the next.
        EXPECT_TRUE(driver.publish("a", data_at("a", offset)) ||
                    driver.publish("a", data_at("a", offset)));
    };
    fail_at_every_step(Fault::kDiskFull, Persistence::kOnce);
}

TEST_F(Crash, AFullDiskRefusesUntilThereIsSpaceAgain) {
    after_script = [this](Node& node, LogDriver& driver) {
        StoreDriver store{*node.store};
        EXPECT_FALSE(node.log->failed());
        const auto offset = driver.history("a").value().last_offset.value() + 1;
        if (vfs_.has_failed()) {
            const auto records = store.list().value();
            EXPECT_EQ(driver.publish("a", data_at("a", offset)).error().code, Errc::kStorageFull);
            EXPECT_EQ(store.commit(put("new", 0, "x")).error().code, Errc::kStorageFull);
            EXPECT_EQ(store.list().value(), records);
            expect_records_are_the_fold(driver, store);
        }
        vfs_.repair();
        EXPECT_TRUE(driver.publish("a", data_at("a", offset)));
    };
    fail_at_every_step(Fault::kDiskFull, Persistence::kFromThenOn);
}

TEST_F(Crash, AGroupThatFindsTheDiskFullLeavesRecordsAndEventsAsTheyWere) {
    const TempDirectory directory;
    auto node = open(directory.path()).value();
    LogDriver log{*node.log};
    StoreDriver store{*node.store};
    ASSERT_TRUE(store.commit(put("a", 0, "one")));
    const auto records = store.list().value();
    std::promise<void> held;
    std::promise<void> release;
    node.log->append({{LogDriver::item("hold", "x")}, [&](const Result<hub::Receipts>&) {
                          held.set_value();
                          release.get_future().wait();
                      }});
    held.get_future().wait();
    std::vector<std::future<Result<hub::Receipts>>> group;
    for (const auto& change : {put("a", 1, "two"), put("b", 0, "new"), removal("a", 2)}) {
        group.push_back(store.commit_later(change, {announcement(change)}));
    }
    group.push_back(log.append_later({LogDriver::item("a", "x")}));
    vfs_.fail_nth(1, Fault::kDiskFull, Persistence::kFromThenOn);
    release.set_value();
    for (auto& outcome : group) {
        EXPECT_EQ(outcome.get().error().code, Errc::kStorageFull);
    }
    EXPECT_EQ(store.list().value(), records);
    expect_records_are_the_fold(log, store);
    vfs_.repair();
    EXPECT_EQ(store.commit(put("a", 1, "two")).value().at(0).event->sequence, Sequence{3});
    expect_records_are_the_fold(log, store);
}

/// Runs a script once while everything that reaches the disk is recorded, then opens what a power
/// loss at each record could have left.
TEST_F(Crash, APowerLossAtAnyMomentLosesNothingThatWasAcknowledged) {
    constexpr std::uint64_t kRounds = 24;
    Epoch epoch;
    Outcomes outcomes;
    std::vector<Outcomes> outcomes_by_note;
    std::vector<MarkedPosition> mark_by_note;
    vfs_.start_recording();
    {
        const TempDirectory directory;
        auto node = open(directory.path()).value();
        epoch = node.log->epoch();
        LogDriver driver{*node.log};
        Script{node, outcomes,
               [&] {
                   vfs_.note(outcomes_by_note.size());
                   outcomes_by_note.push_back(outcomes);
                   mark_by_note.push_back(HighWaterMark::find(directory.path()).position);
               }}
            .run(kRounds);
    }
    const auto records = vfs_.records();
    FaultVfs plain_disk;
    CrashedDisk disk;
    std::optional<Outcomes> promised;
    std::size_t notes = 0;
    std::size_t crashes = 0;
    for (std::size_t at = 0; at < records.size(); ++at) {
        disk.apply(records[at]);
        if (records[at].kind == FaultVfs::Record::Kind::kNote) {
            promised = outcomes_by_note[records[at].offset];
            notes = records[at].offset + 1;
        }
        constexpr std::array kAllModes = {
            CrashedDisk::Survivors::kNone, CrashedDisk::Survivors::kAll,
            CrashedDisk::Survivors::kRandomWrites, CrashedDisk::Survivors::kRandomSectors};
        for (const auto survivors : kAllModes) {
            // All survivors at a sync, which is the critical point; elsewhere one after the other.
            const bool before_sync =
                at + 1 < records.size() && records[at + 1].kind == FaultVfs::Record::Kind::kSync;
            if (!before_sync && at % 4 != static_cast<std::size_t>(survivors)) {
                continue;
            }
            SCOPED_TRACE("record " + std::to_string(at) + ", survivors " +
                         std::to_string(static_cast<int>(survivors)));
            const TempDirectory directory;
            for (const auto& [name, content] :
                 disk.files(survivors, [this] { return random_.next(); })) {
                std::ofstream{directory.path() / name, std::ios::binary} << content;
            }
            if (promised) {
                // The mark is written without a sync: the disk may have any of its versions.
                const auto& mark = mark_by_note[random_.below(notes)];
                ASSERT_TRUE(HighWaterMark::create(directory.path(), mark));
            }
            auto node = Node::open(directory.path(), clock_, random_, {.vfs = plain_disk.name()});
            ASSERT_TRUE(node) << node.error().describe();
            LogDriver driver{*node->log};
            StoreDriver store{*node->store};
            if (promised) {
                EXPECT_EQ(node->log->epoch(), epoch);
                expect_kept(driver, *promised);
                expect_kept(driver, store, *promised);
            }
            ++crashes;
            if (HasFailure()) {
                return;
            }
        }
    }
    EXPECT_GE(crashes, 300U);
    RecordProperty("crash_points", static_cast<int>(crashes));
}

}  // namespace
}  // namespace howl::storage::sqlite
