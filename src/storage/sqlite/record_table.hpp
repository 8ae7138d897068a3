// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "hub/store.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/stats.hpp"

namespace howl::storage::sqlite {

/// Changes rows of `records`, inside the transactions of a `GroupCommitter`.
///
/// Of a row that is there only the version is read, so that a damaged record can still be written
/// over or removed.
///
/// Thread: the writer's; construction before it starts.
class RecordWriter {
public:
    [[nodiscard]] static Result<RecordWriter> create(Connection& connection);

    /// Errors: `kVersionConflict`, after which nothing was changed, and those of `Query::step`.
    [[nodiscard]] Result<void> apply(const hub::RecordChange& change);

private:
    struct Statements {
        Statement version;
        Statement put;
        Statement remove;
    };
    explicit RecordWriter(Statements statements) : statements_(std::move(statements)) {}

    /// 0: there is no such record.
    [[nodiscard]] Result<Version> version_of(const hub::RecordKey& key) const;

    Statements statements_;
};

/// Answers questions about committed records, each in one statement and so from one snapshot.
///
/// Every row's checksum is compared; a row that does not fit fails the answer and is counted.
///
/// Thread: the reading one; construction before it starts.
class RecordReader {
public:
    [[nodiscard]] static Result<RecordReader> create(Connection& connection, Counters& counters);

    /// The questions of `hub::Store`. Errors: `kStorageFailed`.
    [[nodiscard]] Result<std::optional<hub::Record>> get(const hub::RecordKey& key);
    [[nodiscard]] Result<std::vector<hub::Record>> list(const hub::Store::Query& query);
    [[nodiscard]] Result<std::uint64_t> count(const hub::Store::Query& query);

private:
    struct Statements {
        Statement by_id;
        Statement by_kind;
        Statement by_owner;
        Statement count_kind;
        Statement count_owner;
    };
    RecordReader(Counters& counters, Statements statements)
        : counters_(&counters), statements_(std::move(statements)) {}

    Counters* counters_;
    Statements statements_;
};

}  // namespace howl::storage::sqlite
