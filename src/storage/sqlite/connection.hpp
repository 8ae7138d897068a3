// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace howl::storage::sqlite {

/// True for errors of SQLite and of the disk, which concern every writer; false for those that
/// refuse one request.
[[nodiscard]] bool is_storage_error(Errc code) noexcept;

/// A prepared statement, kept to be run again and again; a `Query` is one run.
class Statement {
public:
    Statement() = default;
    explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}

private:
    friend class Query;
    struct Finalize {
        void operator()(sqlite3_stmt* handle) const noexcept;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

/// One run of a statement; its end makes the statement ready for the next.
///
/// ```
///   Query find{find_topic_};
///   find.text(1, name);
///   HOWL_TRY(step, find.step());
///   if (step == Query::Step::kRow) { use(find.integer(0)); }
/// ```
///
/// Lifetime: bound bytes must outlive the run; a column's bytes live until the next step.
class Query {
public:
    enum class Step : std::uint8_t { kRow, kDone };

    explicit Query(const Statement& statement) : handle_(statement.handle_.get()) {}
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    /// Parameters count from 1.
    Query& integer(int parameter, std::int64_t value);
    Query& integer(int parameter, std::uint64_t value);
    Query& text(int parameter, std::string_view value);
    Query& blob(int parameter, std::span<const std::uint8_t> value);
    Query& blob(int parameter, std::string_view value);

    /// Errors: those of the table at `Connection`.
    [[nodiscard]] Result<Step> step();
    /// For a statement that yields no rows. Errors: as `step`.
    [[nodiscard]] Result<void> run();

    /// Columns count from 0.
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::uint64_t number(int column) const;
    [[nodiscard]] std::string_view bytes(int column) const;

private:
    sqlite3_stmt* handle_;
};

/// One connection to the database file. Extended error codes become rows of `errors.def`:
///
/// | SQLite says                                     | we say           | then                   |
/// |-------------------------------------------------|------------------|------------------------|
/// | FULL, or an I/O error that means "no space"     | `kStorageFull`   | may work later         |
/// | BUSY, LOCKED                                    | `kOverloaded`    | may work later         |
/// | anything else; a failed sync whatever its cause | `kStorageFailed` | don't use the file     |
/// | of a connection that only reads: CORRUPT        | `kDamaged`       | other rows may be whole|
/// | of such a connection: anything else             | `kReadFailed`    | may work later         |
///
/// The detail names the file, SQLite's code and the system's errno.
///
/// Thread: one at a time.
class Connection {
public:
    enum class Access : std::uint8_t { kReadWrite, kReadOnly };

    /// Opens `file`, for `kReadWrite` creating it. `vfs`: null for the system's.
    [[nodiscard]] static Result<Connection> open(const std::filesystem::path& file, Access access,
                                                 const char* vfs = nullptr);

    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    /// Runs statements that need no parameters, and ignores their rows.
    [[nodiscard]] Result<void> execute(const char* sql);
    /// The first column of the first row, 0 if there is none.
    [[nodiscard]] Result<std::int64_t> query_integer(std::string_view sql);
    [[nodiscard]] Result<std::string> query_text(std::string_view sql);

    [[nodiscard]] bool in_transaction() const noexcept;
    /// Rows that the last statement changed.
    [[nodiscard]] std::int64_t changes() const noexcept;
    /// Rows that all statements changed.
    [[nodiscard]] std::int64_t total_changes() const noexcept;

    /// Makes this database a copy of `source` at one moment; other processes may write it
    /// meanwhile. Errors: as `Query::step`.
    [[nodiscard]] Result<void> copy_from(Connection& source);

    enum class Checkpoint : std::uint8_t {
        kPassive,   ///< As much as readers allow, without waiting.
        kTruncate,  ///< Waits for readers, then gives the WAL's space back.
    };
    /// Copies the WAL into the database. Readers that prevent a full checkpoint are not an error.
    [[nodiscard]] Result<void> checkpoint(Checkpoint kind);
    /// Pages in the WAL after the last commit of this connection.
    /// Requires: `checkpoint_by_hand` was called.
    [[nodiscard]] int wal_pages() const noexcept { return *wal_pages_; }
    /// Ends automatic checkpoints, whose errors SQLite does not report.
    void checkpoint_by_hand();
    /// Closing must not touch the database any more.
    void leave_wal_on_close();

private:
    explicit Connection(sqlite3* handle) : handle_(handle) {}
    template <class Use>
    [[nodiscard]] Result<void> for_first_row(std::string_view sql, Use use);

    struct Close {
        void operator()(sqlite3* handle) const noexcept;
    };
    /// On the heap, where SQLite's hook finds it after a move.
    std::unique_ptr<int> wal_pages_ = std::make_unique<int>(0);
    std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace howl::storage::sqlite
