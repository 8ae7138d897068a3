// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "storage/dynamodb/calls.hpp"
#include "storage/dynamodb/lister.hpp"
#include "storage/dynamodb/tables.hpp"
#include "storage/outbox/foreign_store.hpp"

namespace howl::storage::dynamodb {

/// The tables as a foreign store: what an outbox asks for, in DynamoDB's words. A commit is one
/// conditional `UpdateItem`; a list by owner reads the owner index, which follows its table late.
///
/// Thread: the loop's, except where the port says any.
class DynamoItems final : public outbox::ForeignStore {
public:
    DynamoItems(Calls& calls, std::vector<Table> tables)
        : calls_(calls), tables_(std::move(tables)), lister_(calls) {}

    [[nodiscard]] std::vector<std::string> kinds() const override;
    [[nodiscard]] Result<void> check_kind(const std::string& kind) const override;
    [[nodiscard]] Result<void> check_change(const hub::RecordChange& change) const override;

    /// Errors: `check_tables`.
    void open(Done done) override;
    void read(const hub::RecordKey& key, SteadyTime deadline, ReadDone done) override;
    void write(const hub::RecordChange& change, const outbox::PendingCommit& commit,
               SteadyTime deadline, WriteDone done) override;
    void clear(const outbox::Item& seen, Done done) override;
    void list(const hub::Store::Query& query, Columns columns, OnPage on_page, Done done) override;
    [[nodiscard]] bool is_late(const hub::Store::Query& query) const override;
    void list_unresolved(const std::string& kind, OnPage on_page, Done done) override;

private:
    /// Requires: `check_kind` has passed.
    [[nodiscard]] const Table& table_of(const std::string& kind) const;

    Calls& calls_;
    const Tables tables_;
    Lister lister_;
};

}  // namespace howl::storage::dynamodb
