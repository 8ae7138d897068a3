// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/high_water_mark.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

namespace howl::storage::sqlite {
namespace {

constexpr std::string_view kWord = "howl-mark-1";
constexpr std::size_t kLineSize = 128;

std::filesystem::path mark_file_in(const std::filesystem::path& directory) {
    return directory / "howl.mark";
}

Result<void> write_line(const Descriptor& file, const std::string& line,
                        const std::filesystem::path& path) {
    const auto written = ::pwrite(file.get(), line.data(), line.size(), 0);
    if (written == static_cast<ssize_t>(line.size())) {
        return {};
    }
    return system_failure("write mark", path, written < 0 ? errno : ENOSPC);
}

}  // namespace

Result<HighWaterMark::Identity> HighWaterMark::identity_of(const Descriptor& file,
                                                           const std::filesystem::path& path) {
    struct statx status{};
    if (::statx(file.get(), "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &status) != 0) {
        return system_failure("look at mark", path, errno);
    }
    constexpr std::int64_t kNanoseconds = 1'000'000'000;
    Identity identity{.inode = status.stx_ino};
    if ((status.stx_mask & STATX_BTIME) != 0) {
        identity.birth_ns = status.stx_btime.tv_sec * kNanoseconds + status.stx_btime.tv_nsec;
    }
    return identity;
}

std::string HighWaterMark::line_of(const Identity& identity, const MarkedPosition& position) {
    auto line = fmt::format("{} {} {} {} {}", kWord, position.epoch.value(), position.commit,
                            identity.inode, identity.birth_ns);
    line.resize(kLineSize - 10, ' ');
    const auto* const bytes = reinterpret_cast<const Bytef*>(line.data());
    line += fmt::format(" {:08x}\n", crc32_z(0, bytes, line.size()));
    return line;
}

HighWaterMark::Found HighWaterMark::find(const std::filesystem::path& directory) {
    const auto path = mark_file_in(directory);
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file.is_open()) {
        return {errno == ENOENT ? Condition::kMissing : Condition::kUnreadable, {}};
    }
    std::array<char, kLineSize + 1> bytes{};
    const auto size = ::read(file.get(), bytes.data(), bytes.size());
    const std::string line{bytes.data(), size < 0 ? 0 : static_cast<std::size_t>(size)};
    std::istringstream words{line};
    std::string word;
    std::string epoch;
    MarkedPosition position;
    Identity written_in;
    words >> word >> epoch >> position.commit >> written_in.inode >> written_in.birth_ns;
    position.epoch = Epoch{epoch};
    const auto identity = identity_of(file, path);
    if (!words || !identity || line != line_of(written_in, position)) {
        return {Condition::kUnreadable, {}};
    }
    return {*identity == written_in ? Condition::kValid : Condition::kCopied, std::move(position)};
}

Result<HighWaterMark> HighWaterMark::create(const std::filesystem::path& directory,
                                            const MarkedPosition& position) {
    const auto path = directory / "howl.mark.new";
    ::unlink(path.c_str());  // A file that a crash left would keep its birth time.
    Descriptor file{::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    if (!file.is_open()) {
        return system_failure("make mark", path, errno);
    }
    HOWL_TRY(identity, identity_of(file, path));
    HOWL_TRY_VOID(write_line(file, line_of(identity, position), path));
    if (::fsync(file.get()) != 0) {
        return system_failure("sync mark", path, errno);
    }
    HOWL_TRY_VOID(rename_for_good(path, mark_file_in(directory)));
    return HighWaterMark{directory, std::move(file), identity, position};
}

Result<HighWaterMark> HighWaterMark::reuse(const std::filesystem::path& directory,
                                           const MarkedPosition& position) {
    const auto path = mark_file_in(directory);
    Descriptor file{::open(path.c_str(), O_RDWR | O_CLOEXEC)};
    if (!file.is_open()) {
        return system_failure("open mark", path, errno);
    }
    HOWL_TRY(identity, identity_of(file, path));
    return HighWaterMark{directory, std::move(file), identity, position};
}

Result<void> HighWaterMark::advance(std::uint64_t commit) {
    position_.commit = commit;
    return write_line(file_, line_of(identity_, position_), mark_file_in(directory_));
}

Result<void> HighWaterMark::renew() {
    HOWL_TRY(fresh, create(directory_, position_));
    *this = std::move(fresh);
    return {};
}

std::string_view text_of(HighWaterMark::Condition condition) {
    switch (condition) {
        case HighWaterMark::Condition::kValid:
            return "is sound";
        case HighWaterMark::Condition::kMissing:
            return "is missing";
        case HighWaterMark::Condition::kUnreadable:
            return "cannot be read";
        case HighWaterMark::Condition::kCopied:
            return "is a copy: the directory was copied or restored";
    }
    return "";
}

}  // namespace howl::storage::sqlite
