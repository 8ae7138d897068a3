// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/dynamo_items.hpp"

#include <optional>
#include <utility>

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "base/assert.hpp"
#include "base/utf8.hpp"
#include "storage/dynamodb/requests.hpp"
#include "storage/dynamodb/table_setup.hpp"

namespace howl::storage::dynamodb {

std::vector<std::string> DynamoItems::kinds() const {
    std::vector<std::string> kinds;
    for (const auto& [kind, table] : tables_.by_kind()) {
        kinds.push_back(kind);
    }
    return kinds;
}

Result<void> DynamoItems::check_kind(const std::string& kind) const {
    if (tables_.find(kind) == nullptr) {
        return fail(Errc::kInvalidConfig, "dynamodb", fmt::format("no table for {}", kind));
    }
    return {};
}

Result<void> DynamoItems::check_change(const hub::RecordChange& change) const {
    HOWL_TRY_VOID(check_kind(change.key.kind));
    if (!is_valid_utf8(change.key.id) || !is_valid_utf8(change.owner)) {
        return fail(Errc::kInvalidUtf8, "commit",
                    fmt::format("a name in {}", table_of(change.key.kind).name));
    }
    return {};
}

const Table& DynamoItems::table_of(const std::string& kind) const {
    const Table* const table = tables_.find(kind);
    HOWL_ASSERT(table != nullptr);
    return *table;
}

void DynamoItems::open(Done done) {
    check_tables(calls_, tables_, std::move(done));
}

void DynamoItems::read(const hub::RecordKey& key, SteadyTime deadline, ReadDone done) {
    const Table& table = table_of(key.kind);
    auto on_answer = [&table,
                      done = std::move(done)](const Result<boost::json::object>& answer) mutable {
        done(item_in(table, answer, "Item"));
    };
    calls_.make("GetItem", get_request(table, key.id), deadline, std::move(on_answer));
}

void DynamoItems::write(const hub::RecordChange& change, const PendingCommit& commit,
                        SteadyTime deadline, WriteDone done) {
    const Table& table = table_of(change.key.kind);
    auto on_answer = [&table,
                      done = std::move(done)](const Result<boost::json::object>& answer) mutable {
        auto item = item_in(table, answer, "Attributes");
        if (!item) {
            done(std::unexpected(std::move(item).error()));
        } else if (!*item) {
            done(fail(Errc::kStorageFailed, "dynamodb", "no item in the answer"));
        } else {
            done(std::move(**item));
        }
    };
    calls_.make("UpdateItem", commit_request(table, change, commit), deadline,
                std::move(on_answer));
}

void DynamoItems::clear(const Item& seen, Done done) {
    const Table& table = table_of(seen.key.kind);
    const auto request = seen.is_tombstone() ? bury_request(table, seen.key.id, seen.token)
                                             : clear_request(table, seen.key.id, seen.token);
    auto on_answer = [done = std::move(done)](const Result<boost::json::object>& answer) mutable {
        done(answer ? Result<void>{} : std::unexpected(answer.error()));
    };
    calls_.make(seen.is_tombstone() ? "DeleteItem" : "UpdateItem", request, calls_.deadline(),
                std::move(on_answer));
}

void DynamoItems::list(const hub::Store::Query& query, Columns columns, OnPage on_page, Done done) {
    const Table& table = table_of(query.kind);
    lister_.read(table, list_request(table, query, columns), std::move(on_page), std::move(done));
}

bool DynamoItems::is_late(const hub::Store::Query& query) const {
    return !is_consistent(query);
}

void DynamoItems::list_unresolved(const std::string& kind, OnPage on_page, Done done) {
    const Table& table = table_of(kind);
    lister_.read(table, unresolved_request(table), std::move(on_page), std::move(done));
}

}  // namespace howl::storage::dynamodb
