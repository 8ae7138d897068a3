// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

#include "base/result.hpp"

// The few calls of the operating system that SQLite does not make for us.
namespace howl::storage::sqlite {

/// An open file descriptor, closed at the end.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int value) : value_(value) {}
    Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    ~Descriptor();

    [[nodiscard]] int get() const noexcept { return value_; }
    [[nodiscard]] bool is_open() const noexcept { return value_ >= 0; }

private:
    int value_ = -1;
};

/// `kSystem`, with the path and the words for `error`, an errno.
[[nodiscard]] std::unexpected<Error> system_failure(std::string_view context,
                                                    const std::filesystem::path& path, int error);

/// Makes new, renamed and removed entries of `directory` survive a power loss. Errors: `kSystem`.
[[nodiscard]] Result<void> sync_directory(const std::filesystem::path& directory);

/// Makes the contents of `file` survive a power loss. Errors: `kSystem`.
[[nodiscard]] Result<void> sync_file(const std::filesystem::path& file);

/// Renames the synced file `from` to `to`, in the same directory, durably: at any time, also after
/// a power loss, `to` is the old file or the new one. Errors: `kSystem`.
[[nodiscard]] Result<void> rename_for_good(const std::filesystem::path& from,
                                           const std::filesystem::path& to);

}  // namespace howl::storage::sqlite
