// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/connection.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/assert.hpp"

namespace howl::storage::sqlite {
namespace {

/// How long we wait for another process (a backup, an operator's shell) to release the file.
constexpr std::chrono::milliseconds kBusyTime{2000};

/// For a connection that only reads: its errors don't concern later writes.
Errc code_of_read(int sqlite_code) {
    switch (sqlite_code & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return Errc::kOverloaded;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Errc::kDamaged;
        default:
            return Errc::kReadFailed;
    }
}

Errc code_of(int sqlite_code, int system_errno) {
    const bool no_space = system_errno == ENOSPC || system_errno == EDQUOT;
    switch (sqlite_code & 0xFF) {
        case SQLITE_FULL:
            return Errc::kStorageFull;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return Errc::kOverloaded;
        case SQLITE_IOERR:
            // After a failed sync the kernel may have dropped the pages, so nothing that was
            // written since the last successful sync can be relied on.
            return no_space && sqlite_code != SQLITE_IOERR_FSYNC &&
                           sqlite_code != SQLITE_IOERR_DIR_FSYNC
                       ? Errc::kStorageFull
                       : Errc::kStorageFailed;
        default:
            return Errc::kStorageFailed;
    }
}

/// Which of the database's files an error is about, as far as its code tells.
std::string file_of(sqlite3* handle, int sqlite_code) {
    const char* const path = sqlite3_db_filename(handle, "main");
    auto name = std::filesystem::path{path == nullptr ? "" : path}.filename().string();
    switch (sqlite_code) {
        case SQLITE_FULL:
        case SQLITE_IOERR_WRITE:
        case SQLITE_IOERR_FSYNC:
        case SQLITE_IOERR_TRUNCATE:
            // Commits write the WAL; a checkpoint both.
            return name + " or " + name + "-wal";
        case SQLITE_IOERR_SHMOPEN:
        case SQLITE_IOERR_SHMSIZE:
        case SQLITE_IOERR_SHMLOCK:
        case SQLITE_IOERR_SHMMAP:
            return name + "-shm";
        default:
            return name;
    }
}

std::unexpected<Error> failure(sqlite3* handle, std::string_view context) {
    const int code = sqlite3_extended_errcode(handle);
    const bool is_file_error = (code & 0xFF) == SQLITE_IOERR || (code & 0xFF) == SQLITE_CANTOPEN;
    const int system_errno = is_file_error ? sqlite3_system_errno(handle) : 0;
    auto detail =
        fmt::format("{}: {}, SQLite code {}", file_of(handle, code), sqlite3_errmsg(handle), code);
    if (system_errno != 0) {
        detail += fmt::format(", errno {} ({})", system_errno, std::strerror(system_errno));
    }
    const bool only_reads = sqlite3_db_readonly(handle, "main") == 1;
    return fail(only_reads ? code_of_read(code) : code_of(code, system_errno), context,
                std::move(detail));
}

int count_wal_pages(void* counter, sqlite3* /*handle*/, const char* /*schema*/, int pages) {
    *static_cast<int*>(counter) = pages;
    return SQLITE_OK;
}

}  // namespace

bool is_storage_error(Errc code) noexcept {
    return code == Errc::kStorageFull || code == Errc::kStorageFailed || code == Errc::kOverloaded;
}

void Statement::Finalize::operator()(sqlite3_stmt* handle) const noexcept {
    sqlite3_finalize(handle);
}

Query::~Query() {
    // Repeats the error of the last step, which its caller has seen.
    static_cast<void>(sqlite3_reset(handle_));
}

Query& Query::integer(int parameter, std::int64_t value) {
    HOWL_ASSERT(sqlite3_bind_int64(handle_, parameter, value) == SQLITE_OK);
    return *this;
}

Query& Query::integer(int parameter, std::uint64_t value) {
    return integer(parameter, static_cast<std::int64_t>(value));
}

Query& Query::text(int parameter, std::string_view value) {
    // A null pointer would bind NULL.
    const char* const bytes = value.empty() ? "" : value.data();
    HOWL_ASSERT(sqlite3_bind_text64(handle_, parameter, bytes, value.size(), nullptr,
                                    SQLITE_UTF8) == SQLITE_OK);
    return *this;
}

Query& Query::blob(int parameter, std::span<const std::uint8_t> value) {
    const void* const bytes = value.empty() ? static_cast<const void*>("") : value.data();
    HOWL_ASSERT(sqlite3_bind_blob64(handle_, parameter, bytes, value.size(), nullptr) == SQLITE_OK);
    return *this;
}

Query& Query::blob(int parameter, std::string_view value) {
    const void* const bytes = value.empty() ? "" : value.data();
    HOWL_ASSERT(sqlite3_bind_blob64(handle_, parameter, bytes, value.size(), nullptr) == SQLITE_OK);
    return *this;
}

Result<Query::Step> Query::step() {
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) {
        return Step::kRow;
    }
    if (code == SQLITE_DONE) {
        return Step::kDone;
    }
    return failure(sqlite3_db_handle(handle_), "run statement");
}

