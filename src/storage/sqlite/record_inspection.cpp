// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/record_inspection.hpp"

#include <functional>
#include <string>
#include <system_error>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/utf8.hpp"
#include "storage/sqlite/record_walk.hpp"
#include "storage/sqlite/rows.hpp"

namespace howl::storage::sqlite {
namespace {

namespace json = boost::json;

/// Text as it is; other bytes in hexadecimal digits.
json::object shown(std::string_view bytes) {
    if (is_valid_utf8(bytes)) {
        return {{"text", bytes}};
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (const char byte : bytes) {
        const auto value = static_cast<unsigned char>(byte);
        hex += {kDigits[value >> 4U], kDigits[value & 0xFU]};
    }
    return {{"hex", hex}};
}

hub::UnreadableRecord described(const Query& row, const Error& why) {
    const hub::RecordKey key{std::string{row.bytes(0)}, std::string{row.bytes(1)}};
    const json::object content{
        {"kind", shown(row.bytes(0))},  {"id", shown(row.bytes(1))},
        {"owner", shown(row.bytes(2))}, {"version", row.integer(3)},
        {"data", shown(row.bytes(4))},  {"checksum", row.integer(5)},
    };
    return {std::string{RecordInspection::kTable}, name_of(key), hub::reason_of(why),
            json::serialize(content)};
}

/// False in a file of a version before `table`.
Result<bool> has_table(Connection& connection, std::string_view table) {
    HOWL_TRY(tables, connection.query_integer(fmt::format(
                         "SELECT count(*) FROM sqlite_schema WHERE name = '{}'", table)));
    return tables > 0;
}

/// No rows where a file of an earlier version has no `table`.
Result<void> for_each_row(Connection& connection, std::string_view table, std::string_view columns,
                          const std::function<void(const Query&)>& use) {
    HOWL_TRY(is_there, has_table(connection, table));
    if (!is_there) {
        return {};
    }
    HOWL_TRY(all,
             connection.prepare(fmt::format("SELECT {} FROM {} ORDER BY 1, 2", columns, table)));
    Query query{all};
    for (;;) {
        HOWL_TRY(step, query.step());
        if (step == Query::Step::kDone) {
            return {};
        }
        use(query);
    }
}

}  // namespace

std::string name_of(const hub::RecordKey& key) {
    return key.kind + "/" + key.id;
}

Result<std::optional<RecordInspection>> RecordInspection::open(const std::filesystem::path& path,
                                                               Purpose purpose) {
    std::optional<RecordInspection> out;
    std::error_code error;
    if (!std::filesystem::exists(path / "howl.db", error)) {
        return out;
    }
    std::optional<DataDirectory> directory;
    if (purpose == Purpose::kRepair) {
        HOWL_TRY(locked, DataDirectory::open(path));
        directory.emplace(std::move(locked));
    }
    std::optional<Connection> writing;
    if (purpose == Purpose::kRepair) {
        HOWL_TRY(opened, Connection::open(path / "howl.db", Connection::Access::kReadWrite));
        writing.emplace(std::move(opened));
    }
    HOWL_TRY(connection, Connection::open(path / "howl.db", Connection::Access::kReadOnly));
    out.emplace(RecordInspection{std::move(directory), std::move(writing), std::move(connection)});
    return out;
}

Result<std::vector<hub::UnreadableRecord>> RecordInspection::find(const hub::RecordCheck& check) {
    std::vector<hub::UnreadableRecord> found;
    HOWL_TRY_VOID(find_records(check, found));
    HOWL_TRY_VOID(find_topics(found));
    HOWL_TRY_VOID(find_forgotten(found));
    return found;
}

Result<void> RecordInspection::find_records(const hub::RecordCheck& check,
                                            std::vector<hub::UnreadableRecord>& found) {
    HOWL_TRY(is_there, has_table(connection_, kTable));
    if (!is_there) {
        return {};
    }
    HOWL_TRY(all, RecordWalk::create(connection_, "TRUE"));
    const RecordWalk::Visitor visitor{
        .on_row =
            [&](const Query& row) {
                const auto record = read_record(row);
                auto sound = record ? check(*record) : std::unexpected(record.error());
                if (!sound) {
                    found.push_back(described(row, sound.error()));
                }
            },
        .on_lost =
            [&](const hub::RecordKey& key, const Error& error) {
                const json::object content{{"kind", shown(key.kind)}, {"id", shown(key.id)}};
                found.push_back({std::string{kTable}, name_of(key), hub::reason_of(error),
                                 json::serialize(content)});
            },
        .on_broken_order = [](const Error&) {}};
    return all.run({}, visitor);
}

Result<void> RecordInspection::find_topics(std::vector<hub::UnreadableRecord>& found) {
    return for_each_row(connection_, "topics", kTopicColumns, [&found](const Query& query) {
        if (const auto topic = read_topic(query); !topic) {
            const json::object content{{"name", shown(query.bytes(1))},
                                       {"last_offset", shown(query.bytes(2))},
                                       {"last_sequence", shown(query.bytes(3))},
                                       {"evicted_offset", shown(query.bytes(4))}};
            found.push_back({"topics", fmt::format("topic/{}", query.integer(0)),
                             hub::reason_of(topic.error()), json::serialize(content),
                             hub::UnreadableRecord::Remedy::kStart});
        }
    });
}

Result<void> RecordInspection::find_forgotten(std::vector<hub::UnreadableRecord>& found) {
    const auto add = [&found](const Query& query) {
        if (const auto row = read_forgotten(query); !row) {
            const json::object content{{"last_offset", shown(query.bytes(1))},
                                       {"last_sequence", shown(query.bytes(2))}};
            found.push_back({"forgotten_topics", fmt::format("bucket/{}", query.integer(0)),
                             hub::reason_of(row.error()), json::serialize(content),
                             hub::UnreadableRecord::Remedy::kStart});
        }
    };
    return for_each_row(connection_, "forgotten_topics", kForgottenColumns, add);
}

Result<void> RecordInspection::remove(const hub::UnreadableRecord& record) {
    // By the name as it is shown, since kind and id may be damaged.
    HOWL_TRY(statement, writing_->prepare("DELETE FROM records WHERE kind || '/' || id = ?"));
    Query query{statement};
    query.text(1, record.id);
    return query.run();
}

}  // namespace howl::storage::sqlite
