// SPDX-License-Identifier: Apache-2.0
// An epoch and an offset never name two events, whatever is restored or lost below SQLite.
#include "storage/sqlite/commit_marker.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "storage/log_driver_for_test.hpp"
#include "storage/sqlite/fault_vfs_for_test.hpp"
#include "storage/sqlite/sqlite_event_log.hpp"
#include "telemetry/metrics.hpp"

namespace howl::storage::sqlite {
namespace {

namespace fs = std::filesystem;
using telemetry::Counter;

std::string bytes_of(const fs::path& file) {
    std::ostringstream out;
    out << std::ifstream{file, std::ios::binary}.rdbuf();
    return out.str();
}

/// Over the file that is there, as `cp` does.
void overwrite(const fs::path& file, const std::string& bytes) {
    std::ofstream{file, std::ios::binary | std::ios::trunc} << bytes;
}

class History : public testing::Test {
protected:
    Result<std::unique_ptr<SqliteEventLog>> try_open(const fs::path& directory) {
        return SqliteEventLog::open(directory, clock_, random_, {.vfs = vfs_.name()});
    }
    /// One run of a server: publishes `count` events, ends, and returns its epoch.
    Epoch run(int count) { return run_in(directory(), count); }
    Epoch run_in(const fs::path& directory, int count) {
        auto log = try_open(directory).value();
        LogDriver driver{*log};
        publish(driver, count);
        return log->epoch();
    }
    /// A run that ends as with `kill -9`: nothing more reaches the files.
    Epoch run_until_killed(int count) {
        auto log = try_open(directory()).value();
        LogDriver driver{*log};
        publish(driver, count);
        kill(*log, driver);
        return log->epoch();
    }
    void kill(SqliteEventLog& log, LogDriver& driver) {
        vfs_.fail_nth(1, FaultVfs::Fault::kInputOutput, FaultVfs::Persistence::kFromThenOn);
        EXPECT_FALSE(driver.publish("a", "lost"));
        log.stop();
        vfs_.repair();
    }
    /// A database without a commit number, and no mark beside it.
    void make_it_one_from_before_there_were_marks() {
        fs::remove(directory() / "howl.mark");
        ASSERT_TRUE(Connection::open(directory() / "howl.db", Connection::Access::kReadWrite)
                        .value()
                        .execute("DELETE FROM meta WHERE name = 'commit'"));
    }
    static void publish(LogDriver& driver, int count) {
        for (int i = 0; i < count; ++i) {
            ASSERT_TRUE(driver.publish("a", "x"));
        }
    }
    std::uint64_t last_offset() {
        auto log = try_open(directory()).value();
        LogDriver driver{*log};
        return driver.history("a").value().last_offset.value();
    }

    [[nodiscard]] fs::path directory() const { return parent_.path() / "data"; }
    [[nodiscard]] fs::path copy() const { return parent_.path() / "copy"; }
    void take_copy() { fs::copy(directory(), copy(), fs::copy_options::recursive); }

