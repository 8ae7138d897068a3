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

/// How far a history has come: commits count from 1.
struct MarkedPlace {
    Epoch epoch;
    std::uint64_t commit = 0;
    [[nodiscard]] bool operator==(const MarkedPlace&) const = default;
};

/// The newest commit that was acknowledged, in a small file beside the database, `howl.mark`.
///
/// A database that lost its end (an older copy, a damaged WAL) is whole and knows nothing of it; a
/// server that went on from there would give offsets out a second time. The mark tells: it is
/// written after each commit and before anybody hears of it, without a sync.
///
/// | after                 | the mark is                                                  |
/// |-----------------------|--------------------------------------------------------------|
/// | the end of a process  | exact, or one behind the database: page cache survives        |
/// | a power loss          | as old as the kernel left it: behind the database. It is ahead|
/// |                       | only where the disk lost a commit that it called synced       |
/// | copying the directory | not believed: it names the file (inode, time of birth) that it|
/// |                       | was written in, and a copy is another                         |
///
/// Each start, each periodic sweep of a log that has committed something since, and each orderly
/// end write a new file, so that a copy which is put over the file names one that is no longer
/// there. What it can't tell is the snapshot of a whole file system, and a copy that is written
/// over a directory in place whose server was killed before the next sweep after the copy.
///
/// Limits: one line of 128 bytes, so that a write touches one sector.
/// Thread: one at a time.
class HighWaterMark {
public:
    enum class Condition : std::uint8_t { kSound, kMissing, kUnreadable, kCopied };
    struct Found {
        Condition condition = Condition::kMissing;
        MarkedPlace place;  ///< Where it is sound or copied.
    };
    /// What an earlier process left in `directory`.
    [[nodiscard]] static Found find(const std::filesystem::path& directory);

    /// Puts a new mark into `directory`; on disk when this returns. Errors: `kSystem`.
    [[nodiscard]] static Result<HighWaterMark> create(const std::filesystem::path& directory,
                                                      const MarkedPlace& place);
    /// Goes on with the mark that is there, for a disk that has no room for a new one.
    /// Errors: `kSystem`.
    [[nodiscard]] static Result<HighWaterMark> reuse(const std::filesystem::path& directory,
                                                     const MarkedPlace& place);

    /// Every commit up to this one may be acknowledged from now on. Errors: `kSystem`.
    [[nodiscard]] Result<void> advance(std::uint64_t commit);
    /// Writes a new file, so that copies of the present one can be told from it. Errors: `kSystem`.
    [[nodiscard]] Result<void> renew();

private:
    /// Tells a file from every copy of it.
    struct Identity {
        std::uint64_t inode = 0;
        std::int64_t born_ns = 0;  ///< 0 where the file system does not know.
        [[nodiscard]] bool operator==(const Identity&) const = default;
    };

    HighWaterMark(std::filesystem::path directory, Descriptor file, Identity identity,
                  MarkedPlace place)
        : directory_(std::move(directory)),
          file_(std::move(file)),
          identity_(identity),
          place_(std::move(place)) {}

    [[nodiscard]] static Result<Identity> identity_of(const Descriptor& file,
                                                      const std::filesystem::path& path);
    [[nodiscard]] static std::string line_of(const Identity& identity, const MarkedPlace& place);

    std::filesystem::path directory_;
    Descriptor file_;
    Identity identity_;
    MarkedPlace place_;
};

/// For a log line: "is missing", "is a copy", ...
[[nodiscard]] std::string_view words_for(HighWaterMark::Condition condition);

}  // namespace howl::storage::sqlite
