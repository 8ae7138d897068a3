// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/sqlite_event_log.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <sys/file.h>
#include <type_traits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "storage/log_driver_for_test.hpp"
#include "storage/sqlite/corrupt_page_for_test.hpp"
#include "telemetry/metrics.hpp"

namespace howl::storage::sqlite {
namespace {

using hub::Retention;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

static_assert(std::is_nothrow_move_constructible_v<DataDirectory>);
static_assert(!std::is_copy_constructible_v<DataDirectory>);

class SqliteLog : public testing::Test {
protected:
    Result<std::unique_ptr<SqliteEventLog>> try_open(SqliteEventLogOptions options = {}) {
        return SqliteEventLog::open(directory(), clock_, random_, std::move(options));
    }
    void open(SqliteEventLogOptions options = {}) {
        log_ = try_open(std::move(options)).value();
        driver_.emplace(*log_);
    }
    void close() {
        driver_.reset();
        log_.reset();
    }
    LogDriver& log() { return *driver_; }

    [[nodiscard]] std::filesystem::path directory() const { return parent_.path() / "data"; }
    [[nodiscard]] std::filesystem::path file() const { return directory() / "howl.db"; }

    /// Changes the file without the log.
    void tamper(const char* sql) {
        auto connection = Connection::open(file(), Connection::Access::kReadWrite).value();
        ASSERT_TRUE(connection.execute(sql));
    }
    std::int64_t count(const std::string& table) {
        auto connection = Connection::open(file(), Connection::Access::kReadOnly).value();
        return connection.query_integer("SELECT count(*) FROM " + table).value();
    }
    void sweep() {
        std::promise<Result<void>> swept;
        log_->sweep_for_test([&](Result<void> done) { swept.set_value(std::move(done)); });
        ASSERT_TRUE(swept.get_future().get());
    }

    void store_forty_events_and_corrupt_the_page_of(std::string_view words) {
        open();
        for (int i = 0; i < 40; ++i) {
            ASSERT_TRUE(log().publish("a", std::to_string(i) + std::string(1000, 'e')));
        }
        close();
        corrupt_page_of(file(), words);
    }

    /// Holds the writer inside a `done` until `release`, so that a queue builds up behind it.
    void hold_writer() {
        held_.emplace();
        std::promise<void> reached;
        log_->append({{LogDriver::item("hold", "x")},
                      [&reached, free = held_->get_future().share()](Result<hub::Receipts>) {
                          reached.set_value();
                          free.wait();
                      }});
        reached.get_future().wait();
    }
    void release_writer() { held_->set_value(); }

    TempDirectory parent_;
    ManualClock clock_;
    SeededRandom random_{3};
    std::unique_ptr<SqliteEventLog> log_;
    std::optional<LogDriver> driver_;
    std::optional<std::promise<void>> held_;
};

TEST_F(SqliteLog, MakesADirectoryThatOnlyItsOwnerCanRead) {
    open();
    EXPECT_EQ(std::filesystem::status(directory()).permissions(),
              std::filesystem::perms::owner_all);
}

TEST_F(SqliteLog, RefusesADirectoryInUse) {
    open();
    const auto second = try_open();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::kInvalidConfig);
    EXPECT_THAT(second.error().detail, HasSubstr("in use by another process"));
    close();
    EXPECT_TRUE(try_open());
}

TEST_F(SqliteLog, NoFileCanBeRemovedToGetASecondServerIn) {
    open();
    ASSERT_TRUE(log().publish("a", "x"));
    for (const auto& entry : std::filesystem::directory_iterator{directory()}) {
        std::filesystem::remove(entry.path());
        EXPECT_EQ(try_open().error().code, Errc::kInvalidConfig) << entry.path();
    }
}

TEST_F(SqliteLog, TheLockIsOnTheDatabaseByWhateverPathItIsReached) {
    open();
    const auto other = parent_.path() / "other";
    std::filesystem::create_directory(other);
    std::filesystem::create_hard_link(file(), other / "howl.db");
    const auto second = SqliteEventLog::open(other, clock_, random_);
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().detail, HasSubstr("in use by another process"));
}

