// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>

#include "base/limits.hpp"

namespace howl::storage::sqlite {

/// Disk space reserved for deleting: a file, `howl.reserve`, which is removed when a full disk
/// refuses a purge. Deleting writes to the WAL first, so without it a full disk could not be
/// emptied.
///
/// Where there is no space for it there is no reserve; the next `refill` tries again.
/// Thread: one at a time.
class SpaceReserve {
public:
    explicit SpaceReserve(const std::filesystem::path& directory);

    /// True if there is free space on the disk, not only in files that exist already.
    [[nodiscard]] bool has_room() const;
    /// Reserves the space again, where more than that is free, so that it takes none from
    /// publishers.
    void refill();
    /// Frees the reserved space for the next write. False: there was none.
    [[nodiscard]] bool release();

private:
    std::filesystem::path file_;
    bool is_held_ = false;
};

}  // namespace howl::storage::sqlite
