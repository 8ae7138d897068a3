// SPDX-License-Identifier: Apache-2.0
// A damaged row of the topics' tables prevents no start, and no position ever names two events.
#include <cstdint>
#include <filesystem>
#include <fstream>
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
#include "storage/sqlite/record_inspection.hpp"
#include "storage/sqlite/sqlite_event_log.hpp"
#include "telemetry/metrics.hpp"

namespace howl::storage::sqlite {
namespace {

using telemetry::Counter;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kName = "needle-topic";

class DamagedTopics : public testing::Test {
protected:
    ~DamagedTopics() override { close(); }

    Result<void> try_open() {
        HOWL_TRY(log,
                 SqliteEventLog::open(directory_.path(), clock_, random_, {.vfs = vfs_.name()}));
        log_ = std::move(log);
        driver_.emplace(*log_);
        return {};
    }
    void open() { ASSERT_TRUE(try_open()); }
    void close() {
        driver_.reset();
        log_.reset();
    }
    LogDriver& log() { return *driver_; }
    /// Three events in the topic under test, and one in another.
    void open_and_publish() {
        open();
        for (const auto* const data : {"one", "two", "three"}) {
            ASSERT_TRUE(log().publish(kName, data));
        }
        ASSERT_TRUE(log().publish("other", "x"));
        before_ = log_->epoch();
    }
    [[nodiscard]] bool is_new_epoch() const { return log_->epoch() != before_; }

    /// Changes the file without the log.
    void tamper(const std::string& sql) {
        ASSERT_TRUE(
            Connection::open(file(), Connection::Access::kReadWrite).value().execute(sql.c_str()));
    }
    [[nodiscard]] std::filesystem::path file() const { return directory_.path() / "howl.db"; }
    [[nodiscard]] std::vector<std::string> listed() const {
        auto inspection =
            RecordInspection::open(directory_.path(), RecordInspection::Purpose::kFind).value();
        const auto found =
            inspection->find([](const hub::Record&) { return Result<void>{}; }).value();
        std::vector<std::string> rows;
        for (const auto& row : found) {
            rows.push_back(row.table + " " + row.id);
        }
        return rows;
    }