TEST_F(SqliteLog, TheLockOfAnEarlierVersionIsRespected) {
    std::filesystem::create_directory(directory());
    const auto lock_file = directory() / "howl.lock";
    std::ofstream{lock_file} << "";
    const Descriptor earlier{::open(lock_file.c_str(), O_RDWR | O_CLOEXEC)};
    ASSERT_EQ(::flock(earlier.get(), LOCK_EX | LOCK_NB), 0);
    EXPECT_THAT(try_open().error().detail, HasSubstr("in use by another process"));
}

TEST_F(SqliteLog, WhatItKeepsIsForItsOwnerOnly) {
    using std::filesystem::perms;
    std::filesystem::create_directory(directory());
    std::filesystem::permissions(directory(), perms{0755});
    std::ofstream{file()} << "";
    std::filesystem::permissions(file(), perms{0644});
    open();
    ASSERT_TRUE(log().publish("a", "x"));
    EXPECT_EQ(std::filesystem::status(directory()).permissions(), perms{0700});
    for (const auto& entry : std::filesystem::directory_iterator{directory()}) {
        EXPECT_EQ(entry.status().permissions(), perms{0600}) << entry.path();
    }
}

TEST_F(SqliteLog, ADirectoryThatHoldsOtherThingsKeepsItsRights) {
    using std::filesystem::perms;
    std::filesystem::create_directory(directory());
    std::filesystem::permissions(directory(), perms{0755});
    std::ofstream{directory() / "notes.txt"} << "theirs";
    open();
    EXPECT_EQ(std::filesystem::status(directory()).permissions(), perms{0755});
    EXPECT_EQ(std::filesystem::status(file()).permissions(), perms{0600});
}

TEST_F(SqliteLog, ReportsWhyADirectoryCannotBeMade) {
    std::ofstream{parent_.path() / "data"} << "a file";
    const auto refused = try_open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::kSystem);
    EXPECT_THAT(refused.error().detail, HasSubstr("data"));
}

TEST_F(SqliteLog, AVanishedDatabaseIsANewEpoch) {
    open();
    const Epoch first = log_->epoch();
    close();
    std::filesystem::remove(file());
    open();
    EXPECT_NE(log_->epoch(), first);
}

TEST_F(SqliteLog, RefusesADatabaseOfANewerHowl) {
    open();
    close();
    tamper("PRAGMA user_version = 99");
    const auto refused = try_open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::kStorageFailed);
    EXPECT_THAT(refused.error().detail, HasSubstr("newer Howl: schema 99"));
}

TEST_F(SqliteLog, LeavesADatabaseOfSomebodyElseAlone) {
    std::filesystem::create_directory(directory());
    tamper("CREATE TABLE theirs (x)");
    const auto size = std::filesystem::file_size(file());
    const auto refused = try_open();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().detail, HasSubstr("not a Howl database"));
    EXPECT_EQ(std::filesystem::file_size(file()), size);
    EXPECT_FALSE(std::filesystem::exists(directory() / "howl.db-wal"));
}

TEST_F(SqliteLog, RefusesAFileThatIsNoDatabase) {
    std::filesystem::create_directory(directory());
    std::ofstream{file()} << std::string(8192, 'x');
    const auto refused = try_open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::kStorageFailed);
}

TEST_F(SqliteLog, ACleanEndLeavesNoWal) {
    open();
    ASSERT_TRUE(log().publish("a", "x"));
    EXPECT_TRUE(std::filesystem::exists(directory() / "howl.db-wal"));
    close();
    EXPECT_FALSE(std::filesystem::exists(directory() / "howl.db-wal"));
}

TEST_F(SqliteLog, CommitsEverythingThatWaitsTogether) {
    open();
    hold_writer();
    std::vector<std::future<Result<hub::Receipts>>> waiting;
    for (int i = 0; i < 100; ++i) {
        waiting.push_back(log().append_later({LogDriver::item("a", std::to_string(i))}));
    }
    EXPECT_EQ(log_->stats().queued_events, 100U);
    release_writer();
    for (std::size_t i = 0; i < waiting.size(); ++i) {
        EXPECT_EQ(waiting[i].get().value().at(0).event->offset.value(), i + 1);
    }
    log_->stop();
    EXPECT_EQ(log_->stats().commits, 2U);
    EXPECT_EQ(log_->stats().events, 101U);
    EXPECT_EQ(log_->stats().queued_events, 0U);
}

