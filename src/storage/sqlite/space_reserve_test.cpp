// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/space_reserve.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "storage/log_driver_for_test.hpp"
#include "storage/sqlite/sqlite_event_log.hpp"

namespace howl::storage::sqlite {
namespace {

namespace fs = std::filesystem;

/// A file system of 8 MiB, where the test may mount one.
class SmallDisk : public testing::Test {
protected:
    void SetUp() override {
        const auto mount =
            "mount -t tmpfs -o size=8m none " + parent_.path().string() + " 2>/dev/null";
        is_mounted_ = std::system(mount.c_str()) == 0;
        if (!is_mounted_) {
            GTEST_SKIP() << "a tmpfs can't be mounted here";
        }
    }
    void TearDown() override {
        if (is_mounted_) {
            EXPECT_EQ(std::system(("umount " + parent_.path().string()).c_str()), 0);
        }
    }
    [[nodiscard]] fs::path directory() const { return parent_.path() / "data"; }
    void fill_disk_but_for(std::size_t bytes) {
        const auto free = fs::space(parent_.path()).available;
        std::ofstream{parent_.path() / "ballast"} << std::string(free - bytes, 'b');
    }

    TempDirectory parent_;
    bool is_mounted_ = false;
    ManualClock clock_;
    SeededRandom random_{1};
};

TEST_F(SmallDisk, APurgeWorksWhenItIsFullAndMakesRoomForPublishers) {
    auto log = SqliteEventLog::open(directory(), clock_, random_).value();
    LogDriver driver{*log};
    const std::string data(10'000, 'x');
    for (int i = 0; i < 100; ++i) {
        ASSERT_TRUE(driver.publish("old", data));
    }
    EXPECT_TRUE(fs::exists(directory() / "howl.reserve"));
    fill_disk_but_for(200'000);
    for (int again = 0; again < 2; ++again) {
        auto published = driver.publish("new", data);
        while (published) {
            published = driver.publish("new", data);
        }
        EXPECT_EQ(published.error().code, Errc::kStorageFull);
        EXPECT_TRUE(log->trouble());
        const auto* const topic = again == 0 ? "old" : "new";
        EXPECT_TRUE(driver.purge(topic));
        EXPECT_TRUE(driver.history(topic).value().events.empty());
        EXPECT_FALSE(log->trouble());
        EXPECT_TRUE(driver.publish("new", data));
    }
}

}  // namespace
}  // namespace howl::storage::sqlite
