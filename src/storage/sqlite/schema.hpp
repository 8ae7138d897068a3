// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/ids.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "storage/sqlite/connection.hpp"

namespace howl::storage::sqlite {

/// "howl" in ASCII: distinguishes our database from any other SQLite file.
inline constexpr std::int64_t kApplicationId = 0x686F776C;
/// Rises with every change of the tables; each step from the one before is in `schema.cpp`.
inline constexpr std::int64_t kSchemaVersion = 4;

/// Sets the writer up: WAL, every commit synced, checkpoints by hand; makes or upgrades the tables.
///
/// There is no `PRAGMA quick_check` here: it reads the whole file, which at 10^6 events takes
/// longer than a restart may. Rows carry checksums that are compared when they are read, and SQLite
/// notices a damaged page when it visits it.
///
/// An upgrade is one transaction: after any failure a file is of one version or of the next.
///
/// Errors: `kStorageFailed` when the file is no database of ours or of a newer Howl.
[[nodiscard]] Result<void> prepare_database(Connection& writer, Random& random);

/// Errors: `kStorageFailed` when the file is no database of ours or of a newer Howl.
[[nodiscard]] Result<void> check_is_ours(Connection& connection);
/// Reads the whole file. Errors: `kStorageFailed`, with the first fault in it.
[[nodiscard]] Result<void> check_is_whole(Connection& connection);

/// The epoch of the history in this file. Errors: `kDamaged` where it is no valid epoch.
[[nodiscard]] Result<Epoch> load_epoch(Connection& connection);
/// Number of the newest commit; 0: there was none; empty: an earlier Howl counted none.
/// Errors: `kDamaged` where it is no number.
[[nodiscard]] Result<std::optional<std::uint64_t>> load_commit(Connection& connection);
/// Begins a new history in the file, whose newest commit is `commit`.
[[nodiscard]] Result<void> begin_epoch(Connection& writer, const Epoch& epoch,
                                       std::uint64_t commit);

}  // namespace howl::storage::sqlite
