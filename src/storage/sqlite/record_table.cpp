// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/record_table.hpp"

#include <string>
#include <utility>

#include "hub/record_check.hpp"
#include "storage/sqlite/rows.hpp"

namespace howl::storage::sqlite {

using hub::Record;
using hub::RecordKey;

Result<RecordWriter> RecordWriter::create(Connection& connection) {
    HOWL_TRY(version, connection.prepare("SELECT version FROM records WHERE kind = ? AND id = ?"));
    HOWL_TRY(put, connection.prepare("INSERT INTO records (" + std::string{kRecordColumns} +
                                     ") VALUES (?, ?, ?, ?, ?, ?)"
                                     " ON CONFLICT (kind, id) DO UPDATE SET"
                                     " owner = excluded.owner, version = excluded.version,"
                                     " data = excluded.data, checksum = excluded.checksum"));
    HOWL_TRY(remove, connection.prepare("DELETE FROM records WHERE kind = ? AND id = ?"));
    return RecordWriter{Statements{std::move(version), std::move(put), std::move(remove)}};
}

Result<void> RecordWriter::apply(const hub::RecordChange& change) {
    HOWL_TRY(present, version_of(change.key));
    HOWL_TRY_VOID(hub::check_version(change, present));
    if (!change.data) {
        Query query{statements_.remove};
        query.text(1, change.key.kind).text(2, change.key.id);
        return query.run();
    }
    const Record record{change.key, change.owner, present.next(), *change.data};
    Query query{statements_.put};
    bind_record(query, record);
    return query.run();
}

Result<Version> RecordWriter::version_of(const RecordKey& key) const {
    Query query{statements_.version};
    query.text(1, key.kind).text(2, key.id);
    HOWL_TRY(step, query.step());
    return step == Query::Step::kRow ? Version{query.number(0)} : Version{0};
}

Result<RecordReader> RecordReader::create(Connection& connection, Counters& counters) {
    const std::string records = "SELECT " + std::string{kRecordColumns} + " FROM records";
    HOWL_TRY(by_id, connection.prepare(records + " WHERE kind = ? AND id = ?"));
    HOWL_TRY(by_kind, connection.prepare(records + " WHERE kind = ? ORDER BY id"));
    HOWL_TRY(by_owner, connection.prepare(records + " WHERE kind = ? AND owner = ? ORDER BY id"));
    const std::string count = "SELECT count(*) FROM records WHERE kind = ?";
    HOWL_TRY(count_kind, connection.prepare(count));
    HOWL_TRY(count_owner, connection.prepare(count + " AND owner = ?"));
    return RecordReader{counters,
                        Statements{std::move(by_id), std::move(by_kind), std::move(by_owner),
                                   std::move(count_kind), std::move(count_owner)}};
}

Result<std::optional<Record>> RecordReader::get(const RecordKey& key) {
    Query query{statements_.by_id};
    query.text(1, key.kind).text(2, key.id);
    HOWL_TRY(step, query.step());
    if (step == Query::Step::kDone) {
        return std::nullopt;
    }
    HOWL_TRY(record, count_damage(*counters_, read_record(query)));
    return record;
}

Result<std::vector<Record>> RecordReader::list(const hub::Store::Query& wanted) {
    Query query{wanted.owner ? statements_.by_owner : statements_.by_kind};
    query.text(1, wanted.kind);
    if (wanted.owner) {
        query.text(2, *wanted.owner);
    }
    std::vector<Record> found;
    for (;;) {
        HOWL_TRY(step, query.step());
        if (step == Query::Step::kDone) {
            return found;
        }
        HOWL_TRY(record, count_damage(*counters_, read_record(query)));
        found.push_back(std::move(record));
    }
}

Result<std::uint64_t> RecordReader::count(const hub::Store::Query& wanted) {
    Query query{wanted.owner ? statements_.count_owner : statements_.count_kind};
    query.text(1, wanted.kind);
    if (wanted.owner) {
        query.text(2, *wanted.owner);
    }
    HOWL_TRY_VOID(query.step());
    return query.number(0);
}

}  // namespace howl::storage::sqlite
