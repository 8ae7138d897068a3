// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/fault_vfs_for_test.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <new>
#include <utility>

#include <sqlite3.h>

namespace howl::storage::sqlite {
namespace {

using Fault = FaultVfs::Fault;
using Kind = FaultVfs::Record::Kind;
using Operation = FaultVfs::Operation;

/// The file that SQLite uses; the system's own follows it in memory.
struct WrappedFile {
    sqlite3_file base;
    FaultVfs* vfs;
    std::string* name;
    sqlite3_file* real;
};

WrappedFile& wrapped(sqlite3_file* file) {
    return *reinterpret_cast<WrappedFile*>(file);
}
sqlite3_file* real(sqlite3_file* file) {
    return wrapped(file).real;
}
sqlite3_vfs* system_vfs() {
    return sqlite3_vfs_find("unix");
}

int on_close(sqlite3_file* file) {
    auto& self = wrapped(file);
    const int code = self.real->pMethods != nullptr ? self.real->pMethods->xClose(self.real) : 0;
    delete self.name;
    return code;
}

int on_read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
    return real(file)->pMethods->xRead(real(file), bytes, size, offset);
}

int on_write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    auto& self = wrapped(file);
    auto fault = Fault::kInputOutput;
    const bool fails = self.vfs->fails(Operation::kWrite, fault);
    const int written = fails ? size / 2 : size;
    const int code = self.real->pMethods->xWrite(self.real, bytes, written, offset);
    self.vfs->record({Kind::kWrite,
                      *self.name,
                      static_cast<std::uint64_t>(offset),
                      {static_cast<const char*>(bytes), static_cast<std::size_t>(written)}});
    if (fails) {
        return fault == Fault::kDiskFull ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    return code;
}

int on_truncate(sqlite3_file* file, sqlite3_int64 size) {
    auto& self = wrapped(file);
    auto fault = Fault::kInputOutput;
    if (self.vfs->fails(Operation::kTruncate, fault)) {
        return SQLITE_IOERR_TRUNCATE;
    }
    self.vfs->record({Kind::kTruncate, *self.name, static_cast<std::uint64_t>(size), {}});
    return self.real->pMethods->xTruncate(self.real, size);
}

int on_sync(sqlite3_file* file, int /*flags*/) {
    auto& self = wrapped(file);
    auto fault = Fault::kInputOutput;
    if (self.vfs->fails(Operation::kSync, fault)) {
        return SQLITE_IOERR_FSYNC;
    }
    self.vfs->record({Kind::kSync, *self.name, 0, {}});
    return SQLITE_OK;
}

int on_file_size(sqlite3_file* file, sqlite3_int64* size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}
int on_lock(sqlite3_file* file, int level) {
    return real(file)->pMethods->xLock(real(file), level);
}
int on_unlock(sqlite3_file* file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
}
int on_check_reserved_lock(sqlite3_file* file, int* is_reserved) {
    return real(file)->pMethods->xCheckReservedLock(real(file), is_reserved);
}
int on_file_control(sqlite3_file* file, int operation, void* argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
int on_sector_size(sqlite3_file* file) {
    return real(file)->pMethods->xSectorSize(real(file));
}
int on_device_characteristics(sqlite3_file* file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int on_shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}
int on_shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void on_shm_barrier(sqlite3_file* file) {
    real(file)->pMethods->xShmBarrier(real(file));
}
int on_shm_unmap(sqlite3_file* file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

constexpr sqlite3_io_methods kMethods{
    .iVersion = 2,  // No memory-mapped reads of the file.
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_file_size,
    .xLock = on_lock,
    .xUnlock = on_unlock,
    .xCheckReservedLock = on_check_reserved_lock,
    .xFileControl = on_file_control,
    .xSectorSize = on_sector_size,
    .xDeviceCharacteristics = on_device_characteristics,
    .xShmMap = on_shm_map,
    .xShmLock = on_shm_lock,
    .xShmBarrier = on_shm_barrier,
    .xShmUnmap = on_shm_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

std::string last_part(const char* path) {
    return path == nullptr ? "temporary" : std::filesystem::path{path}.filename().string();
}

int on_open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* file, int flags,
            int* flags_out) {
    auto& owner = *static_cast<FaultVfs*>(vfs->pAppData);
    file->pMethods = nullptr;
    auto fault = Fault::kInputOutput;
    if (owner.fails(Operation::kOpen, fault)) {
        return SQLITE_CANTOPEN;
    }
    auto* const inner = reinterpret_cast<sqlite3_file*>(&wrapped(file) + 1);
    const int code = system_vfs()->xOpen(system_vfs(), path, inner, flags, flags_out);
    if (code == SQLITE_OK) {
        wrapped(file) = {{&kMethods}, &owner, new std::string{last_part(path)}, inner};
    }
    return code;
}

int on_delete(sqlite3_vfs* vfs, const char* path, int sync_directory) {
    static_cast<FaultVfs*>(vfs->pAppData)->record({Kind::kDelete, last_part(path), 0, {}});
    return system_vfs()->xDelete(system_vfs(), path, sync_directory);
}

}  // namespace

struct FaultVfs::Registration {
    sqlite3_vfs vfs;
};

FaultVfs::FaultVfs()
    : name_("fault-" + std::to_string([] {
                static std::atomic<unsigned> count = 0;
                return count++;
            }())),
      registration_(std::make_unique<Registration>(Registration{*system_vfs()})) {
    auto& vfs = registration_->vfs;
    vfs.pNext = nullptr;
    vfs.szOsFile = static_cast<int>(sizeof(WrappedFile)) + system_vfs()->szOsFile;
    vfs.zName = name_.c_str();
    vfs.pAppData = this;
    vfs.xOpen = on_open;
    vfs.xDelete = on_delete;
    sqlite3_vfs_register(&vfs, 0);
}

FaultVfs::~FaultVfs() {
    sqlite3_vfs_unregister(&registration_->vfs);
}

void FaultVfs::fail_nth(std::uint64_t nth, Fault fault, Persistence persistence) {
    const MutexLock lock{mutex_};
    countdown_ = nth;
    fault_ = fault;
    persistence_ = persistence;
    armed_ = true;
    has_failed_ = false;
}

void FaultVfs::repair() {
    const MutexLock lock{mutex_};
    armed_ = false;
}

bool FaultVfs::has_failed() const {
    const MutexLock lock{mutex_};
    return has_failed_;
}

void FaultVfs::start_recording() {
    const MutexLock lock{mutex_};
    recording_ = true;
}

void FaultVfs::note(std::uint64_t value) {
    record({Record::Kind::kNote, {}, value, {}});
}

std::vector<FaultVfs::Record> FaultVfs::records() const {
    const MutexLock lock{mutex_};
    return records_;
}

bool FaultVfs::fails(Operation operation, Fault& fault) {
    const MutexLock lock{mutex_};
    fault = fault_;
    const bool hit = armed_ && (fault_ == Fault::kInputOutput ||
                                (fault_ == Fault::kDiskFull && operation == Operation::kWrite) ||
                                (fault_ == Fault::kSync && operation == Operation::kSync));
    if (!hit) {
        return false;
    }
    if (countdown_ > 1) {
        --countdown_;
        return false;
    }
    has_failed_ = true;
    armed_ = persistence_ == Persistence::kFromThenOn;
    return true;
}

void FaultVfs::record(Record record) {
    const MutexLock lock{mutex_};
    if (recording_) {
        records_.push_back(std::move(record));
    }
}

void CrashedDisk::apply(const FaultVfs::Record& record) {
    if (record.kind == Kind::kNote) {
        return;
    }
    auto& file = files_[record.file];
    if (record.kind == Kind::kSync) {
        sync(file);
    } else if (record.kind == Kind::kDelete) {
        file.deleted = true;
    } else {
        if (file.deleted) {
            file = {};
        }
        file.unsynced.push_back(record);
    }
}

void CrashedDisk::sync(File& file) {
    for (const auto& record : std::exchange(file.unsynced, {})) {
        write(file.synced, record);
    }
    if (!std::exchange(file.has_been_synced, true)) {
        std::erase_if(files_, [](const auto& entry) { return entry.second.deleted; });
    }
}

void CrashedDisk::write(std::string& content, const FaultVfs::Record& record) {
    if (record.kind == Kind::kTruncate) {
        content.resize(record.offset);
        return;
    }
    const auto end = record.offset + record.bytes.size();
    if (content.size() < end) {
        content.resize(end);
    }
    std::ranges::copy(record.bytes,
                      content.begin() + static_cast<std::string::difference_type>(record.offset));
}

}  // namespace howl::storage::sqlite
