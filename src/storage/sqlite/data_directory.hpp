// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <utility>

#include "base/result.hpp"

namespace howl::storage::sqlite {

/// The directory that holds everything a node keeps, ours alone while this object lives.
///
/// Two servers on one directory would each give out the same offsets; so the second is refused. The
/// lock belongs to the open file and ends with the process, however that ends.
class DataDirectory {
public:
    /// Makes the directory where there is none, readable by its owner only.
    /// Errors: `kInvalidConfig` when another process uses it, `kSystem`.
    [[nodiscard]] static Result<DataDirectory> open(const std::filesystem::path& path);

    DataDirectory(DataDirectory&& other) noexcept
        : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}
    DataDirectory& operator=(DataDirectory&&) = delete;
    ~DataDirectory();

    [[nodiscard]] std::filesystem::path database_file() const { return path_ / "howl.db"; }

private:
    DataDirectory(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

    std::filesystem::path path_;
    int lock_;  ///< Descriptor of the lock file.
};

}  // namespace howl::storage::sqlite