TEST_F(SqliteLog, ObservesHowLongEachCommitTakes) {
    open();
    const telemetry::Series times{telemetry::Histogram::kCommitTime};
    const auto before = telemetry::value(times);
    ASSERT_TRUE(log().publish("a", "x"));
    ASSERT_TRUE(log().publish("a", "y"));
    log_->stop();
    const auto after = telemetry::value(times);
    EXPECT_EQ(after.count - before.count, log_->stats().commits);
    EXPECT_EQ(after.sum - before.sum,
              static_cast<std::uint64_t>(log_->stats().commit_time.count()));
}

TEST_F(SqliteLog, ABatchThatFailsInAGroupFailsAlone) {
    open();
    ASSERT_TRUE(log().publish("a", "one", {}, "key"));
    hold_writer();
    auto before = log().append_later({LogDriver::item("a", "two")});
    auto refused = log().append_later({LogDriver::item("fresh", "x"), LogDriver::item("b", "x"),
                                       LogDriver::item("a", "other", {}, "key")});
    auto after = log().append_later({LogDriver::item("a", "three"), LogDriver::item("b", "b1")});
    release_writer();
    const auto two = before.get().value();
    EXPECT_EQ(refused.get().error().code, Errc::kIdempotencyConflict);
    const auto three = after.get().value();
    EXPECT_EQ(three.at(0).event->offset, two.at(0).event->offset.next());
    EXPECT_EQ(three.at(0).event->sequence, two.at(0).event->sequence.next());
    EXPECT_EQ(three.at(1).event->offset, Offset{1});
    EXPECT_EQ(log().history("fresh").value().last_offset, Offset{0});
}

TEST_F(SqliteLog, APurgeStandsInTheOrderOfTheLog) {
    open();
    hold_writer();
    auto before = log().append_later({LogDriver::item("a", "old")});
    std::promise<std::vector<std::string>> heard_at_purge;
    log_->purge(topic("a"), hub::PurgeScope::kHistory, [&](Result<Sequence> purged) {
        EXPECT_EQ(purged.value(), Sequence{2});
        heard_at_purge.set_value(data_of(log().heard()));
    });
    auto after = log().append_later({LogDriver::item("a", "new")});
    release_writer();
    EXPECT_THAT(heard_at_purge.get_future().get(), ElementsAre("x", "old"));
    ASSERT_TRUE(after.get());
    EXPECT_THAT(data_of(log().history("a").value().events), ElementsAre("new"));
}

TEST_F(SqliteLog, RefusesWhenTheQueueIsFull) {
    open({.queue_events_max = 3});
    hold_writer();
    auto first = log().append_later({LogDriver::item("a", "1"), LogDriver::item("a", "2")});
    EXPECT_EQ(log().append({LogDriver::item("a", "3"), LogDriver::item("a", "4")}).error().code,
              Errc::kOverloaded);
    auto last = log().append_later({LogDriver::item("a", "3")});
    release_writer();
    EXPECT_TRUE(first.get());
    EXPECT_EQ(last.get().value().at(0).event->offset, Offset{3});
}

TEST_F(SqliteLog, AGroupIsBounded) {
    open({.commit_events_max = 10});
    hold_writer();
    std::vector<std::future<Result<hub::Receipts>>> waiting;
    for (int i = 0; i < 25; ++i) {
        waiting.push_back(log().append_later({LogDriver::item("a", "x")}));
    }
    release_writer();
    for (auto& outcome : waiting) {
        ASSERT_TRUE(outcome.get());
    }
    log_->stop();
    EXPECT_EQ(log_->stats().commits, 4U);
}

