// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "hub/store.hpp"
#include "storage/dynamodb/item.hpp"
#include "storage/dynamodb/settings.hpp"
#include "storage/outbox/foreign_store.hpp"

/// The bodies of our requests, API version 2012-08-10. Names stand behind `#`, because many plain
/// words are reserved in expressions.
namespace howl::storage::dynamodb {

/// `GetItem`, consistent.
[[nodiscard]] boost::json::object get_request(const Table& table, std::string_view id);

/// `UpdateItem`: the commit itself. Sets or removes the record if its version is the expected one,
/// appends the events to `pending`, and answers with the whole item.
[[nodiscard]] boost::json::object commit_request(const Table& table,
                                                 const hub::RecordChange& change,
                                                 const PendingCommit& commit);

/// `UpdateItem`: takes `pending` away if no commit has come since that of `token`.
[[nodiscard]] boost::json::object clear_request(const Table& table, std::string_view id,
                                                std::string_view token);
/// `DeleteItem`: takes a tombstone away, on the same condition.
[[nodiscard]] boost::json::object bury_request(const Table& table, std::string_view id,
                                               std::string_view token);

using Columns = outbox::ForeignStore::Columns;
/// A page of many items: which operation it is, and its body without `ExclusiveStartKey`.
struct ListRequest {
    std::string_view operation;
    boost::json::object body;
};
/// `Query` on the owner index, which follows the table late; without an owner a consistent `Scan`.
/// Tombstones are left out.
[[nodiscard]] ListRequest list_request(const Table& table, const hub::Store::Query& query,
                                       Columns columns);
/// True if the list is as new as the last commit.
[[nodiscard]] bool is_consistent(const hub::Store::Query& query);
/// `Scan`, consistent: what the relay has to look after, items with pending events and tombstones.
[[nodiscard]] ListRequest unresolved_request(const Table& table);

/// `Scan`, consistent: all items, tombstones too.
[[nodiscard]] ListRequest everything_request(const Table& table);
/// `DeleteItem`, whatever it is.
[[nodiscard]] boost::json::object delete_request(const Table& table, std::string_view id);

/// `CreateTable` with the owner index, paid by request.
[[nodiscard]] boost::json::object create_table_request(const Table& table);
/// `DescribeTable`.
[[nodiscard]] boost::json::object describe_table_request(const Table& table);

}  // namespace howl::storage::dynamodb