    TempDirectory parent_;
    FaultVfs vfs_;
    ManualClock clock_;
    SeededRandom random_{11};
};

TEST_F(History, KeepsItsEpochOverRestartsAndKills) {
    const Epoch first = run(3);
    EXPECT_EQ(run(2), first);
    EXPECT_EQ(run_until_killed(4), first);
    EXPECT_EQ(run_until_killed(1), first);
    EXPECT_EQ(run(0), first);
    EXPECT_EQ(last_offset(), 10U);
}

TEST_F(History, AnOlderCopyInPlaceOfTheDirectoryIsANewEpoch) {
    const Epoch first = run(12);
    take_copy();
    EXPECT_EQ(run(5), first);
    fs::remove_all(directory());
    fs::copy(copy(), directory(), fs::copy_options::recursive);
    const auto lost = telemetry::value(Counter::kHistoriesLost);
    const Epoch second = run(5);
    EXPECT_NE(second, first);
    EXPECT_EQ(telemetry::value(Counter::kHistoriesLost), lost + 1);
    EXPECT_EQ(run(1), second);
}

TEST_F(History, AnOlderCopyWrittenOverTheFilesIsANewEpoch) {
    const Epoch first = run(12);
    take_copy();
    EXPECT_EQ(run(5), first);
    for (const auto& entry : fs::directory_iterator{copy()}) {
        overwrite(directory() / entry.path().filename(), bytes_of(entry.path()));
    }
    EXPECT_NE(run(5), first);
}

TEST_F(History, AnOlderDatabaseAloneIsANewEpoch) {
    const Epoch first = run(12);
    take_copy();
    EXPECT_EQ(run_until_killed(5), first);
    fs::remove(directory() / "howl.db-wal");
    fs::copy_file(copy() / "howl.db", directory() / "howl.db",
                  fs::copy_options::overwrite_existing);
    EXPECT_NE(run(5), first);
}

TEST_F(History, TwoServersThatGoOnFromOneCopyGetDifferentEpochs) {
    const Epoch first = run(12);
    take_copy();
    EXPECT_EQ(run(1), first);
    EXPECT_NE(run_in(copy(), 1), first);
}

TEST_F(History, WithoutAMarkThatCanBeReadItIsANewEpoch) {
    const Epoch first = run(3);
    fs::remove(directory() / "howl.mark");
    const Epoch second = run(3);
    EXPECT_NE(second, first);
    overwrite(directory() / "howl.mark", "howl-mark-1 x 99");
    EXPECT_NE(run(3), second);
}

TEST_F(History, AMovedDirectoryGoesOn) {
    const Epoch first = run(3);
    fs::rename(directory(), copy());
    EXPECT_EQ(run_in(copy(), 1), first);
}

TEST_F(History, ADatabaseFromBeforeThereWereMarksGoesOn) {
    const Epoch first = run(3);
    make_it_one_from_before_there_were_marks();
    EXPECT_EQ(run(0), first);
    EXPECT_EQ(run(1), first);
    fs::remove(directory() / "howl.mark");
    EXPECT_NE(run(1), first);
}

TEST_F(History, AnOldDatabasePutBackBesideALaterMarkIsANewEpoch) {
    const Epoch first = run(3);
    make_it_one_from_before_there_were_marks();
    take_copy();
    EXPECT_EQ(run(5), first);
    fs::copy_file(copy() / "howl.db", directory() / "howl.db",
                  fs::copy_options::overwrite_existing);
    const auto lost = telemetry::value(Counter::kHistoriesLost);
    const Epoch second = run(5);
    EXPECT_NE(second, first);
    EXPECT_EQ(telemetry::value(Counter::kHistoriesLost), lost + 1);
    EXPECT_EQ(run(1), second);
}

TEST_F(History, AStartThatEndsBetweenMarkAndNumberIsNoNewEpoch) {
    const Epoch first = run(3);
    make_it_one_from_before_there_were_marks();
    ASSERT_TRUE(HighWaterMark::create(directory(), {first, 1}));
    EXPECT_EQ(run(1), first);
}

TEST_F(History, ACopyFromBeforeTheFirstCommitIsANewEpoch) {
    const Epoch first = run(0);
    take_copy();
    EXPECT_EQ(run(5), first);
    EXPECT_NE(run_in(copy(), 5), first);
}

TEST_F(History, WithoutCommitsAndMarkItIsANewEpochThatHasLostNothing) {
    const Epoch first = run(0);
    take_copy();
    EXPECT_EQ(run(5), first);
    // A snapshot is rolled back, and the operator does what docs/OPERATIONS.md says.
    fs::remove_all(directory());
    fs::copy(copy(), directory(), fs::copy_options::recursive);
    fs::remove(directory() / "howl.mark");
    const auto lost = telemetry::value(Counter::kHistoriesLost);
    EXPECT_NE(run(5), first);
    EXPECT_EQ(telemetry::value(Counter::kHistoriesLost), lost);
}

TEST_F(History, ACopyOfARunningServerWrittenOverWhatAKillLeftIsANewEpoch) {
    const Epoch first = run(3);
    {
        auto log = try_open(directory()).value();
        LogDriver driver{*log};
        publish(driver, 2);
        take_copy();
        publish(driver, 5);
        std::promise<Result<void>> swept;
        log->sweep_for_test([&](Result<void> done) { swept.set_value(std::move(done)); });
        ASSERT_TRUE(swept.get_future().get());
        kill(*log, driver);
    }
    for (const auto& entry : fs::directory_iterator{copy()}) {
        overwrite(directory() / entry.path().filename(), bytes_of(entry.path()));
    }
    EXPECT_NE(run(5), first);
}

TEST_F(History, ANewDatabaseHasLostNothing) {
    const auto lost = telemetry::value(Counter::kHistoriesLost);
    run(0);
    run(3);
    EXPECT_EQ(telemetry::value(Counter::kHistoriesLost), lost);
}

TEST_F(History, ADatabaseThatIsBehindAndDamagedIsNotWrittenTo) {
    run(200);
    take_copy();
    run(5);
    auto bytes = bytes_of(copy() / "howl.db");
    for (std::size_t at = 2 * 4096; at < bytes.size(); at += 4096) {
        bytes.replace(at, 64, 64, '\x7f');
    }
    overwrite(directory() / "howl.db", bytes);
    const auto refused = try_open(directory());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::kStorageFailed);
}

/// Damages the WAL that a killed server left. The parameter: commits of an earlier run, which are
/// in the database; at 0 the WAL holds everything.
class DamagedWal : public History, public testing::WithParamInterface<int> {
protected:
    using Damage = std::function<void(std::string& wal)>;

