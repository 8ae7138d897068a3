// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/backup.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/data_directory.hpp"
#include "storage/sqlite/files.hpp"
#include "storage/sqlite/high_water_mark.hpp"
#include "storage/sqlite/schema.hpp"

namespace howl::storage::sqlite {
namespace {

namespace fs = std::filesystem;

/// A file that is being written; deleted unless `finish` gives it its name.
class TemporaryFile {
public:
    /// Makes it empty, for its owner only. Errors: `kSystem`.
    static Result<TemporaryFile> create(fs::path path) {
        ::unlink(path.c_str());
        const Descriptor made{
            ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)};
        if (!made.is_open()) {
            return system_failure("make file", path, errno);
        }
        return TemporaryFile{std::move(path)};
    }
    TemporaryFile(TemporaryFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    TemporaryFile& operator=(TemporaryFile&&) = delete;
    ~TemporaryFile() {
        if (!path_.empty()) {
            ::unlink(path_.c_str());
        }
    }

    [[nodiscard]] const fs::path& path() const { return path_; }
    [[nodiscard]] Result<void> finish(const fs::path& name) {
        HOWL_TRY_VOID(sync_file(path_));
        HOWL_TRY_VOID(rename_for_good(path_, name));
        path_.clear();
        return {};
    }

private:
    explicit TemporaryFile(fs::path path) : path_(std::move(path)) {}
    fs::path path_;
};

fs::path with_suffix(fs::path path, std::string_view suffix) {
    path += suffix;
    return path;
}

Result<BackupContents> contents_of(Connection& database) {
    BackupContents contents;
    HOWL_TRY(epoch, load_epoch(database));
    contents.epoch = std::move(epoch);
    const auto count = [&](const char* table) {
        return database.query_integer("SELECT count(*) FROM " + std::string{table});
    };
    HOWL_TRY(topics, count("topics"));
    HOWL_TRY(events, count("events"));
    HOWL_TRY(tables,
             database.query_integer("SELECT count(*) FROM sqlite_schema WHERE name = 'records'"));
    if (tables > 0) {  // The first schema had none.
        HOWL_TRY(records, count("records"));
        contents.records = static_cast<std::uint64_t>(records);
    }
    contents.topics = static_cast<std::uint64_t>(topics);
    contents.events = static_cast<std::uint64_t>(events);
    return contents;
}

/// Copies `source`, a database of ours, into `target` as one file without a WAL, and checks it.
Result<Connection> copy_database(const fs::path& source, const fs::path& target) {
    HOWL_TRY(from, Connection::open(source, Connection::Access::kReadOnly));
    HOWL_TRY_VOID(check_is_ours(from));
    HOWL_TRY(to, Connection::open(target, Connection::Access::kReadWrite));
    HOWL_TRY_VOID(to.copy_from(from));
    HOWL_TRY(mode, to.query_text("PRAGMA journal_mode = DELETE"));
    if (mode != "delete") {
        return fail(Errc::kStorageFailed, "copy database", "the copy keeps a WAL");
    }
    HOWL_TRY_VOID(check_is_whole(to));
    return to;
}

Result<bool> is_there(const fs::path& path) {
    std::error_code error;
    const bool found = fs::exists(path, error);
    if (error) {
        return system_failure("look for", path, error.value());
    }
    return found;
}

/// Copies the WAL into the database, so that one file holds everything. Errors: those of SQLite;
/// then there are still two files, as there are while another process reads them.
Result<void> merge_wal(const fs::path& database) {
    HOWL_TRY(connection, Connection::open(database, Connection::Access::kReadWrite));
    connection.leave_wal_on_close();  // Closing would remove it even if it could not be read.
    // A connection opens the WAL when it first reads.
    HOWL_TRY_VOID(connection.query_integer("SELECT count(*) FROM sqlite_schema"));
    return connection.checkpoint(Connection::Checkpoint::kTruncate);
}

bool has_content(const fs::path& file) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    return !error && size > 0;
}

Result<void> move_aside(const fs::path& from, const fs::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) {
        return system_failure("set aside", from, errno);
    }
    return {};
}

