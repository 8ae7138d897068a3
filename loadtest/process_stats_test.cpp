// SPDX-License-Identifier: Apache-2.0
#include "loadtest/process_stats.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

namespace howl::loadtest {
namespace {

TEST(ProcessStats, ReadsTicksBehindAnAwkwardName) {
    const auto clock = parse_stat(
        "42 (a) b (c) S 1 42 42 0 -1 4194560 1 2 3 4 1234 567 0 0 20 0 5 0 99 100 200\n");
    ASSERT_TRUE(clock);
    EXPECT_EQ(clock->user_ticks, 1234U);
    EXPECT_EQ(clock->system_ticks, 567U);
    EXPECT_FALSE(parse_stat("42 (howl) S 1 42"));
    EXPECT_FALSE(parse_stat(""));
}

TEST(ProcessStats, ReadsRunTime) {
    EXPECT_EQ(parse_schedstat("149505 7 2\n"), 149505U);
    EXPECT_FALSE(parse_schedstat(""));
}

TEST(ProcessStats, ReadsMemory) {
    const auto memory = parse_smaps_rollup(
        "56003acff000-7ffec0c15000 ---p 00000000 00:00 0    [rollup]\n"
        "Rss:                1748 kB\nPss_Anon: 9 kB\nPrivate_Dirty:       116 kB\n"
        "Anonymous:           112 kB\n");
    ASSERT_TRUE(memory);
    EXPECT_EQ(memory->resident_bytes, 1748U * 1024U);
    EXPECT_EQ(memory->private_dirty_bytes, 116U * 1024U);
    EXPECT_EQ(memory->anonymous_bytes, 112U * 1024U);
    EXPECT_FALSE(parse_smaps_rollup("Rss: 1 kB"));
}

TEST(ProcessStats, DividesTheExactTimeAsTheTicksAre) {
    const CpuUse use = cpu_between({1'000, 10, 20}, {1'000 + 95'000'000, 12, 28}, 10'000'000);
    EXPECT_DOUBLE_EQ(use.user_nanos, 19'000'000);
    EXPECT_DOUBLE_EQ(use.system_nanos, 76'000'000);
    EXPECT_DOUBLE_EQ(use.total_nanos(), 95'000'000);
}

TEST(ProcessStats, FallsBackToTicksWhenAThreadEnded) {
    const CpuUse use = cpu_between({900'000'000, 10, 20}, {5'000'000, 12, 28}, 10'000'000);
    EXPECT_DOUBLE_EQ(use.user_nanos, 20'000'000);
    EXPECT_DOUBLE_EQ(use.system_nanos, 80'000'000);
}

TEST(ProcessStats, SeesThisProcess) {
    const ProcessProbe self{::getpid()};
    const auto cpu = self.cpu();
    ASSERT_TRUE(cpu);
    EXPECT_GT(cpu->run_nanos, 0U);
    const auto memory = self.memory();
    ASSERT_TRUE(memory);
    EXPECT_GE(memory->resident_bytes, memory->anonymous_bytes);
    EXPECT_GT(memory->anonymous_bytes, 0U);
}

TEST(ProcessStats, CountsDescriptors) {
    const ProcessProbe self{::getpid()};
    const auto before = self.descriptors();
    const int opened = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const auto after = self.descriptors();
    ::close(opened);
    ASSERT_TRUE(before && after);
    EXPECT_EQ(*after, *before + 1);
}

TEST(ProcessStats, RefusesAProcessThatIsNotThere) {
    const ProcessProbe nobody{0x3FFFFFFF};
    EXPECT_FALSE(nobody.cpu());
    EXPECT_FALSE(nobody.memory());
    EXPECT_FALSE(nobody.descriptors());
}

}  // namespace
}  // namespace howl::loadtest
