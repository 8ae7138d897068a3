// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "hub/store.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/read_snapshot.hpp"
#include "storage/sqlite/record_walk.hpp"
#include "storage/sqlite/stats.hpp"

namespace howl::storage::sqlite {

/// Changes rows of `records`, inside the transactions of a `GroupCommitter`.
///
/// Of an existing row only the version is read, so that a damaged record can still be overwritten
/// or removed.
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

/// Reads committed records, each answer from one snapshot.
///
/// Every row's checksum is compared. A row with a wrong checksum, or on a malformed page, is
/// counted and noted (`hub::note_unreadable`); a list leaves it out, and `get` fails.
///
/// Thread: the reading one; construction before it starts.
class RecordReader {
public:
    [[nodiscard]] static Result<RecordReader> create(Connection& connection, Counters& counters);

    // The reads of `hub::Store`. Errors: `kDamaged` of `get`, `kReadFailed`, `kOverloaded`.

    [[nodiscard]] Result<std::optional<hub::Record>> get(const hub::RecordKey& key);
    /// `committed`: a sequence through which everything was committed before this was called.
    [[nodiscard]] Result<hub::RecordList> list(const hub::Store::Query& query, Sequence committed);
    /// By the index alone, so unreadable records count too; not where the index is malformed.
    [[nodiscard]] Result<std::uint64_t> count(const hub::Store::Query& query);

private:
    struct Statements {
        ReadSnapshot::Statements snapshot;
        Statement newest_event;
        Statement by_id;
        Statement count_kind;
        Statement count_owner;
        RecordWalk of_kind;
        RecordWalk of_owner;
    };
    [[nodiscard]] Result<hub::Record> readable(const Query& row);
    /// Of the snapshot that is open: the sequence of the newest event, 0 where none can be read.
    [[nodiscard]] Sequence newest_event() const;
    /// Of those that can be read.
    template <class Use>
    [[nodiscard]] Result<void> for_each(const hub::Store::Query& wanted, Use use);

    RecordReader(Counters& counters, Statements statements)
        : counters_(&counters), statements_(std::move(statements)) {}

    Counters* counters_;
    Statements statements_;
};

}  // namespace howl::storage::sqlite
