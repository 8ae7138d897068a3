// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "base/mutex.hpp"

namespace howl::storage::sqlite {

/// Whether the store takes writes, and if not, why: for the operator's log, for `/metrics` and for
/// `/readyz`.
///
/// A full disk fails every commit until there is space; its begin and its end are logged. A store
/// that has failed for good is logged once.
///
/// Thread: any.
class WriteHealth {
public:
    explicit WriteHealth(std::filesystem::path directory) : directory_(std::move(directory)) {}
    ~WriteHealth();
    WriteHealth(const WriteHealth&) = delete;
    WriteHealth& operator=(const WriteHealth&) = delete;

    /// `operation` ("commit", "checkpoint", ...) was refused. `kOverloaded` (another process holds
    /// the file) is counted and changes nothing.
    void failed(std::string_view operation, const Error& error);
    /// A commit reached the disk.
    void succeeded();

    /// The WAL could not be checkpointed, for now. The events are safe in it and writes go on, so
    /// it is not reported by `trouble`, but the file grows: counted, and logged when it begins.
    void checkpoint_failed(const Error& error);
    void checkpointed();

    /// Why writes are refused; empty: they are not.
    [[nodiscard]] std::optional<Error> trouble() const;

private:
    const std::filesystem::path directory_;
    // Shared.
    mutable Mutex mutex_;
    bool wal_stays_ HOWL_GUARDED_BY(mutex_) = false;  ///< The last checkpoint failed.
    std::optional<Error> trouble_ HOWL_GUARDED_BY(mutex_);
};

}  // namespace howl::storage::sqlite