    TempDirectory directory_;
    FaultVfs vfs_;
    ManualClock clock_;
    SeededRandom random_{5};
    std::unique_ptr<SqliteEventLog> log_;
    std::optional<LogDriver> driver_;
    Epoch before_;
};

TEST_F(DamagedTopics, ARowIsRecoveredFromTheEventsThatAreKept) {
    for (const auto* const damage :
         {"last_offset = 1", "last_offset = 'x'", "last_sequence = 0", "evicted_offset = 3",
          "evicted_through = 9", "last_time_ms = 7", "count_max = 0", "age_max_ms = 0",
          "checksum = x'00'"}) {
        SCOPED_TRACE(damage);
        open_and_publish();
        close();
        tamper("UPDATE topics SET " + std::string{damage} + " WHERE topic_id = 1");
        EXPECT_THAT(listed(), ElementsAre("topics topic/1"));
        const auto counted = telemetry::value(Counter::kDamagedRows);
        open();
        EXPECT_EQ(telemetry::value(Counter::kDamagedRows), counted + 1);
        EXPECT_FALSE(is_new_epoch());
        EXPECT_THAT(data_of(log().history(kName).value().events),
                    ElementsAre("one", "two", "three"));
        EXPECT_EQ(log().publish(kName, "four").value().event->offset, Offset{4});
        close();
        EXPECT_THAT(listed(), IsEmpty());
        std::filesystem::remove_all(file());
        std::filesystem::remove(directory_.path() / "howl.mark");
    }
}

TEST_F(DamagedTopics, ANameThatIsDamagedOnDiskIsFoundInItsIndex) {
    open_and_publish();
    close();
    std::ostringstream content;
    content << std::ifstream{file(), std::ios::binary}.rdbuf();
    const auto bytes = content.str();
    std::size_t damaged = 0;
    for (auto at = bytes.find(kName); at != std::string::npos; at = bytes.find(kName, at + 1)) {
        auto changed = bytes;
        changed[at] = '\x01';
        std::ofstream{file(), std::ios::binary | std::ios::trunc} << changed;
        if (listed().empty()) {
            continue;  // The copy in the index.
        }
        ++damaged;
        open();
        EXPECT_FALSE(is_new_epoch());
        EXPECT_THAT(data_of(log().history(kName).value().events),
                    ElementsAre("one", "two", "three"));
        EXPECT_EQ(log().publish(kName, "four").value().event->offset, Offset{4});
        ASSERT_TRUE(log().purge(kName, hub::PurgeScope::kTopic));
        EXPECT_FALSE(log_->failed());
        close();
    }
    EXPECT_EQ(damaged, 1U);
}

TEST_F(DamagedTopics, WhatIsDroppedStaysDroppedWhenARowIsRecovered) {
    open_and_publish();
    const hub::Retention two{.count_max = 2};
    for (int i = 4; i <= 60; ++i) {
        ASSERT_TRUE(log().publish(kName, std::to_string(i), two));
    }
    const auto first = log().history(kName).value().first_retained;
    close();
    tamper("UPDATE topics SET last_offset = 3, evicted_offset = 0 WHERE topic_id = 1");
    open();
    EXPECT_FALSE(is_new_epoch());
    const auto page = log().history(kName).value();
    EXPECT_GT(page.first_retained, Offset{1});
    EXPECT_LE(page.first_retained, first);
    EXPECT_THAT(page.missing, IsEmpty());
    EXPECT_THAT(names_of(log().read({kName}, 1).value().gaps), ElementsAre(kName));
    EXPECT_EQ(log().publish(kName, "61", two).value().event->offset, Offset{61});
}

TEST_F(DamagedTopics, ARowThatNamesNewerEventsIsANewEpoch) {
    for (const auto* const damage : {"last_offset = 9", "last_sequence = 9"}) {
        open_and_publish();
        close();
        tamper("UPDATE topics SET " + std::string{damage} + " WHERE topic_id = 1");
        open();
        EXPECT_TRUE(is_new_epoch());
        EXPECT_EQ(log().history(kName).value().events.size(), 3U);
        EXPECT_EQ(log().publish(kName, "four").value().event->offset, Offset{4});
        close();
        std::filesystem::remove(file());
        std::filesystem::remove(directory_.path() / "howl.mark");
    }
}

TEST_F(DamagedTopics, AKeyThatNamesNewerEventsIsANewEpochAndIsDeleted) {
    open_and_publish();
    ASSERT_TRUE(log().publish(kName, "four", {}, "key"));
    close();
    tamper(
        "DELETE FROM events WHERE sequence = 5;"
        "UPDATE topics SET last_offset = 0, last_sequence = 0 WHERE topic_id = 1");
    open();
    EXPECT_TRUE(is_new_epoch());
    const auto again = log().publish(kName, "four", {}, "key").value();
    EXPECT_EQ(again.freshness, hub::Freshness::kNew);
    EXPECT_EQ(again.event->offset, Offset{4});
}

TEST_F(DamagedTopics, ATopicWithoutKeptEventsBeginsAgainInANewEpoch) {
    open_and_publish();
    ASSERT_TRUE(log().publish(kName, "four", {}, "key"));
    ASSERT_TRUE(log().purge(kName));
    close();
    tamper("UPDATE topics SET last_offset = 2 WHERE topic_id = 1");
    open();
    EXPECT_TRUE(is_new_epoch());
    EXPECT_THAT(log().history(kName).value().events, IsEmpty());
    EXPECT_EQ(log().publish(kName, "again").value().event->offset, Offset{1});
    EXPECT_THAT(data_of(log().history("other").value().events), ElementsAre("x"));
}

TEST_F(DamagedTopics, ATopicWhoseNameIsGoneIsGivenUpInANewEpoch) {
    for (const auto* const name : {"'no name'", "''", "x'ff00'", "'other-topic'"}) {
        SCOPED_TRACE(name);
        open_and_publish();
        close();
        tamper("UPDATE topics SET name = " + std::string{name} + " WHERE topic_id = 1");
        open();
        EXPECT_TRUE(is_new_epoch());
        const Epoch second = log_->epoch();
        EXPECT_THAT(log().history(kName).value().events, IsEmpty());
        EXPECT_EQ(log().publish(kName, "again").value().event->offset, Offset{1});
        EXPECT_EQ(log().publish("other-topic", "new").value().event->offset, Offset{1});
        EXPECT_THAT(data_of(log().history("other").value().events), ElementsAre("x"));
        close();
        EXPECT_THAT(listed(), IsEmpty());
        open();
        EXPECT_EQ(log_->epoch(), second);
        EXPECT_THAT(data_of(log_->newest(1000).value()), ElementsAre("x", "again", "new"));
        close();
        std::filesystem::remove(file());
        std::filesystem::remove(directory_.path() / "howl.mark");
    }
}

TEST_F(DamagedTopics, ADamagedMarkOfForgottenTopicsIsANewEpoch) {
    for (const auto* const damage : {"last_offset = 1", "last_sequence = 'x'", "bucket = 70000"}) {
        SCOPED_TRACE(damage);
        open_and_publish();
        ASSERT_TRUE(log().purge(kName, hub::PurgeScope::kTopic));
        close();
        tamper("UPDATE forgotten_topics SET " + std::string{damage});
        ASSERT_EQ(listed().size(), 1U);
        open();
        EXPECT_TRUE(is_new_epoch());
        EXPECT_EQ(log().publish(kName, "again").value().event->offset, Offset{1});
        EXPECT_THAT(data_of(log().history("other").value().events), ElementsAre("x"));
        close();
        EXPECT_THAT(listed(), IsEmpty());
        std::filesystem::remove(file());
        std::filesystem::remove(directory_.path() / "howl.mark");
    }
}

TEST_F(DamagedTopics, AStartThatEndsInBetweenGivesNoPositionOutAgain) {
    open_and_publish();
    ASSERT_TRUE(log().publish(kName, "four", {}, "key"));  // Keeps the topic.
    ASSERT_TRUE(log().purge(kName));
    close();
    tamper("UPDATE topics SET last_offset = 0 WHERE topic_id = 1");
    for (std::uint64_t operation = 1;; ++operation) {
        vfs_.fail_nth(operation, FaultVfs::Fault::kInputOutput, FaultVfs::Persistence::kFromThenOn);
        const bool started = try_open().has_value();
        close();
        vfs_.repair();
        if (started) {
            EXPECT_GT(operation, 1U);
            break;
        }
    }
    open();
    EXPECT_TRUE(is_new_epoch());
    EXPECT_EQ(log().publish(kName, "again").value().event->offset, Offset{1});
}

TEST_F(DamagedTopics, ADamagedEpochOrNumberOfCommitsIsANewEpoch) {
    for (const auto* const damage :
         {"value = 'NO EPOCH' WHERE name = 'epoch'", "value = 'x' WHERE name = 'commit'",
          "value = '0' WHERE name = 'commit'"}) {
        SCOPED_TRACE(damage);
        open_and_publish();
        close();
        tamper("UPDATE meta SET " + std::string{damage});
        open();
        EXPECT_TRUE(is_new_epoch());
        EXPECT_EQ(log().history(kName).value().events.size(), 3U);
        const Epoch second = log_->epoch();
        close();
        open();
        EXPECT_EQ(log_->epoch(), second);
        close();
        std::filesystem::remove(file());
        std::filesystem::remove(directory_.path() / "howl.mark");
    }
}

}  // namespace
}  // namespace howl::storage::sqlite
