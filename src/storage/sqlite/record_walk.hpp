// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "hub/store.hpp"
#include "storage/sqlite/connection.hpp"

namespace howl::storage::sqlite {

/// Visits rows of `records`, also where pages of the file are malformed: one bad sector loses the
/// records on it and no others.
///
/// An undamaged file is read by one statement, and so from one snapshot. Where that ends at a
/// malformed page, the keys behind it come from their index and the rows one by one; where the
/// index itself ends at one, the table is scanned for rows that the index has not named.
///
/// Thread: the connection's. It must be read-only: a writing one does not report damage.
class RecordWalk {
public:
    /// `wanted`: an SQL condition with parameters.
    [[nodiscard]] static Result<RecordWalk> create(Connection& connection, std::string_view wanted);

    struct Visitor {
        /// The columns are `kRecordColumns`.
        std::function<void(const Query& row)> on_row;
        /// A record that exists, on a malformed page.
        std::function<void(const hub::RecordKey& key, const Error& error)> on_lost;
        /// A malformed page of the index on the keys. Later rows come in no order.
        std::function<void(const Error& error)> on_broken_order;
    };
    /// In the order of kind and id. Errors: `kReadFailed`, `kOverloaded`.
    [[nodiscard]] Result<void> run(std::span<const std::string_view> parameters,
                                   const Visitor& visitor) const;

private:
    struct Statements {
        Statement rows;
        Statement keys;
        Statement row;
        Statement table;
    };
    class Run;
    explicit RecordWalk(Statements statements) : statements_(std::move(statements)) {}

    Statements statements_;
};

}  // namespace howl::storage::sqlite
