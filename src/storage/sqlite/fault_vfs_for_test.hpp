// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.hpp"

namespace howl::storage::sqlite {

/// A disk under SQLite that fails on demand and records what was written, so that a test can
/// compute what a power loss would have left. It wraps the system's file layer and never really
/// syncs: the files of a test live as long as the test, and the record shows what would have been
/// durable.
///
/// Thread: any.
class FaultVfs {
public:
    FaultVfs();
    ~FaultVfs();
    FaultVfs(const FaultVfs&) = delete;
    FaultVfs& operator=(const FaultVfs&) = delete;

    /// For `SqliteEventLogOptions::vfs`.
    [[nodiscard]] const char* name() const { return name_.c_str(); }

    enum class Fault : std::uint8_t {
        kInputOutput,  ///< Opens, writes, syncs and truncations fail; a write leaves a half.
        kDiskFull,     ///< Writes fail for lack of space; a write leaves a half.
        kSync,         ///< Syncs fail.
    };
    enum class Persistence : std::uint8_t { kOnce, kFromThenOn };
    /// Fails the `nth` operation from now on that `fault` can hit, counted from 1.
    void fail_nth(std::uint64_t nth, Fault fault, Persistence persistence);
    void repair();
    /// True if an operation has been failed since `fail_nth`.
    [[nodiscard]] bool has_failed() const;

    /// One operation on the files, or a note of the test between them.
    struct Record {
        enum class Kind : std::uint8_t { kWrite, kTruncate, kSync, kDelete, kNote } kind;
        std::string file;          ///< Last part of its path.
        std::uint64_t offset = 0;  ///< Of a write; the new size of a truncation; the note.
        std::string bytes;
    };
    void start_recording();
    void note(std::uint64_t value);
    [[nodiscard]] std::vector<Record> records() const;

    // For the file layer.

    enum class Operation : std::uint8_t { kOpen, kWrite, kSync, kTruncate };
    /// True: fail it.
    [[nodiscard]] bool fails(Operation operation, Fault& fault);
    void record(Record record);

private:
    struct Registration;

    const std::string name_;
    std::unique_ptr<Registration> registration_;
    // Shared.
    mutable Mutex mutex_;
    std::uint64_t countdown_ HOWL_GUARDED_BY(mutex_) = 0;
    Fault fault_ HOWL_GUARDED_BY(mutex_) = Fault::kInputOutput;
    Persistence persistence_ HOWL_GUARDED_BY(mutex_) = Persistence::kOnce;
    bool armed_ HOWL_GUARDED_BY(mutex_) = false;
    bool has_failed_ HOWL_GUARDED_BY(mutex_) = false;
    bool recording_ HOWL_GUARDED_BY(mutex_) = false;
    std::vector<Record> records_ HOWL_GUARDED_BY(mutex_);
};

/// The files that a power loss at some record leaves.
///
/// What a sync covered is kept. Of everything later, the disk may have kept any part: nothing, all,
/// some of the writes, or some sectors of a write.
class CrashedDisk {
public:
    enum class Survivors : std::uint8_t { kNone, kAll, kRandomWrites, kRandomSectors };
    static constexpr std::size_t kSector = 512;

    /// Takes the next record.
    void apply(const FaultVfs::Record& record);

    /// Contents by file name; files of which nothing is left are missing.
    template <class NextRandom>
    [[nodiscard]] std::map<std::string, std::string> files(Survivors survivors,
                                                           NextRandom next_random) const {
        std::map<std::string, std::string> out;
        for (const auto& [name, file] : files_) {
            if (file.deleted && survivors == Survivors::kAll) {
                continue;
            }
            std::string content = file.synced;
            for (const auto& record : file.unsynced) {
                const bool survives =
                    survivors == Survivors::kAll || survivors == Survivors::kRandomSectors ||
                    (survivors == Survivors::kRandomWrites && next_random() % 2 == 0);
                if (!survives) {
                    continue;
                }
                if (survivors == Survivors::kRandomSectors) {
                    write_some_sectors(content, record, next_random);
                } else {
                    write(content, record);
                }
            }
            if (!content.empty()) {
                out.emplace(name, std::move(content));
            }
        }
        return out;
    }

private:
    struct File {
        std::string synced;
        bool has_been_synced = false;
        bool deleted = false;  ///< But the directory has not been synced since.
        std::vector<FaultVfs::Record> unsynced;
    };

    void sync(File& file);
    static void write(std::string& content, const FaultVfs::Record& record);
    template <class NextRandom>
    static void write_some_sectors(std::string& content, const FaultVfs::Record& record,
                                   NextRandom& next_random) {
        if (record.kind == FaultVfs::Record::Kind::kTruncate) {
            return write(content, record);
        }
        for (std::size_t at = 0; at < record.bytes.size(); at += kSector) {
            if (next_random() % 2 == 0) {
                write(content, {record.kind, record.file, record.offset + at,
                                record.bytes.substr(at, kSector)});
            }
        }
    }

    std::map<std::string, File> files_;
};

}  // namespace howl::storage::sqlite
