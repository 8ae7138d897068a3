// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/write_health.hpp"

#include <future>
#include <memory>

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

using Fault = FaultVfs::Fault;
using Persistence = FaultVfs::Persistence;
using telemetry::Counter;
using telemetry::Gauge;
using testing::HasSubstr;

class StoreTrouble : public testing::Test {
protected:
    Result<void> sweep() {
        std::promise<Result<void>> swept;
        log_->sweep_for_test([&](Result<void> done) { swept.set_value(std::move(done)); });
        return swept.get_future().get();
    }

    TempDirectory directory_;
    FaultVfs vfs_;
    ManualClock clock_;
    SeededRandom random_{3};
    std::unique_ptr<SqliteEventLog> log_ =
        SqliteEventLog::open(directory_.path(), clock_, random_, {.vfs = vfs_.name()}).value();
    LogDriver driver_{*log_};
};

TEST_F(StoreTrouble, AFullDiskIsNamedAndOverWhenThereIsRoom) {
    ASSERT_TRUE(driver_.publish("a", "x"));
    EXPECT_FALSE(log_->trouble());
    const auto failures = telemetry::value(Counter::kStoreFailures);
    vfs_.fail_nth(1, Fault::kDiskFull, Persistence::kFromThenOn);
    EXPECT_EQ(driver_.publish("a", "x").error().code, Errc::kStorageFull);
    ASSERT_TRUE(log_->trouble());
    EXPECT_EQ(log_->trouble()->code, Errc::kStorageFull);
    EXPECT_THAT(log_->trouble()->detail, HasSubstr("howl.db"));
    EXPECT_THAT(log_->trouble()->detail, HasSubstr("SQLite code 13"));
    EXPECT_EQ(telemetry::value(Gauge::kStoreRefusing), 1);
    EXPECT_GT(telemetry::value(Counter::kStoreFailures), failures);
    EXPECT_FALSE(sweep());
    vfs_.repair();
    // No publisher is needed to notice that there is space.
    EXPECT_TRUE(sweep());
    EXPECT_FALSE(log_->trouble());
    EXPECT_EQ(telemetry::value(Gauge::kStoreRefusing), 0);
}

TEST_F(StoreTrouble, ACheckpointWithoutRoomIsCountedAndRefusesNothing) {
    const TempDirectory directory;
    const auto log = SqliteEventLog::open(directory.path(), clock_, random_,
                                          {.checkpoint_pages = 1, .vfs = vfs_.name()})
                         .value();
    LogDriver driver{*log};
    const auto sweep = [&log] {
        std::promise<Result<void>> swept;
        log->sweep_for_test([&](Result<void> done) { swept.set_value(std::move(done)); });
        return swept.get_future().get();
    };
    // The first writes are the commit's, later ones the checkpoint's.
    for (std::uint64_t nth = 1;; ++nth) {
        const auto failures = telemetry::value(Counter::kStoreFailures);
        vfs_.fail_nth(nth, Fault::kDiskFull, Persistence::kOnce);
        const bool is_committed = driver.publish("a", "x").has_value();
        ASSERT_TRUE(sweep());  // After the checkpoint.
        ASSERT_TRUE(vfs_.has_failed());
        vfs_.repair();
        if (is_committed) {
            EXPECT_EQ(telemetry::value(Counter::kStoreFailures), failures + 1);
            EXPECT_FALSE(log->trouble());
            break;
        }
    }
}

TEST_F(StoreTrouble, AFailedSyncIsNamedForGood) {
    vfs_.fail_nth(1, Fault::kSync, Persistence::kOnce);
    EXPECT_EQ(driver_.publish("a", "x").error().code, Errc::kStorageFailed);
    ASSERT_TRUE(log_->trouble());
    EXPECT_THAT(log_->trouble()->detail, HasSubstr("SQLite code 1034"));
    EXPECT_FALSE(driver_.publish("a", "x"));
    EXPECT_TRUE(log_->trouble());
}

}  // namespace
}  // namespace howl::storage::sqlite
