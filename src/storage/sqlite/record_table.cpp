// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/record_table.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "hub/record_check.hpp"
#include "hub/unreadable_records.hpp"
#include "storage/sqlite/record_inspection.hpp"
#include "storage/sqlite/rows.hpp"

namespace howl::storage::sqlite {

using hub::Record;
using hub::RecordKey;

Result<RecordWriter> RecordWriter::create(Connection& connection) {
    HOWL_TRY(version, connection.prepare("SELECT version FROM records WHERE kind = ? AND id = ?"));
    const auto insert = fmt::format(
        "INSERT INTO records ({}) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (kind, id) DO UPDATE SET owner = excluded.owner, version = excluded.version,"
        " data = excluded.data, checksum = excluded.checksum",
        kRecordColumns);
    HOWL_TRY(put, connection.prepare(insert));
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
    // A damaged row with version 0 must not be taken for a missing one.
    return step == Query::Step::kRow ? Version{std::max<std::uint64_t>(1, query.number(0))}
                                     : Version{0};
}

Result<RecordReader> RecordReader::create(Connection& connection, Counters& counters) {
    HOWL_TRY(snapshot, ReadSnapshot::Statements::prepare(connection));
    HOWL_TRY(newest_event, connection.prepare("SELECT max(sequence) FROM events"));
    const std::string records = "SELECT " + std::string{kRecordColumns} + " FROM records";
    HOWL_TRY(by_id, connection.prepare(records + " WHERE kind = ? AND id = ?"));
    HOWL_TRY(of_kind, RecordWalk::create(connection, "kind = ?"));
    HOWL_TRY(of_owner, RecordWalk::create(connection, "kind = ? AND owner = ?"));
    const std::string count = "SELECT count(*) FROM records WHERE kind = ?";
    HOWL_TRY(count_kind, connection.prepare(count));
    HOWL_TRY(count_owner, connection.prepare(count + " AND owner = ?"));
    return RecordReader{
        counters, Statements{std::move(snapshot), std::move(newest_event), std::move(by_id),
                             std::move(count_kind), std::move(count_owner), std::move(of_kind),
                             std::move(of_owner)}};
}

Result<std::optional<Record>> RecordReader::get(const RecordKey& key) {
    Query query{statements_.by_id};
    query.text(1, key.kind).text(2, key.id);
    HOWL_TRY(step, query.step());
    if (step == Query::Step::kDone) {
        return std::nullopt;
    }
    HOWL_TRY(record, readable(query));
    return record;
}

Result<Record> RecordReader::readable(const Query& row) {
    auto record = count_damage(*counters_, read_record(row));
    if (!record) {
        const RecordKey key{std::string{row.bytes(0)}, std::string{row.bytes(1)}};
        hub::note_unreadable(RecordInspection::kTable, name_of(key), record.error());
    }
    return record;
}

Result<hub::RecordList> RecordReader::list(const hub::Store::Query& wanted, Sequence committed) {
    HOWL_TRY(snapshot, ReadSnapshot::begin(statements_.snapshot));
    std::vector<Record> found;
    HOWL_TRY_VOID(
        for_each(wanted, [&found](Record record) { found.push_back(std::move(record)); }));
    const auto id_of = [](const Record& record) -> const std::string& { return record.key.id; };
    if (!std::ranges::is_sorted(found, {}, id_of)) {
        std::ranges::sort(found, {}, id_of);
    }
    return hub::RecordList{std::move(found), std::max(committed, newest_event())};
}

Sequence RecordReader::newest_event() const {
    Query query{statements_.newest_event};
    const auto step = query.step();
    return Sequence{step && *step == Query::Step::kRow ? query.number(0) : 0};
}

Result<std::uint64_t> RecordReader::count(const hub::Store::Query& wanted) {
    Query query{wanted.owner ? statements_.count_owner : statements_.count_kind};
    query.text(1, wanted.kind);
    if (wanted.owner) {
        query.text(2, *wanted.owner);
    }
    const auto step = query.step();
    if (step) {
        return query.number(0);
    }
    if (step.error().code != Errc::kDamaged) {
        return std::unexpected(step.error());
    }
    std::uint64_t count = 0;  // A page of the index is malformed.
    HOWL_TRY_VOID(for_each(wanted, [&count](const Record& /*record*/) { ++count; }));
    return count;
}

template <class Use>
Result<void> RecordReader::for_each(const hub::Store::Query& wanted, Use use) {
    std::vector<std::string_view> parameters{wanted.kind};
    if (wanted.owner) {
        parameters.emplace_back(*wanted.owner);
    }
    const auto on_row = [&](const Query& row) {
        if (auto record = readable(row)) {
            use(std::move(*record));
        }
    };
    const auto on_lost = [&](const RecordKey& key, const Error& error) {
        counters_->damage.add(error);
        hub::note_unreadable(RecordInspection::kTable, name_of(key), error);
    };
    const auto on_broken_order = [&](const Error& error) { counters_->damage.add(error); };
    return (wanted.owner ? statements_.of_owner : statements_.of_kind)
        .run(parameters, {on_row, on_lost, on_broken_order});
}

}  // namespace howl::storage::sqlite
