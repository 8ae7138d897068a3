// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/backup.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "storage/log_driver_for_test.hpp"
#include "storage/sqlite/sqlite_event_log.hpp"

namespace howl::storage::sqlite {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Backup : public testing::Test {
protected:
    void open() {
        log_ = SqliteEventLog::open(directory(), clock_, random_).value();
        driver_.emplace(*log_);
    }
    void close() {
        driver_.reset();
        log_.reset();
    }
    LogDriver& log() { return *driver_; }

    /// What a `kill -9` leaves: event "one" is in the backup, and `newest` in the WAL alone.
    void make_backup_and_kill_after(const std::string& newest) {
        const auto copy = parent_.path() / "copy";
        open();
        ASSERT_TRUE(log().publish("a", "one"));
        ASSERT_TRUE(back_up(directory(), file()));
        close();
        open();
        ASSERT_TRUE(log().publish("a", newest));
        fs::copy(directory(), copy);
        close();
        fs::remove_all(directory());
        fs::rename(copy, directory());
        fs::remove(directory() / "howl.db-shm");
        ASSERT_GT(fs::file_size(directory() / "howl.db-wal"), 0U);
    }
    std::int64_t events_in(const fs::path& database) {
        return Connection::open(database, Connection::Access::kReadWrite)
            .value()
            .query_integer("SELECT count(*) FROM events")
            .value();
    }
    [[nodiscard]] fs::path aside() const { return directory() / "howl.db.before-restore"; }

    [[nodiscard]] fs::path directory() const { return parent_.path() / "data"; }
    [[nodiscard]] fs::path file() const { return parent_.path() / "backup.db"; }

