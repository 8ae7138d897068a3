// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/sqlite_store.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "storage/log_driver_for_test.hpp"
#include "storage/sqlite/corrupt_page_for_test.hpp"
#include "storage/sqlite/record_inspection.hpp"
#include "storage/sqlite/schema.hpp"
#include "storage/store_driver_for_test.hpp"

namespace howl::storage::sqlite {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

static_assert(std::is_nothrow_move_constructible_v<RecordWriter>);
static_assert(std::is_nothrow_move_constructible_v<RecordReader>);

/// The tables of Howl before there were records.
constexpr const char* kVersion1Tables = R"sql(
    CREATE TABLE meta (
        name  TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE topics (
        topic_id        INTEGER PRIMARY KEY,
        name            TEXT NOT NULL UNIQUE,
        last_offset     INTEGER NOT NULL,
        last_sequence   INTEGER NOT NULL,
        evicted_offset  INTEGER NOT NULL,
        evicted_through INTEGER NOT NULL,
        last_time_ms    INTEGER NOT NULL,
        last_kept_ms    INTEGER NOT NULL,
        oldest_kept_ms  INTEGER NOT NULL,
        count_max       INTEGER NOT NULL,
        age_max_ms      INTEGER NOT NULL,
        checksum        INTEGER NOT NULL
    );
    CREATE TABLE events (
        sequence     INTEGER PRIMARY KEY,
        topic_id     INTEGER NOT NULL,
        topic_offset INTEGER NOT NULL,
        time_ms      INTEGER NOT NULL,
        kept_ms      INTEGER NOT NULL,
        type         TEXT NOT NULL,
        content_type TEXT NOT NULL,
        data         BLOB NOT NULL,
        checksum     INTEGER NOT NULL
    );
    CREATE UNIQUE INDEX events_by_topic ON events (topic_id, topic_offset);
    CREATE TABLE idempotency_keys (
        sequence     INTEGER PRIMARY KEY,
        topic_id     INTEGER NOT NULL,
        key          TEXT NOT NULL,
        topic_offset INTEGER NOT NULL,
        time_ms      INTEGER NOT NULL,
        kept_ms      INTEGER NOT NULL,
        fingerprint  BLOB NOT NULL,
        UNIQUE (topic_id, key)
    );
)sql";

class SqliteStoreTest : public testing::Test {
protected:
    ~SqliteStoreTest() override { close(); }

    Result<void> try_open(SqliteEventLogOptions options = {}) {
        HOWL_TRY(log, SqliteEventLog::open(directory_.path(), clock_, random_, std::move(options)));
        HOWL_TRY(store, SqliteStore::open(*log));
        sqlite_log_ = std::move(log);
        sqlite_store_ = std::move(store);
        log_.emplace(*sqlite_log_);
        store_.emplace(*sqlite_store_);
        return {};
    }
    void open() { ASSERT_TRUE(try_open()); }
    void close() {
        store_.reset();
        log_.reset();
        sqlite_store_.reset();
        sqlite_log_.reset();
    }
    LogDriver& log() { return *log_; }
    StoreDriver& store() { return *store_; }

    Connection connect() {
        return Connection::open(file(), Connection::Access::kReadWrite).value();
    }
    [[nodiscard]] std::filesystem::path file() const { return directory_.path() / "howl.db"; }
    /// Changes the file without the store.
    void tamper(const char* sql) { ASSERT_TRUE(connect().execute(sql)); }
    /// Puts the events of the file into one with the tables of version 1.
    void go_back_to_version_1() {
        const auto newer = directory_.path() / "newer.db";
        std::filesystem::rename(file(), newer);
        const std::string sql = std::string{kVersion1Tables} + "ATTACH '" + newer.string() +
                                "' AS newer;"
                                "INSERT INTO meta SELECT * FROM newer.meta;"
                                "INSERT INTO topics SELECT * FROM newer.topics;"
                                "INSERT INTO events SELECT sequence, topic_id, topic_offset,"
                                " time_ms, kept_ms, type, content_type, data, checksum"
                                " FROM newer.events;"
                                "INSERT INTO idempotency_keys SELECT sequence, topic_id, key,"
                                " topic_offset, time_ms, kept_ms, fingerprint"
                                " FROM newer.idempotency_keys;"
                                "PRAGMA user_version = 1; PRAGMA application_id = " +
                                std::to_string(kApplicationId);
        tamper(sql.c_str());
    }
    /// What an operator would find.
    [[nodiscard]] std::vector<std::string> unreadable(
        RecordInspection::Purpose purpose = RecordInspection::Purpose::kFind) const {
        auto inspection = RecordInspection::open(directory_.path(), purpose).value();
        const auto found =
            inspection->find([](const hub::Record&) { return Result<void>{}; }).value();
        std::vector<std::string> ids;
        for (const auto& record : found) {
            ids.push_back(record.id);
        }
        return ids;
    }
    /// Of bob's the ids 10, 11, ... 49; several pages of them.
    void store_forty_records() {
        open();
        for (int id = 10; id < 50; ++id) {
            const auto text = std::to_string(id);
            ASSERT_TRUE(store().commit(put(text, 0, text + std::string(1000, 'e'), "bob"), {}));
        }
        close();
    }
    std::int64_t schema_version() { return connect().query_integer("PRAGMA user_version").value(); }

