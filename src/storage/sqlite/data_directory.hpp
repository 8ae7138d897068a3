// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <utility>

#include "base/result.hpp"
#include "storage/sqlite/files.hpp"

namespace howl::storage::sqlite {

[[nodiscard]] inline std::filesystem::path database_file_in(const std::filesystem::path& path) {
    return path / "howl.db";
}

/// The directory that holds everything a node keeps, locked while this object lives.
///
/// Two servers on one directory would each give out the same offsets; so the second is refused. The
/// locks are on the directory and on the database itself, so that no file can be removed to get
/// past them: without the database the lock of the directory remains, and a server that reaches the
/// database by another directory (a link) finds the lock of the database. They belong to the open
/// files and end with the process, however that ends. SQLite's own locks are of another kind, so
/// that a backup can read meanwhile.
///
/// What is in it is for its owner only: files of ours are made 0600, and the directory 0700 where
/// nothing but ours is in it.
class DataDirectory {
public:
    /// Makes the directory where there is none, and in it the file of the database, empty.
    /// Errors: `kInvalidConfig` when another process uses it, `kSystem`.
    [[nodiscard]] static Result<DataDirectory> open(const std::filesystem::path& path);

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] std::filesystem::path database_file() const { return database_file_in(path_); }

private:
    DataDirectory(std::filesystem::path path, Descriptor directory, Descriptor database,
                  Descriptor lock_file)
        : path_(std::move(path)),
          directory_(std::move(directory)),
          database_(std::move(database)),
          lock_file_(std::move(lock_file)) {}

    std::filesystem::path path_;
    Descriptor directory_;
    /// Closed only after SQLite has closed the file: closing ends every POSIX lock that the process
    /// has on it.
    Descriptor database_;
    Descriptor lock_file_;  ///< Of an earlier version, where one is there.
};

}  // namespace howl::storage::sqlite
