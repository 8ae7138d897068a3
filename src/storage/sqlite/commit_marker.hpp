// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/ids.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/high_water_mark.hpp"

namespace howl::storage::sqlite {

/// Guarantees that an epoch and an offset never name two events.
///
/// Every commit has a number, which is stored in the database, in the commit's own transaction, and
/// in the `HighWaterMark` beside it. Where a start finds that the database does not reach the mark,
/// or finds no valid mark, the missing events may have been seen: the history gets a new epoch, and
/// every reader gets a `reset`.
///
/// Thread: the writer's; construction and `epoch` before it starts.
class CommitMarker {
public:
    /// Compares database and mark, and decides on the epoch. A new one is logged and counted.
    /// `damage`: why positions may be given out again though nothing is missing; empty: no reason.
    /// Errors: `kStorageFailed` where the database is behind and damaged as well, `kSystem`.
    [[nodiscard]] static Result<std::unique_ptr<CommitMarker>> open(
        Connection& writer, const std::filesystem::path& directory, Random& random,
        const std::string& damage);

    /// Thread: any.
    [[nodiscard]] const Epoch& epoch() const noexcept { return epoch_; }

    /// Numbers the transaction that is open.
    [[nodiscard]] Result<void> number_next();
    /// The transaction is committed, and may be acknowledged when this returns. Where the mark
    /// can't be written it stays behind, which is logged once: nothing is lost, but the next start
    /// may not notice later losses.
    void committed();
    /// From here on copies of the directory that were made up to now can be recognized as copies.
    /// Does nothing where nothing was committed since the last call.
    void renew();

private:
    CommitMarker(Statement put, Epoch epoch, std::uint64_t commit, HighWaterMark mark)
        : put_(std::move(put)), epoch_(std::move(epoch)), commit_(commit), mark_(std::move(mark)) {}

    const Statement put_;
    const Epoch epoch_;
    std::uint64_t commit_;
    HighWaterMark mark_;
    std::uint64_t renewed_at_ = 0;  ///< The commit at which the mark last got a new file.
    bool mark_failed_ = false;
};

}  // namespace howl::storage::sqlite
