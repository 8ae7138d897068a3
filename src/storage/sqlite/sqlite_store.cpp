// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/sqlite_store.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "hub/record_check.hpp"

namespace howl::storage::sqlite {

template <class Answer, class Ask>
void SqliteStore::read(Ask ask, std::move_only_function<void(Result<Answer>)> done) {
    log_.read_queue().submit(
        [ask = std::move(ask), done = std::move(done)](const Result<EventReader*>& turn) mutable {
            done(turn ? ask() : std::unexpected(turn.error()));
        });
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(SqliteEventLog& log) {
    HOWL_TRY(writer, RecordWriter::create(log.writing_connection()));
    HOWL_TRY(reader, RecordReader::create(log.reading_connection(), log.counters()));
    return std::unique_ptr<SqliteStore>{new SqliteStore{log, std::move(writer), std::move(reader)}};
}

void SqliteStore::get(hub::RecordKey key, GetDone done) {
    read([this, key = std::move(key)] { return reader_.get(key); }, std::move(done));
}

void SqliteStore::list(Query query, ListDone done) {
    auto ask = [this, query = std::move(query)] {
        return reader_.list(query, log_.committed_through());
    };
    read(std::move(ask), std::move(done));
}

void SqliteStore::count(Query query, CountDone done) {
    read([this, query = std::move(query)] { return reader_.count(query); }, std::move(done));
}

void SqliteStore::commit(hub::RecordChange change, hub::AppendBatch batch) {
    if (auto sound = hub::check_record_change(change); !sound) {
        batch.done(std::unexpected(std::move(sound).error()));
        return;
    }
    batch.updates.push_back(hub::update_of(change));
    log_.append_with(std::move(batch),
                     [this, change = std::move(change)] { return writer_.apply(change); });
}

}  // namespace howl::storage::sqlite
