// SPDX-License-Identifier: Apache-2.0
#include "base/file.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace howl {
namespace {

std::unexpected<Error> unreadable(std::string_view name, std::string_view reason) {
    return fail(Errc::kSystem, "read",
                "cannot read " + std::string{name} + ": " + std::string{reason});
}

std::unexpected<Error> unreadable(std::string_view name, int error) {
    return unreadable(name, std::generic_category().message(error));
}

}  // namespace

Result<std::string> read_descriptor(int descriptor, std::string_view name, std::size_t bytes_max) {
    constexpr std::size_t kStep = std::size_t{64} * 1024;
    std::string text;
    while (true) {
        const auto held = text.size();
        text.resize(held + std::min(kStep, bytes_max - held + 1));
        const auto count = ::read(descriptor, text.data() + held, text.size() - held);
        if (count < 0 && errno != EINTR) {
            return unreadable(name, errno);
        }
        text.resize(held + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        if (count == 0) {
            return text;
        }
        if (text.size() > bytes_max) {
            return unreadable(name, "more than " + std::to_string(bytes_max) + " bytes");
        }
    }
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return unreadable(path.native(), errno);
    }
    auto text = read_descriptor(descriptor, path.native(), bytes_max);
    ::close(descriptor);
    return text;
}

}  // namespace howl
