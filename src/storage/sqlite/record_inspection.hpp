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

/// Finds the records of a data directory that can't be read, and takes them away: `howl store
/// check`. Looking is possible while a server runs; taking away needs the directory alone.
///
/// Damaged rows of the topics' tables are found too. They can't be taken away here: the next start
/// puts them right, and begins a new epoch where it must.
///
/// Thread: one at a time.
class RecordInspection {
public:
    /// How a table of them is called, here and in log lines.
    static constexpr std::string_view kTable = "records";

    enum class Purpose : std::uint8_t { kLook, kMend };
    /// Nothing where the directory has no database yet.
    /// Errors: `kInvalidConfig` to mend while another process uses it, `kStorageFailed`,
    /// `kReadFailed`, `kDamaged`, `kOverloaded`.
    [[nodiscard]] static Result<std::optional<RecordInspection>> open(
        const std::filesystem::path& directory, Purpose purpose);

    /// Those whose checksum does not fit, those on malformed pages, and those that `check` refuses.
    /// Errors: `kReadFailed`, `kOverloaded`; `kDamaged` where a page of the topics is malformed.
    [[nodiscard]] Result<std::vector<hub::UnreadableRecord>> find(const hub::RecordCheck& check);
    /// Removes the row of `record`, which `find` has given and whose remedy that is.
    /// Errors: those of `Query::step`; `kStorageFailed` for one on a malformed page, which only a
    /// backup can mend.
    /// Requires: opened to mend.
    [[nodiscard]] Result<void> remove(const hub::UnreadableRecord& record);

private:
    RecordInspection(std::optional<DataDirectory> directory, std::optional<Connection> mending,
                     Connection connection)
        : directory_(std::move(directory)),
          mending_(std::move(mending)),
          connection_(std::move(connection)) {}

    [[nodiscard]] Result<void> find_records(const hub::RecordCheck& check,
                                            std::vector<hub::UnreadableRecord>& found);
    [[nodiscard]] Result<void> find_topics(std::vector<hub::UnreadableRecord>& found);
    [[nodiscard]] Result<void> find_forgotten(std::vector<hub::UnreadableRecord>& found);

    std::optional<DataDirectory> directory_;  ///< Locked, to mend.
    std::optional<Connection> mending_;
    Connection connection_;  ///< Only reads, and so can tell damage.
};

/// How a record in a data directory is called by operators.
[[nodiscard]] std::string name_of(const hub::RecordKey& key);

}  // namespace howl::storage::sqlite
