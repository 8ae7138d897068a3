// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/files.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace howl::storage::sqlite {
namespace {

Result<void> sync_path(const std::filesystem::path& path, int flags) {
    const Descriptor descriptor{::open(path.c_str(), flags | O_CLOEXEC)};
    if (!descriptor.is_open()) {
        return system_failure("open for sync", path, errno);
    }
    if (::fsync(descriptor.get()) != 0) {
        return system_failure("sync", path, errno);
    }
    return {};
}

}  // namespace

Descriptor::~Descriptor() {
    if (is_open()) {
        ::close(value_);
    }
}

std::unexpected<Error> system_failure(std::string_view context, const std::filesystem::path& path,
                                      int error) {
    return fail(Errc::kSystem, context, path.string() + ": " + std::strerror(error));
}

Result<void> sync_directory(const std::filesystem::path& directory) {
    return sync_path(directory.empty() ? "." : directory, O_RDONLY | O_DIRECTORY);
}

Result<void> sync_file(const std::filesystem::path& file) {
    return sync_path(file, O_RDONLY);
}

Result<void> rename_for_good(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) {
        return system_failure("rename", to, errno);
    }
    return sync_directory(to.parent_path());
}

}  // namespace howl::storage::sqlite
