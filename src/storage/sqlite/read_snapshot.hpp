// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "base/result.hpp"
#include "storage/sqlite/connection.hpp"

namespace howl::storage::sqlite {

/// One view of the file for all statements of an answer, as long as it lives.
///
/// Thread: the connection's, which only reads. Limits: one at a time on a connection.
class ReadSnapshot {
public:
    struct Statements {
        Statement begin;
        Statement end;

        [[nodiscard]] static Result<Statements> prepare(Connection& connection) {
            HOWL_TRY(begin, connection.prepare("BEGIN"));
            HOWL_TRY(end, connection.prepare("COMMIT"));
            return Statements{std::move(begin), std::move(end)};
        }
    };

    /// Errors: those of `Query::run`.
    [[nodiscard]] static Result<ReadSnapshot> begin(const Statements& statements) {
        Query query{statements.begin};
        HOWL_TRY_VOID(query.run());
        return ReadSnapshot{statements};
    }
    ReadSnapshot(ReadSnapshot&& other) noexcept
        : statements_(std::exchange(other.statements_, nullptr)) {}
    ReadSnapshot& operator=(ReadSnapshot&&) = delete;
    ~ReadSnapshot() {
        if (statements_ != nullptr) {
            Query query{statements_->end};
            // Nothing was written, so there is nothing that could fail to be.
            static_cast<void>(query.run());
        }
    }

private:
    explicit ReadSnapshot(const Statements& statements) : statements_(&statements) {}
    const Statements* statements_;
};

}  // namespace howl::storage::sqlite