/// Gives a database in one file a second name; it keeps its own until another file replaces it.
Result<void> name_aside(const fs::path& database, const fs::path& aside) {
    if (::unlink(aside.c_str()) != 0 && errno != ENOENT) {
        return system_failure("set aside", aside, errno);
    }
    if (::link(database.c_str(), aside.c_str()) == 0) {
        return {};
    }
    return move_aside(database, aside);  // A file system without hard links.
}

/// Keeps the existing database under another name. Its WAL must never be taken for the next
/// database's, nor may the next start find the database without it.
Result<void> set_aside(const fs::path& database) {
    const auto aside = with_suffix(database, ".before-restore");
    const auto wal = with_suffix(database, "-wal");
    const auto wal_aside = with_suffix(aside, "-wal");
    const bool is_there = has_content(database);
    const auto merged = is_there ? merge_wal(database) : Result<void>{};
    const bool has_wal = has_content(wal);
    if (!merged || has_wal) {
        // Too damaged, or open in another process, or left by a restore that ended between the next
        // two steps: SQLite drops a WAL that has no database beside it.
        if (is_there) {
            ::unlink(wal_aside.c_str());  // An earlier one's would not fit.
            HOWL_TRY_VOID(move_aside(database, aside));
        }
        if (has_wal) {
            HOWL_TRY_VOID(move_aside(wal, wal_aside));
        }
    } else if (is_there) {
        ::unlink(wal_aside.c_str());
        HOWL_TRY_VOID(name_aside(database, aside));
    }
    for (const auto* const part : {"-wal", "-shm"}) {
        ::unlink(with_suffix(database, part).c_str());
    }
    return sync_directory(database.parent_path());
}

}  // namespace

Result<BackupContents> back_up(const fs::path& directory, const fs::path& file) {
    const auto database = database_file_in(directory);
    HOWL_TRY(has_database, is_there(database));
    if (!has_database) {
        return fail(Errc::kInvalidConfig, "back up", "there is no database " + database.string());
    }
    HOWL_TRY(is_taken, is_there(file));
    if (is_taken) {
        return fail(Errc::kInvalidConfig, "back up", file.string() + " is there already");
    }
    HOWL_TRY(draft, TemporaryFile::create(with_suffix(file, ".partial")));
    BackupContents contents;
    {
        HOWL_TRY(copy, copy_database(database, draft.path()));
        HOWL_TRY(found, contents_of(copy));
        contents = std::move(found);
    }
    HOWL_TRY_VOID(draft.finish(file));
    return contents;
}

Result<BackupContents> restore(const fs::path& file, const fs::path& directory_path,
                               Random& random) {
    HOWL_TRY(has_backup, is_there(file));
    if (!has_backup) {
        return fail(Errc::kInvalidConfig, "restore", "there is no file " + file.string());
    }
    HOWL_TRY(directory, DataDirectory::open(directory_path));
    HOWL_TRY(draft, TemporaryFile::create(directory.path() / "howl.db.restored"));
    BackupContents contents;
    MarkedPosition position;
    {
        HOWL_TRY(copy, copy_database(file, draft.path()));
        HOWL_TRY(commit, load_commit(copy));
        position = {Epoch{random_epoch_text(random)}, commit.value_or(0) + 1};
        HOWL_TRY_VOID(begin_epoch(copy, position.epoch, position.commit));
        HOWL_TRY(found, contents_of(copy));
        contents = std::move(found);
    }
    HOWL_TRY_VOID(set_aside(directory.database_file()));
    HOWL_TRY_VOID(draft.finish(directory.database_file()));
    HOWL_TRY_VOID(HighWaterMark::create(directory.path(), position));
    return contents;
}

}  // namespace howl::storage::sqlite
