// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "hub/unreadable_records.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/data_directory.hpp"

namespace howl::storage::sqlite {

/// Finds the records of a data directory that can't be read, and deletes them: `howl store check`.
/// Finding is possible while a server runs; deleting locks the directory.
///
/// Damaged rows of the topics' tables are found too. They can't be deleted here: the next start
/// repairs them, and begins a new epoch where it must.
///
/// Thread: one at a time.
class RecordInspection {
public:
    /// The name of a table of records, here and in log lines.
    static constexpr std::string_view kTable = "records";

    enum class Purpose : std::uint8_t { kFind, kRepair };
    /// Nothing where the directory has no database yet.
    /// Errors: `kInvalidConfig` to repair while another process uses it, `kStorageFailed`,
    /// `kReadFailed`, `kDamaged`, `kOverloaded`.
    [[nodiscard]] static Result<std::optional<RecordInspection>> open(
        const std::filesystem::path& directory, Purpose purpose);

    /// Those with a wrong checksum, those on malformed pages, and those that `check` refuses.
    /// Errors: `kReadFailed`, `kOverloaded`; `kDamaged` where a page of the topics is malformed.
    [[nodiscard]] Result<std::vector<hub::UnreadableRecord>> find(const hub::RecordCheck& check);
    /// Removes the row of `record`, which `find` has returned with that remedy.
    /// Errors: those of `Query::step`; `kStorageFailed` for one on a malformed page, which only a
    /// backup can restore.
    /// Requires: opened to repair.
    [[nodiscard]] Result<void> remove(const hub::UnreadableRecord& record);

private:
    RecordInspection(std::optional<DataDirectory> directory, std::optional<Connection> writing,
                     Connection connection)
        : directory_(std::move(directory)),
          writing_(std::move(writing)),
          connection_(std::move(connection)) {}

    [[nodiscard]] Result<void> find_records(const hub::RecordCheck& check,
                                            std::vector<hub::UnreadableRecord>& found);
    [[nodiscard]] Result<void> find_topics(std::vector<hub::UnreadableRecord>& found);
    [[nodiscard]] Result<void> find_forgotten(std::vector<hub::UnreadableRecord>& found);

    std::optional<DataDirectory> directory_;  ///< Locked, to repair.
    std::optional<Connection> writing_;
    Connection connection_;  ///< Only reads, and so reports damage.
};

/// The name of a record in a data directory, for operators.
[[nodiscard]] std::string name_of(const hub::RecordKey& key);

}  // namespace howl::storage::sqlite
