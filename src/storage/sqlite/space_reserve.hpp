// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>

#include "base/limits.hpp"

namespace howl::storage::sqlite {

/// Room on the disk that is kept for deleting: a file, `howl.reserve`, which is given up when a
/// full disk refuses a purge. Deleting writes to the WAL first, so without it a full disk could
/// not be emptied.
///
/// Where there is no room for it there is no reserve; the next `refill` tries again.
/// Thread: one at a time.
class SpaceReserve {
public:
    explicit SpaceReserve(const std::filesystem::path& directory);

    /// True if publishers find room on the disk, not only in files that are there.
    [[nodiscard]] bool has_room() const;
    /// Takes the room again, where more than that is free, so that it takes none from publishers.
    void refill();
    /// Gives the room to whoever writes next. False: there was none.
    [[nodiscard]] bool release();

private:
    std::filesystem::path file_;
    bool is_held_ = false;
};

}  // namespace howl::storage::sqlite