Result<void> Query::run() {
    HOWL_TRY_VOID(step());
    return {};
}

std::int64_t Query::integer(int column) const {
    return sqlite3_column_int64(handle_, column);
}

std::uint64_t Query::number(int column) const {
    return static_cast<std::uint64_t>(integer(column));
}

std::string_view Query::bytes(int column) const {
    const auto* const first = static_cast<const char*>(sqlite3_column_blob(handle_, column));
    return {first, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

void Connection::Close::operator()(sqlite3* handle) const noexcept {
    // The statements may be finalized later than this; "v2" waits for them.
    sqlite3_close_v2(handle);
}

Result<Connection> Connection::open(const std::filesystem::path& file, Access access,
                                    const char* vfs) {
    const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (access == Access::kReadOnly ? SQLITE_OPEN_READONLY
                                                   : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    sqlite3* handle = nullptr;
    // SQLite would take a name that begins with "file:" for a URI.
    const auto path = std::filesystem::absolute(file);
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, vfs);
    Connection connection{handle};  // The handle must be closed also after a failure.
    if (code != SQLITE_OK) {
        return failure(handle, "open database");
    }
    sqlite3_busy_timeout(handle, static_cast<int>(kBusyTime.count()));
    if (access == Access::kReadOnly) {
        // Only the writer checkpoints: 3.40 can lose a WAL when two do.
        connection.leave_wal_on_close();
    }
    return connection;
}

Result<Statement> Connection::prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) {
        return failure(handle_.get(), "prepare statement");
    }
    return Statement{statement};
}

Result<void> Connection::execute(const char* sql) {
    if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
        return failure(handle_.get(), "execute statement");
    }
    return {};
}

Result<std::int64_t> Connection::query_integer(std::string_view sql) {
    std::int64_t value = 0;
    HOWL_TRY_VOID(for_first_row(sql, [&](const Query& query) { value = query.integer(0); }));
    return value;
}

Result<std::string> Connection::query_text(std::string_view sql) {
    std::string value;
    HOWL_TRY_VOID(for_first_row(sql, [&](const Query& query) { value = query.bytes(0); }));
    return value;
}

template <class Use>
Result<void> Connection::for_first_row(std::string_view sql, Use use) {
    HOWL_TRY(statement, prepare(sql));
    Query query{statement};
    HOWL_TRY(step, query.step());
    if (step == Query::Step::kRow) {
        use(query);
    }
    // A pragma that writes shows its row first and commits in the last step, which may fail.
    while (step == Query::Step::kRow) {
        HOWL_TRY(next, query.step());
        step = next;
    }
    return {};
}

bool Connection::in_transaction() const noexcept {
    return sqlite3_get_autocommit(handle_.get()) == 0;
}

std::int64_t Connection::changes() const noexcept {
    return sqlite3_changes64(handle_.get());
}

Result<void> Connection::copy_from(Connection& source) {
    sqlite3_backup* const backup =
        sqlite3_backup_init(handle_.get(), "main", source.handle_.get(), "main");
    if (backup == nullptr) {
        return failure(handle_.get(), "copy database");
    }
    // All pages in one step: one snapshot, which writes of others can't restart.
    constexpr int kAllPages = -1;
    const int step = sqlite3_backup_step(backup, kAllPages);
    sqlite3_backup_finish(backup);
    if (step != SQLITE_DONE) {
        return failure(handle_.get(), "copy database");
    }
    return {};
}

std::int64_t Connection::total_changes() const noexcept {
    return sqlite3_total_changes64(handle_.get());
}

Result<void> Connection::checkpoint(Checkpoint kind) {
    const int mode =
        kind == Checkpoint::kPassive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE;
    const int code = sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, mode, nullptr, nullptr);
    if (code != SQLITE_OK && (code & 0xFF) != SQLITE_BUSY) {
        return failure(handle_.get(), "checkpoint");
    }
    return {};
}

void Connection::checkpoint_by_hand() {
    sqlite3_wal_hook(handle_.get(), count_wal_pages, wal_pages_.get());
}

void Connection::leave_wal_on_close() {
    sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

}  // namespace howl::storage::sqlite
