// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/ids.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "storage/sqlite/connection.hpp"

namespace howl::storage::sqlite {

/// "howl" in ASCII: tells our database from any other SQLite file.
inline constexpr std::int64_t kApplicationId = 0x686F776C;
/// Goes up with every change of the tables; each step from the one before stands in `schema.cpp`.
inline constexpr std::int64_t kSchemaVersion = 2;

/// Sets the writer up: WAL, every commit synced, checkpoints by hand; makes or upgrades the tables.
///
/// There is no `PRAGMA quick_check` here: it reads the whole file, which at 10^6 events takes
/// longer than a restart may. Rows carry checksums that are compared when they are read, and SQLite
/// notices a damaged page when it visits it.
///
/// An upgrade is one transaction: a file is of one version or of the next, whatever happens.
///
/// Errors: `kStorageFailed` when the file is no database of ours or of a newer Howl.
[[nodiscard]] Result<void> prepare_database(Connection& writer, Random& random);

/// The name of the history in this file.
[[nodiscard]] Result<Epoch> load_epoch(Connection& connection);

}  // namespace howl::storage::sqlite
