// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "storage/sqlite/files.hpp"

namespace howl::storage::sqlite {

/// The newest commit of a history: commits count from 1.
struct MarkedPosition {
    Epoch epoch;
    std::uint64_t commit = 0;
    [[nodiscard]] bool operator==(const MarkedPosition&) const = default;
};

/// The newest commit that was acknowledged, in a small file beside the database, `howl.mark`.
///
/// A database that lost its newest commits (an older copy, a damaged WAL) is consistent and shows
/// no loss; a server that went on from there would give offsets out a second time. The mark shows
/// it: it is written after each commit and before the acknowledgement, without a sync.
///
/// | after                 | the mark is                                                  |
/// |-----------------------|--------------------------------------------------------------|
/// | the end of a process  | exact, or one behind the database: page cache survives        |
/// | a power loss          | as old as the kernel left it: behind the database. It is ahead|
/// |                       | only where the disk lost a commit that it called synced       |
/// | copying the directory | invalid: it names the file (inode, birth time) that it was    |
/// |                       | written in, and a copy is another file                        |
///
/// Each start, each periodic sweep of a log that has committed something since, and each orderly
/// end write a new file, so that a copy which overwrites the file names one that no longer exists.
/// It can't detect the snapshot of a whole file system, nor a copy that overwrites a directory in
/// place whose server was killed before the next sweep after the copy.
///
/// Limits: one line of 128 bytes, so that a write touches one sector.
/// Thread: one at a time.
class HighWaterMark {
public:
    enum class Condition : std::uint8_t { kValid, kMissing, kUnreadable, kCopied };
    struct Found {
        Condition condition = Condition::kMissing;
        MarkedPosition position;  ///< Set for `kValid` and `kCopied`.
    };
    /// The mark that an earlier process left in `directory`.
    [[nodiscard]] static Found find(const std::filesystem::path& directory);

    /// Puts a new mark into `directory`; on disk when this returns. Errors: `kSystem`.
    [[nodiscard]] static Result<HighWaterMark> create(const std::filesystem::path& directory,
                                                      const MarkedPosition& position);
    /// Goes on with the existing mark, for a disk that has no space for a new one.
    /// Errors: `kSystem`.
    [[nodiscard]] static Result<HighWaterMark> reuse(const std::filesystem::path& directory,
                                                     const MarkedPosition& position);

    /// Every commit up to this one may be acknowledged from now on. Errors: `kSystem`.
    [[nodiscard]] Result<void> advance(std::uint64_t commit);
    /// Writes a new file, so that copies of the present one are recognized. Errors: `kSystem`.
    [[nodiscard]] Result<void> renew();

private:
    /// Distinguishes a file from every copy of it.
    struct Identity {
        std::uint64_t inode = 0;
        std::int64_t birth_ns = 0;  ///< 0 where the file system does not know.
        [[nodiscard]] bool operator==(const Identity&) const = default;
    };

    HighWaterMark(std::filesystem::path directory, Descriptor file, Identity identity,
                  MarkedPosition position)
        : directory_(std::move(directory)),
          file_(std::move(file)),
          identity_(identity),
          position_(std::move(position)) {}

    [[nodiscard]] static Result<Identity> identity_of(const Descriptor& file,
                                                      const std::filesystem::path& path);
    [[nodiscard]] static std::string line_of(const Identity& identity,
                                             const MarkedPosition& position);

    std::filesystem::path directory_;
    Descriptor file_;
    Identity identity_;
    MarkedPosition position_;
};

/// For a log line: "is missing", "is a copy", ...
[[nodiscard]] std::string_view text_of(HighWaterMark::Condition condition);

}  // namespace howl::storage::sqlite
