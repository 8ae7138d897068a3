// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "hub/store.hpp"
#include "storage/sqlite/record_table.hpp"
#include "storage/sqlite/sqlite_event_log.hpp"

namespace howl::storage::sqlite {

/// Records in the database of a `SqliteEventLog`, written by its writer in the transactions of its
/// events, read on its reading thread.
///
/// ```
///   auto log = SqliteEventLog::open(...).value();
///   auto store = SqliteStore::open(*log).value();  // Before log->start().
///   log->start(listener);  ...  log->stop();
///   store.reset();                                 // After log->stop(): its queues use the store.
///   log.reset();                                   // Closes the connections of our statements.
/// ```
///
/// Thread: any.
/// Errors: a change that `check_record_change` refuses goes straight to `AppendBatch::done`.
class SqliteStore final : public hub::Store {
public:
    /// Errors: those of `Query::step`. Requires: `log` has not started.
    [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> open(SqliteEventLog& log);

    void get(hub::RecordKey key, GetDone done) override;
    void list(Query query, ListDone done) override;
    void count(Query query, CountDone done) override;
    void commit(hub::RecordChange change, hub::AppendBatch batch) override;

private:
    SqliteStore(SqliteEventLog& log, RecordWriter writer, RecordReader reader)
        : log_(log), writer_(std::move(writer)), reader_(std::move(reader)) {}

    template <class Answer, class Ask>
    void read(Ask ask, std::move_only_function<void(Result<Answer>)> done);

    SqliteEventLog& log_;
    RecordWriter writer_;  ///< The writer's thread.
    RecordReader reader_;  ///< The reading thread.
};

}  // namespace howl::storage::sqlite
