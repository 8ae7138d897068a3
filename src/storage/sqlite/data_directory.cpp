// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/data_directory.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "telemetry/log.hpp"

namespace howl::storage::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr auto kOthers = fs::perms::group_all | fs::perms::others_all;

Result<void> make_directory(const fs::path& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
        return {};
    }
    const auto parent = fs::absolute(path).lexically_normal().parent_path();
    fs::create_directories(parent, error);
    if (error) {
        return system_failure("make directory", parent, error.value());
    }
    if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
        return system_failure("make data directory", path, errno);
    }
    return sync_directory(parent);
}

/// Opens `path` and locks what is there until it is closed.
Result<Descriptor> open_locked(const fs::path& path, int flags, const fs::path& directory) {
    Descriptor descriptor{::open(path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    if (!descriptor.is_open()) {
        return system_failure("open data directory", path, errno);
    }
    if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) == 0) {
        return descriptor;
    }
    if (errno == EWOULDBLOCK) {
        return fail(Errc::kInvalidConfig, "open data directory",
                    directory.string() + " is in use by another process");
    }
    return system_failure("lock", path, errno);
}

/// Versions before this one locked a file of its own; one of them may still run.
Result<Descriptor> lock_of_earlier_version(const fs::path& directory) {
    const auto file = directory / "howl.lock";
    std::error_code error;
    if (!fs::exists(file, error)) {
        return Descriptor{};
    }
    return open_locked(file, O_RDWR, directory);
}

/// Removes the rights of everybody but the owner; logs where it can't.
void keep_private(const fs::path& path) {
    std::error_code error;
    const auto rights = fs::status(path, error).permissions();
    if (error || (rights & kOthers) == fs::perms::none) {
        return;
    }
    fs::permissions(path, kOthers, fs::perm_options::remove, error);
    if (error) {
        telemetry::log_warning("others than the owner may read what Howl keeps",
                               {{"path", path.string()}, {"reason", error.message()}});
    }
}

void keep_all_private(const fs::path& directory) {
    bool only_ours = true;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{directory, error}) {
        const auto name = entry.path().filename().string();
        if (name.starts_with("howl.")) {
            keep_private(entry.path());
        } else if (name != "lost+found") {
            only_ours = false;
        }
    }
    // The rights of a directory that has other files too are left to its owner.
    if (only_ours && !error) {
        keep_private(directory);
    }
}

}  // namespace

Result<DataDirectory> DataDirectory::open(const fs::path& given) {
    // A trailing slash would make the directory its own parent.
    const auto path = given.has_filename() ? given : given.parent_path();
    HOWL_TRY_VOID(make_directory(path));
    // The directory first: closing a second descriptor of the database would end the locks that
    // SQLite has on it in this process.
    HOWL_TRY(directory, open_locked(path, O_RDONLY | O_DIRECTORY, path));
    HOWL_TRY(database, open_locked(database_file_in(path), O_RDWR | O_CREAT, path));
    HOWL_TRY(lock_file, lock_of_earlier_version(path));
    keep_all_private(path);
    return DataDirectory{path, std::move(directory), std::move(database), std::move(lock_file)};
}

}  // namespace howl::storage::sqlite
