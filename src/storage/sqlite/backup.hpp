// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/ids.hpp"
#include "base/random.hpp"
#include "base/result.hpp"

namespace howl::storage::sqlite {

/// What a backup holds.
struct BackupContents {
    Epoch epoch;
    std::uint64_t topics = 0;
    std::uint64_t events = 0;
    std::uint64_t records = 0;
};

/// Copies the database in `directory` into `file`, as it is at one moment, also while a server
/// writes it: copying the files by other means can catch them between two writes. The copy is one
/// file, checked, on disk when this returns, and readable by its owner only. It exists whole or not
/// at all.
/// Errors: `kInvalidConfig` where there is no database or `file` exists already, `kStorageFailed`
/// or `kDamaged` where the database is damaged, `kSystem`.
[[nodiscard]] Result<BackupContents> back_up(const std::filesystem::path& directory,
                                             const std::filesystem::path& file);

/// Replaces the database in `directory`, which is created if it does not exist, by the one in
/// `file`, and gives it a new epoch: events that were published after the backup may have been
/// seen, and their offsets are given out again. The old database is kept as
/// `howl.db.before-restore`, in one file: its WAL is copied into it first. It keeps its own name
/// until the new one replaces it, so that a start after a crash in between finds the one or the
/// other, whole. A database that is too damaged for that is moved, then its WAL; after a crash in
/// between a start finds no database. Errors: `kInvalidConfig` while a server runs there,
/// `kStorageFailed` or `kDamaged` where `file` is no database of Howl's or is damaged; then nothing
/// was changed. `kSystem`.
[[nodiscard]] Result<BackupContents> restore(const std::filesystem::path& file,
                                             const std::filesystem::path& directory,
                                             Random& random);

}  // namespace howl::storage::sqlite
