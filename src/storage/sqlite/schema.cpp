// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/schema.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <system_error>

namespace howl::storage::sqlite {
namespace {

// `kept_ms` is age time (hub::AgeClock), `time_ms` the time of day that users see.
//
// Events are stored in the order of the log; `events_by_topic` ends, like every SQLite index, with
// the row's own key, so it also gives the sequence of an offset without reading the row.
constexpr const char* kVersion1 = R"sql(
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
        oldest_kept_ms  INTEGER NOT NULL,  -- Of the oldest event kept, or earlier.
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

    -- In the order of the log, so that the oldest are at the front when they expire.
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

// No row key of ours: records are found by name or by owner, both in the rising order of ids.
constexpr const char* kVersion2 = R"sql(
    CREATE TABLE records (
        kind     TEXT NOT NULL,
        id       TEXT NOT NULL,
        owner    TEXT NOT NULL,
        version  INTEGER NOT NULL,
        data     BLOB NOT NULL,
        checksum INTEGER NOT NULL,
        UNIQUE (kind, id)
    );
    CREATE INDEX records_by_owner ON records (kind, owner, id);
)sql";

// See hub::ForgottenTopics and hub::KeyQuota.
constexpr const char* kVersion3 = R"sql(
    CREATE TABLE forgotten_topics (
        bucket        INTEGER PRIMARY KEY,
        last_offset   INTEGER NOT NULL,
        last_sequence INTEGER NOT NULL,
        checksum      INTEGER NOT NULL
    );
    ALTER TABLE idempotency_keys ADD COLUMN publisher TEXT NOT NULL DEFAULT '';
)sql";

// See hub::DataKind and hub::PlaceInGroup.
constexpr const char* kVersion4 = R"sql(
    ALTER TABLE events ADD COLUMN is_binary  INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE events ADD COLUMN copy_index INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE events ADD COLUMN copy_count INTEGER NOT NULL DEFAULT 1;
)sql";

/// Each step upgrades the version before it.
constexpr std::array kSteps{kVersion1, kVersion2, kVersion3, kVersion4};
static_assert(kSteps.size() == kSchemaVersion);

/// Settings of the connection, not of the file.
constexpr const char* kConnectionSettings = R"sql(
    PRAGMA synchronous = FULL;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -16384;
    PRAGMA secure_delete = FAST;
    PRAGMA journal_size_limit = 67108864;
)sql";

Result<void> enter_wal_mode(Connection& writer) {
    HOWL_TRY(mode, writer.query_text("PRAGMA journal_mode = WAL"));
    if (mode != "wal") {
        return fail(Errc::kStorageFailed, "open database", "the file system can't carry a WAL");
    }
    return {};
}

/// Initializes an empty file: our application id, and the epoch of the new history.
std::string initial_sql(Random& random) {
    return "PRAGMA application_id = " + std::to_string(kApplicationId) +
           "; INSERT INTO meta VALUES ('epoch', '" + random_epoch_text(random) +
           "'), ('commit', '0');";
}

Result<void> refuse_newer(std::int64_t version) {
    if (version > kSchemaVersion) {
        return fail(Errc::kStorageFailed, "open database",
                    "the file was made by a newer Howl: schema " + std::to_string(version) +
                        ", this one knows " + std::to_string(kSchemaVersion));
    }
    return {};
}

Result<void> refuse_foreign_database(std::int64_t application, std::int64_t version) {
    if (application != kApplicationId || version < 1) {
        return fail(Errc::kStorageFailed, "open database", "the file is not a Howl database");
    }
    return {};
}

/// Upgrades the file from `version`, 0 for an empty one, to the newest.
Result<void> upgrade(Connection& writer, std::int64_t version, Random& random) {
    if (version == kSchemaVersion) {
        return {};
    }
    std::string sql = "BEGIN IMMEDIATE;";
    for (auto step = static_cast<std::size_t>(version); step < kSteps.size(); ++step) {
        sql += kSteps[step];
        if (step == 0) {
            sql += initial_sql(random);
        }
    }
    sql += "PRAGMA user_version = " + std::to_string(kSchemaVersion) + "; COMMIT;";
    return writer.execute(sql.c_str());
}

}  // namespace

Result<void> prepare_database(Connection& writer, Random& random) {
    // Checked first, so that a file of another program is left unchanged.
    HOWL_TRY(application, writer.query_integer("PRAGMA application_id"));
    HOWL_TRY(version, writer.query_integer("PRAGMA user_version"));
    HOWL_TRY(things, writer.query_integer("SELECT count(*) FROM sqlite_schema"));
    const bool is_new = application == 0 && version == 0 && things == 0;
    if (!is_new) {
        HOWL_TRY_VOID(refuse_foreign_database(application, version));
    }
    HOWL_TRY_VOID(refuse_newer(version));
    HOWL_TRY_VOID(enter_wal_mode(writer));
    HOWL_TRY_VOID(writer.execute(kConnectionSettings));
    writer.checkpoint_by_hand();
    return upgrade(writer, version, random);
}

Result<void> check_is_ours(Connection& connection) {
    HOWL_TRY(application, connection.query_integer("PRAGMA application_id"));
    HOWL_TRY(version, connection.query_integer("PRAGMA user_version"));
    HOWL_TRY_VOID(refuse_foreign_database(application, version));
    return refuse_newer(version);
}

Result<void> check_is_whole(Connection& connection) {
    HOWL_TRY(verdict, connection.query_text("PRAGMA integrity_check(1)"));
    if (verdict != "ok") {
        return fail(Errc::kStorageFailed, "check database",
                    "the database is damaged, restore a backup of it: " + verdict);
    }
    return {};
}

Result<std::optional<std::uint64_t>> load_commit(Connection& connection) {
    HOWL_TRY(counted, connection.query_integer("SELECT count(*) FROM meta WHERE name = 'commit'"));
    if (counted == 0) {
        return std::nullopt;
    }
    HOWL_TRY(text, connection.query_text("SELECT value FROM meta WHERE name = 'commit'"));
    std::uint64_t commit = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, commit);
    if (read.ec != std::errc{} || read.ptr != end) {
        return fail(Errc::kDamaged, "load the number of commits",
                    "the number of commits is damaged");
    }
    return commit;
}

Result<void> begin_epoch(Connection& writer, const Epoch& epoch, std::uint64_t commit) {
    // An epoch is of [a-z0-9] only.
    const auto sql = "REPLACE INTO meta VALUES ('epoch', '" + epoch.value() + "'), ('commit', '" +
                     std::to_string(commit) + "')";
    return writer.execute(sql.c_str());
}

Result<Epoch> load_epoch(Connection& connection) {
    HOWL_TRY(text, connection.query_text("SELECT value FROM meta WHERE name = 'epoch'"));
    const bool well_formed =
        !text.empty() && text.size() <= 16 && std::ranges::all_of(text, [](char letter) {
            return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
        });
    if (!well_formed) {
        return fail(Errc::kDamaged, "load epoch", "the epoch is damaged");
    }
    return Epoch{std::move(text)};
}

}  // namespace howl::storage::sqlite