TEST_F(SqliteLog, DeletesWhatRetentionDroppedInGoodTime) {
    open();
    for (int i = 0; i < 200; ++i) {
        ASSERT_TRUE(log().publish("a", "x", {.count_max = 10}));
    }
    EXPECT_EQ(log().history("a").value().events.size(), 10U);
    EXPECT_LT(count("events"), 10 + 32);
}

TEST_F(SqliteLog, ASweepDeletesWhatExpiredInQuietTopics) {
    open();
    const Retention hour{.count_max = 100, .age_max = std::chrono::hours{1}};
    for (int i = 0; i < 600; ++i) {
        ASSERT_TRUE(log().append({LogDriver::item("t" + std::to_string(i), "old", hour, "key")}));
    }
    ASSERT_TRUE(log().publish("t0", "old too", hour));
    clock_.advance(std::chrono::minutes{30});
    ASSERT_TRUE(log().publish("t0", "young", hour));
    clock_.advance(std::chrono::minutes{30});
    sweep();
    EXPECT_EQ(count("events"), 1);
    EXPECT_EQ(count("idempotency_keys"), 0);
    EXPECT_THAT(data_of(log().history("t0").value().events), ElementsAre("young"));
    EXPECT_THAT(names_of(log().read({"t0", "t1"}, 0).value().gaps), ElementsAre("t0", "t1"));
    EXPECT_EQ(log().publish("t1", "next").value().event->offset, Offset{2});
}

TEST_F(SqliteLog, ExpiredEventsAreGoneAfterARestartToo) {
    open();
    ASSERT_TRUE(log().publish("a", "old", {.age_max = std::chrono::hours{1}}));
    ASSERT_TRUE(log().publish("b", "kept"));
    close();
    clock_.advance(std::chrono::hours{1});
    {
        const auto reopened = try_open().value();
        EXPECT_THAT(data_of(reopened->newest(1000).value()), ElementsAre("kept"));
    }
    open();
    EXPECT_THAT(names_of(log().read({"a", "b"}, 0).value().gaps), ElementsAre("a"));
}

TEST_F(SqliteLog, AgesDoNotStepBackOverARestart) {
    open();
    const Retention hour{.age_max = std::chrono::hours{1}};
    ASSERT_TRUE(log().publish("a", "one", hour));
    clock_.advance(std::chrono::minutes{40});
    ASSERT_TRUE(log().publish("a", "two", hour));
    close();
    clock_.step_wall(-std::chrono::hours{24});
    open();
    clock_.advance(std::chrono::minutes{20});
    EXPECT_THAT(data_of(log().history("a").value().events), ElementsAre("two"));
}

TEST_F(SqliteLog, ADamagedEventIsLeftOutWithAGapAndCountedOnce) {
    open();
    for (const auto* const data : {"one", "two", "three"}) {
        ASSERT_TRUE(log().publish("a", data));
        ASSERT_TRUE(log().publish("b", data));
    }
    close();
    tamper("UPDATE events SET data = 'twO' WHERE sequence = 3");
    log_ = try_open().value();
    EXPECT_THAT(data_of(log_->newest(1000).value()), ElementsAre("two", "three", "three"));
    driver_.emplace(*log_);
    for (int again = 0; again < 2; ++again) {
        const auto page = log().history("a").value();
        EXPECT_THAT(data_of(page.events), ElementsAre("one", "three"));
        EXPECT_THAT(page.missing, ElementsAre(Offset{2}));
        const auto slice = log().read({"a", "b"}, 0).value();
        EXPECT_THAT(data_of(slice.events), ElementsAre("one", "one", "two", "three", "three"));
        EXPECT_THAT(names_of(slice.gaps), ElementsAre("a"));
        EXPECT_TRUE(slice.complete);
    }
    EXPECT_THAT(log().read({"a", "b"}, 3).value().gaps, IsEmpty());
    EXPECT_THAT(log().history("a", 2).value().missing, IsEmpty());
    EXPECT_EQ(log().history("b").value().events.size(), 3U);
    EXPECT_EQ(log_->stats().corrupt_rows, 1U);
}