    TempDirectory directory_;
    ManualClock clock_;
    SeededRandom random_{3};
    std::unique_ptr<SqliteEventLog> sqlite_log_;
    std::unique_ptr<SqliteStore> sqlite_store_;
    std::optional<LogDriver> log_;
    std::optional<StoreDriver> store_;
};

TEST_F(SqliteStoreTest, AFileFromBeforeTheRecordsKeepsItsEventsAndItsEpoch) {
    open();
    const Epoch epoch = sqlite_log_->epoch();
    ASSERT_TRUE(log().publish("a", "one"));
    ASSERT_TRUE(log().publish("a", "two", {}, "key"));
    close();
    go_back_to_version_1();
    ASSERT_EQ(schema_version(), 1);

    open();
    EXPECT_EQ(sqlite_log_->epoch(), epoch);
    EXPECT_THAT(data_of(log().history("a").value().events), ElementsAre("one", "two"));
    EXPECT_EQ(log().publish("a", "two", {}, "key").value().freshness, hub::Freshness::kRepeated);
    EXPECT_THAT(store().list().value(), IsEmpty());
    EXPECT_EQ(store().commit(put("r", 0, "x")).value().at(0).event->sequence, Sequence{3});
    close();
    EXPECT_EQ(schema_version(), kSchemaVersion);
}

TEST_F(SqliteStoreTest, AnUpgradeThatFailsLeavesTheOldFile) {
    open();
    ASSERT_TRUE(log().publish("a", "one"));
    close();
    go_back_to_version_1();
    tamper("CREATE TABLE records_by_owner (in_the_way)");
    EXPECT_FALSE(try_open());
    EXPECT_EQ(schema_version(), 1);
    EXPECT_EQ(connect().query_integer("SELECT count(*) FROM sqlite_schema WHERE name = 'records'"),
              0);
    tamper("DROP TABLE records_by_owner");
    open();
    EXPECT_THAT(data_of(log().history("a").value().events), ElementsAre("one"));
}

TEST_F(SqliteStoreTest, ADatabaseWithoutAVersionIsNotOurs) {
    open();
    close();
    tamper("PRAGMA user_version = 0");
    EXPECT_THAT(try_open().error().detail, HasSubstr("not a Howl database"));
    tamper("PRAGMA user_version = -1");
    EXPECT_THAT(try_open().error().detail, HasSubstr("not a Howl database"));
}

TEST_F(SqliteStoreTest, ADamagedRecordIsCountedAndHidesNoOther) {
    for (const auto* const damage :
         {"data = 'onE'", "owner = 'eve'", "version = 7", "checksum = checksum + 1"}) {
        SCOPED_TRACE(damage);
        open();
        ASSERT_TRUE(store().commit(put("a", 0, "one"), {}));
        ASSERT_TRUE(store().commit(put("b", 0, "two", "bob"), {}));
        close();
        tamper(("UPDATE records SET " + std::string{damage} + " WHERE id = 'a'").c_str());
        open();
        EXPECT_EQ(store().get("a").error().code, Errc::kDamaged);
        EXPECT_THAT(ids_of(store().list().value()), ElementsAre("b"));
        EXPECT_EQ(store().count().value(), 2U) << "a bound is about what is stored";
        EXPECT_EQ(store().count({"thing", "bob"}).value(), 1U);
        EXPECT_EQ(sqlite_log_->stats().corrupt_rows, 1U);
        EXPECT_THAT(unreadable(), ElementsAre("thing/a"));
        EXPECT_EQ(store().get("b").value().value().data, "two");
        EXPECT_THAT(ids_of(store().list({"thing", "bob"}).value()), ElementsAre("b"));
        EXPECT_FALSE(sqlite_log_->failed());
        close();
        tamper("DELETE FROM records");
    }
}

TEST_F(SqliteStoreTest, TheNameOfADamagedRecordIsNotFree) {
    for (const auto* const damage : {"data = 'onE'", "version = 0", "version = 'x'"}) {
        SCOPED_TRACE(damage);
        open();
        ASSERT_TRUE(store().commit(put("a", 0, "one"), {}));
        close();
        tamper(("UPDATE records SET " + std::string{damage}).c_str());
        open();
        EXPECT_EQ(store().commit(put("a", 0, "other"), {}).error().code, Errc::kVersionConflict);
        EXPECT_EQ(store().get("a").error().code, Errc::kDamaged);
        close();
        tamper("DELETE FROM records");
    }
}

TEST_F(SqliteStoreTest, AMalformedPageCostsTheRecordsOnItAndNoOthers) {
    store_forty_records();
    corrupt_page_of(file(), "20eee");
    open();
    const auto found = ids_of(store().list().value());
    EXPECT_GE(found.size(), 30U);
    EXPECT_TRUE(std::ranges::is_sorted(found));
    EXPECT_THAT(found, testing::Not(testing::Contains("20")));
    const auto lost = unreadable();
    EXPECT_EQ(found.size() + lost.size(), 40U);
    EXPECT_THAT(lost, testing::Contains("thing/20"));
    EXPECT_GE(sqlite_log_->stats().corrupt_rows, 1U);
    const auto of_bob = ids_of(store().list({"thing", "bob"}).value());
    EXPECT_THAT(of_bob, testing::IsSupersetOf({"10", "39"}));
    EXPECT_THAT(of_bob, testing::Not(testing::Contains("20")));
    close();
    EXPECT_EQ(unreadable(RecordInspection::Purpose::kRepair), lost);
}

TEST_F(SqliteStoreTest, AMalformedPageOfAnIndexCostsNoRecord) {
    store_forty_records();
    // An entry of the index on kind and id: those and the row's number.
    corrupt_page_of(file(), "thing11\x02");
    open();
    EXPECT_EQ(ids_of(store().list().value()).size(), 40U);
    EXPECT_THAT(unreadable(), IsEmpty());
    EXPECT_GE(sqlite_log_->stats().corrupt_rows, 1U);
}

TEST_F(SqliteStoreTest, AnInspectionDeletesUnreadableRecords) {
    open();
    for (const auto* const id : {"a", "b", "c"}) {
        ASSERT_TRUE(store().commit(put(id, 0, id), {}));
    }
    const auto while_it_runs =
        RecordInspection::open(directory_.path(), RecordInspection::Purpose::kRepair);
    EXPECT_EQ(while_it_runs.error().code, Errc::kInvalidConfig);
    close();
    tamper("UPDATE records SET data = x'FF' WHERE id = 'a'");
    const auto refuse_b = [](const hub::Record& record) -> Result<void> {
        return record.key.id == "b" ? fail(Errc::kInvalidJson, "test") : Result<void>{};
    };
    {
        auto inspection =
            RecordInspection::open(directory_.path(), RecordInspection::Purpose::kRepair).value();
        const auto found = inspection->find(refuse_b).value();
        ASSERT_EQ(found.size(), 2U);
        EXPECT_EQ(found[0].id, "thing/a");
        EXPECT_THAT(found[0].content, testing::HasSubstr(R"("data":{"hex":"ff"})"));
        EXPECT_EQ(found[1].id, "thing/b");
        EXPECT_THAT(found[1].content, testing::HasSubstr(R"("data":{"text":"b"})"));
        ASSERT_TRUE(inspection->remove(found[0]));
        ASSERT_TRUE(inspection->remove(found[1]));
    }
    open();
    EXPECT_THAT(ids_of(store().list().value()), ElementsAre("c"));
    EXPECT_EQ(store().get("a").value(), std::nullopt);
}

TEST_F(SqliteStoreTest, AnInspectionOfNothingFindsNothing) {
    const TempDirectory empty;
    EXPECT_FALSE(RecordInspection::open(empty.path(), RecordInspection::Purpose::kRepair).value());
    EXPECT_FALSE(std::filesystem::exists(empty.path() / "howl.lock"));
}

TEST_F(SqliteStoreTest, ARecordCopiedOverAnotherIsDetected) {
    open();
    ASSERT_TRUE(store().commit(put("a", 0, "one"), {}));
    close();
    tamper("UPDATE records SET id = 'b'");
    open();
    EXPECT_EQ(store().get("a").value(), std::nullopt);
    EXPECT_EQ(store().get("b").error().code, Errc::kDamaged);
}

TEST_F(SqliteStoreTest, ADamagedRecordCanBeOverwrittenOrRemoved) {
    open();
    ASSERT_TRUE(store().commit(put("a", 0, "one"), {}));
    ASSERT_TRUE(store().commit(put("b", 0, "two"), {}));
    close();
    tamper("UPDATE records SET data = 'x'");
    open();
    ASSERT_TRUE(store().commit(put("a", 1, "mended"), {}));
    ASSERT_TRUE(store().commit(removal("b", 1), {}));
    EXPECT_EQ(store().get("a").value().value().data, "mended");
    EXPECT_THAT(ids_of(store().list().value()), ElementsAre("a"));
}

TEST_F(SqliteStoreTest, AConflictInAGroupFailsNothingElse) {
    // At most one commit begins before the others wait behind it as one group.
    open();
    std::vector<std::future<Result<hub::Receipts>>> outcomes;
    for (const std::uint64_t expected : {0U, 1U, 1U, 2U}) {
        const auto change = put("a", expected, "x" + std::to_string(expected));
        outcomes.push_back(store().commit_later(change, {announcement(change)}));
    }
    EXPECT_TRUE(outcomes[0].get());
    EXPECT_TRUE(outcomes[1].get());
    EXPECT_EQ(outcomes[2].get().error().code, Errc::kVersionConflict);
    EXPECT_EQ(outcomes[3].get().value().at(0).event->sequence, Sequence{3});
    EXPECT_EQ(store().get("a").value().value().version, Version{3});
}

}  // namespace
}  // namespace howl::storage::sqlite
