// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/data_directory.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace howl::storage::sqlite {
namespace {

std::unexpected<Error> system_failure(std::string_view context, const std::filesystem::path& path,
                                      int error) {
    return fail(Errc::kSystem, context, path.string() + ": " + std::strerror(error));
}

/// Makes a new entry of `directory` survive a power loss.
Result<void> sync_directory(const std::filesystem::path& directory) {
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return system_failure("open directory", directory, errno);
    }
    const int failed = ::fsync(descriptor) != 0 ? errno : 0;
    ::close(descriptor);
    if (failed != 0) {
        return system_failure("sync directory", directory, failed);
    }
    return {};
}

Result<void> make_directory(const std::filesystem::path& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) {
        return {};
    }
    const auto parent = std::filesystem::absolute(path).lexically_normal().parent_path();
    std::filesystem::create_directories(parent, error);
    if (error) {
        return system_failure("make directory", parent, error.value());
    }
    if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
        return system_failure("make data directory", path, errno);
    }
    return sync_directory(parent);
}

}  // namespace

Result<DataDirectory> DataDirectory::open(const std::filesystem::path& given) {
    // A trailing slash would make the directory its own parent.
    const auto path = given.has_filename() ? given : given.parent_path();
    HOWL_TRY_VOID(make_directory(path));
    const auto lock_file = path / "howl.lock";
    const int lock = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (lock < 0) {
        return system_failure("open lock file", lock_file, errno);
    }
    DataDirectory directory{path, lock};
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            return fail(Errc::kInvalidConfig, "open data directory",
                        path.string() + " is in use by another process");
        }
        return system_failure("lock", lock_file, errno);
    }
    return directory;
}

DataDirectory::~DataDirectory() {
    if (lock_ >= 0) {
        ::close(lock_);
    }
}

}  // namespace howl::storage::sqlite