    void SetUp() override {
        if (GetParam() > 0) {
            run(GetParam());
        }
        epoch_ = run_until_killed(20);
        database_ = bytes_of(directory() / "howl.db");
        wal_ = bytes_of(wal_file());
        mark_ = HighWaterMark::find(directory()).position;
        ASSERT_GT(wal_.size(), 20 * 4096U);
    }
    [[nodiscard]] fs::path wal_file() const { return directory() / "howl.db-wal"; }

    enum class Outcome : std::uint8_t { kWhole, kNewEpoch, kRefused };
    /// The outcome of the next start; fails where events are missing in the same epoch.
    Outcome start_after(const Damage& damage) {
        std::string wal = wal_;
        damage(wal);
        fs::remove(directory() / "howl.db-shm");
        overwrite(directory() / "howl.db", database_);
        overwrite(wal_file(), wal);
        EXPECT_TRUE(HighWaterMark::create(directory(), mark_));
        auto log = try_open(directory());
        if (!log) {
            return Outcome::kRefused;
        }
        LogDriver driver{**log};
        const bool is_whole = driver.history("a").value().last_offset ==
                              Offset{20U + static_cast<unsigned>(GetParam())};
        const bool is_same = (*log)->epoch() == epoch_;
        EXPECT_TRUE(is_whole || !is_same) << "the newest events are missing in the same epoch";
        return is_same ? Outcome::kWhole : Outcome::kNewEpoch;
    }

    Epoch epoch_;
    std::string database_;
    std::string wal_;
    MarkedPosition mark_;
};

INSTANTIATE_TEST_SUITE_P(CommitsBefore, DamagedWal, testing::Values(0, 1),
                         testing::PrintToStringParamName());

TEST_P(DamagedWal, IsWholeWithoutDamage) {
    EXPECT_EQ(start_after([](std::string&) {}), Outcome::kWhole);
}

TEST_P(DamagedWal, CutAnywhereNeverLosesEventsSilently) {
    EXPECT_EQ(start_after([](std::string& wal) { wal.clear(); }), Outcome::kNewEpoch);
    for (int cut = 0; cut < 25; ++cut) {
        const auto size = random_.below(wal_.size());
        EXPECT_EQ(start_after([&](std::string& wal) { wal.resize(size); }), Outcome::kNewEpoch)
            << size;
    }
}

TEST_P(DamagedWal, FlippedAnywhereNeverLosesEventsSilently) {
    int noticed = 0;
    for (int flip = 0; flip < 40; ++flip) {
        const auto at = random_.below(wal_.size());
        const auto outcome = start_after([&](std::string& wal) { wal[at] ^= '\x10'; });
        noticed += outcome == Outcome::kWhole ? 0 : 1;
    }
    EXPECT_GT(noticed, 30);
}

TEST_P(DamagedWal, OverwrittenAnywhereNeverLosesEventsSilently) {
    for (const char byte : {'\x5a', '\0'}) {  // Much of a page is zero already.
        for (int round = 0; round < 20; ++round) {
            const auto at = random_.below(wal_.size() - 512);
            const auto outcome =
                start_after([&](std::string& wal) { wal.replace(at, 512, 512, byte); });
            EXPECT_TRUE(outcome != Outcome::kWhole || byte == '\0') << at;
        }
    }
}

}  // namespace
}  // namespace howl::storage::sqlite