    TempDirectory parent_;
    ManualClock clock_;
    SeededRandom random_{5};
    std::unique_ptr<SqliteEventLog> log_;
    std::optional<LogDriver> driver_;
};

TEST_F(Backup, HoldsWhatWasThereAndComesBackAsANewEpoch) {
    open();
    const Epoch first = log_->epoch();
    ASSERT_TRUE(log().publish("a", "one"));
    ASSERT_TRUE(log().publish("a", "two"));
    const auto backup = back_up(directory(), file());
    ASSERT_TRUE(backup) << backup.error().describe();
    EXPECT_EQ(backup->epoch, first);
    EXPECT_EQ(backup->events, 2U);
    EXPECT_EQ(backup->topics, 1U);
    ASSERT_TRUE(log().publish("a", "three"));
    close();
    const auto restored = restore(file(), directory(), random_);
    ASSERT_TRUE(restored) << restored.error().describe();
    EXPECT_NE(restored->epoch, first);
    open();
    EXPECT_EQ(log_->epoch(), restored->epoch);
    EXPECT_THAT(data_of(log().history("a").value().events), ElementsAre("one", "two"));
    EXPECT_EQ(log().publish("a", "another three").value().event->offset, Offset{3});
}

TEST_F(Backup, IsOneFileForItsOwnerOnly) {
    open();
    ASSERT_TRUE(log().publish("a", "one"));
    ASSERT_TRUE(back_up(directory(), file()));
    EXPECT_EQ(fs::status(file()).permissions(), fs::perms{0600});
    EXPECT_FALSE(fs::exists(file().string() + "-wal"));
    EXPECT_FALSE(fs::exists(file().string() + ".partial"));
}

TEST_F(Backup, IsWholeWhileAServerWrites) {
    open();
    ASSERT_TRUE(log().publish("a", "first"));
    std::atomic<bool> stop = false;
    std::thread writer{[&] {
        while (!stop) {
            EXPECT_TRUE(log().publish("a", std::string(500, 'x')));
        }
    }};
    for (int i = 0; i < 5; ++i) {
        const auto target = parent_.path() / ("backup" + std::to_string(i));
        const auto backup = back_up(directory(), target);
        EXPECT_TRUE(backup) << backup.error().describe();
        EXPECT_TRUE(restore(target, parent_.path() / ("restored" + std::to_string(i)), random_));
    }
    stop = true;
    writer.join();
}

TEST_F(Backup, RefusesToOverwriteAndToReadWhatIsNotThere) {
    EXPECT_EQ(back_up(directory(), file()).error().code, Errc::kInvalidConfig);
    open();
    std::ofstream{file()} << "theirs";
    EXPECT_THAT(back_up(directory(), file()).error().detail, HasSubstr("there already"));
    EXPECT_EQ(fs::file_size(file()), 6U);
}

TEST_F(Backup, IsNotRestoredUnderARunningServer) {
    open();
    ASSERT_TRUE(back_up(directory(), file()));
    EXPECT_THAT(restore(file(), directory(), random_).error().detail, HasSubstr("in use"));
}

TEST_F(Backup, ADamagedOrForeignFileChangesNothing) {
    open();
    const Epoch first = log_->epoch();
    ASSERT_TRUE(log().publish("a", "one"));
    close();
    std::ofstream{file()} << std::string(8192, 'x');
    EXPECT_EQ(restore(file(), directory(), random_).error().code, Errc::kDamaged);
    EXPECT_EQ(restore(parent_.path() / "nothing", directory(), random_).error().code,
              Errc::kInvalidConfig);
    open();
    EXPECT_EQ(log_->epoch(), first);
    EXPECT_EQ(log().history("a").value().events.size(), 1U);
}

TEST_F(Backup, KeepsTheDatabaseThatWasThere) {
    open();
    ASSERT_TRUE(back_up(directory(), file()));
    ASSERT_TRUE(log().publish("a", "one"));
    close();
    ASSERT_TRUE(restore(file(), directory(), random_));
    EXPECT_EQ(events_in(aside()), 1);
}

TEST_F(Backup, KeepsTheNewestEventsOfAKilledServerInOneFile) {
    make_backup_and_kill_after("newest");
    ASSERT_TRUE(restore(file(), directory(), random_));
    EXPECT_FALSE(fs::exists(aside().string() + "-wal"));
    EXPECT_EQ(events_in(aside()), 2);
}

TEST_F(Backup, AMoveThatFailsLeavesTheDatabaseWithItsNewestEvents) {
    make_backup_and_kill_after("newest");
    fs::create_directories(aside() / "in the way");
    EXPECT_EQ(restore(file(), directory(), random_).error().code, Errc::kSystem);
    open();
    EXPECT_THAT(data_of(log().history("a").value().events), ElementsAre("one", "newest"));
}

TEST_F(Backup, KeepsADatabaseThatIsTooDamagedWithItsWal) {
    make_backup_and_kill_after("newest");
    const auto wal_size = fs::file_size(directory() / "howl.db-wal");
    std::fstream{directory() / "howl.db", std::ios::binary | std::ios::in | std::ios::out}
        << "no database any more";
    fs::resize_file(directory() / "howl.db-wal", wal_size - 1);
    std::fstream{directory() / "howl.db-wal", std::ios::binary | std::ios::in | std::ios::out}
        << "no WAL any more";
    ASSERT_TRUE(restore(file(), directory(), random_));
    EXPECT_EQ(fs::file_size(aside().string() + "-wal"), wal_size - 1);
    EXPECT_FALSE(fs::exists(directory() / "howl.db-wal"));
    open();
    EXPECT_THAT(data_of(log().history("a").value().events), ElementsAre("one"));
}

TEST_F(Backup, ARestoreAfterOneThatWasInterruptedKeepsWhatThatSetAside) {
    make_backup_and_kill_after("newest");
    fs::rename(directory() / "howl.db", aside());
    ASSERT_TRUE(restore(file(), directory(), random_));
    EXPECT_TRUE(fs::exists(aside()));
    EXPECT_EQ(events_in(aside()), 2);
}

}  // namespace
}  // namespace howl::storage::sqlite
