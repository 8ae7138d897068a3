// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/space_reserve.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "storage/sqlite/files.hpp"

namespace howl::storage::sqlite {

SpaceReserve::SpaceReserve(const std::filesystem::path& directory)
    : file_(directory / "howl.reserve") {
    std::error_code error;
    is_held_ = std::filesystem::file_size(file_, error) == limits::kSpaceReserveBytes && !error;
    refill();
}

bool SpaceReserve::has_room() const {
    constexpr std::size_t kRoomMin = limits::kSpaceReserveBytes / 2;
    std::error_code error;
    const auto space = std::filesystem::space(file_.parent_path(), error);
    return !error && space.available >= kRoomMin;
}

void SpaceReserve::refill() {
    if (is_held_) {
        return;
    }
    std::error_code error;
    const auto space = std::filesystem::space(file_.parent_path(), error);
    if (error || space.available < 2 * limits::kSpaceReserveBytes) {
        return;
    }
    const Descriptor file{
        ::open(file_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    is_held_ =
        file.is_open() &&
        ::posix_fallocate(file.get(), 0, static_cast<off_t>(limits::kSpaceReserveBytes)) == 0;
    if (!is_held_) {
        ::unlink(file_.c_str());
    }
}

bool SpaceReserve::release() {
    if (!is_held_) {
        return false;
    }
    is_held_ = false;
    return ::unlink(file_.c_str()) == 0;
}

}  // namespace howl::storage::sqlite