TEST_F(SqliteLog, AMissingOrExchangedEventIsLeftOutWithAGap) {
    open();
    for (const auto* const data : {"one", "two", "three"}) {
        ASSERT_TRUE(log().publish("a", data));
    }
    ASSERT_TRUE(log().publish("b", "other"));
    close();
    tamper(
        "DELETE FROM events WHERE sequence = 2;"
        "UPDATE events SET topic_id = 1, topic_offset = 2 WHERE sequence = 4");
    open();
    EXPECT_THAT(log().history("a").value().missing, ElementsAre(Offset{2}));
    EXPECT_THAT(data_of(log().history("a").value().events), ElementsAre("one", "three"));
    EXPECT_THAT(log().history("b").value().missing, ElementsAre(Offset{1}));
    const auto slice = log().read({"a", "b"}, 0).value();
    EXPECT_THAT(data_of(slice.events), ElementsAre("one", "three"));
    EXPECT_THAT(names_of(slice.gaps), UnorderedElementsAre("a", "b"));
}

TEST_F(SqliteLog, MissingEventsBlockNeitherReadersNorExpiryNorPublishers) {
    open();
    const Retention hour{.age_max = std::chrono::hours{1}};
    for (int i = 0; i < 9; ++i) {
        ASSERT_TRUE(log().publish("a", std::to_string(i), hour));
    }
    close();
    tamper("DELETE FROM events WHERE sequence IN (1, 5, 8, 9)");
    open();
    EXPECT_THAT(data_of(log().read({"a"}, 4).value().events), ElementsAre("5", "6"));
    EXPECT_THAT(names_of(log().read({"a"}, 7).value().gaps), ElementsAre("a"));
    clock_.advance(std::chrono::minutes{90});
    EXPECT_THAT(log().history("a").value().events, IsEmpty());
    sweep();
    EXPECT_EQ(log().publish("a", "next", hour).value().event->offset, Offset{10});
    EXPECT_FALSE(log_->failed());
}

TEST_F(SqliteLog, AMalformedPageCostsTheEventsOnItAndNoOthers) {
    store_forty_events_and_corrupt_the_page_of("20eeee");
    open();
    const auto all = log().history("a").value();
    EXPECT_GE(all.events.size(), 30U);
    EXPECT_EQ(all.events.size() + all.missing.size(), 40U);
    EXPECT_FALSE(all.missing.empty());
    const auto slice = log().read({"a"}, 0).value();
    EXPECT_EQ(slice.events.size(), all.events.size());
    EXPECT_THAT(names_of(slice.gaps), ElementsAre("a"));
}

TEST_F(SqliteLog, FlippedBytesAreNeverServedAsEvents) {
    open();
    std::vector<std::string> written;
    for (int i = 0; i < 100; ++i) {
        written.push_back("event " + std::to_string(i) + std::string(60, 'e'));
        ASSERT_TRUE(log().publish("a", written.back()));
    }
    close();
    std::ostringstream original;
    original << std::ifstream{file(), std::ios::binary}.rdbuf();
    for (int flip = 0; flip < 200; ++flip) {
        auto content = original.str();
        auto& byte = content[random_.below(content.size())];
        byte = static_cast<char>(byte ^ static_cast<char>(1U << random_.below(8)));
        std::ofstream{file(), std::ios::binary | std::ios::trunc} << content;
        auto opened = try_open();
        if (!opened) {
            continue;  // Detected at the start.
        }
        log_ = std::move(*opened);
        driver_.emplace(*log_);
        for (std::uint64_t after = 0; after < written.size(); ++after) {
            const auto page = log().history("a", after, 1);
            if (page && !page->events.empty()) {
                ASSERT_EQ(page->events[0]->data, written[page->events[0]->offset.value() - 1]);
            }
        }
        close();
        std::filesystem::remove(directory() / "howl.db-wal");
        std::filesystem::remove(directory() / "howl.db-shm");
    }
}

TEST_F(SqliteLog, StartsAndStopsAgainAndAgain) {
    for (std::uint64_t run = 1; run <= 20; ++run) {
        open();
        ASSERT_EQ(log().publish("a", "x").value().event->offset, Offset{run});
        close();
    }
}

}  // namespace
}  // namespace howl::storage::sqlite
