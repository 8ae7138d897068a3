// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/record_walk.hpp"

#include <set>
#include <string>
#include <tuple>

#include <fmt/format.h>

#include "storage/sqlite/rows.hpp"

namespace howl::storage::sqlite {

using hub::RecordKey;

namespace {

RecordKey key_of(const Query& row) {
    return {std::string{row.bytes(0)}, std::string{row.bytes(1)}};
}

struct ByKindAndId {
    bool operator()(const RecordKey& a, const RecordKey& b) const {
        return std::tie(a.kind, a.id) < std::tie(b.kind, b.id);
    }
};

}  // namespace

class RecordWalk::Run {
public:
    Run(const Statements& statements, std::span<const std::string_view> parameters,
        const Visitor& visitor)
        : statements_(statements), parameters_(parameters), visitor_(visitor) {}

    /// Each of the three ends with `kDamaged` at a malformed page.
    [[nodiscard]] Result<void> take_rows() {
        return for_each(statements_.rows, [this](const Query& row) -> Result<void> {
            last_ = key_of(row);
            visitor_.on_row(row);
            return {};
        });
    }
    [[nodiscard]] Result<void> take_one_by_one() {
        return for_each(statements_.keys, [this](const Query& found) -> Result<void> {
            const auto key = key_of(found);
            return is_seen(key) ? Result<void>{} : take_by_key(key);
        });
    }
    [[nodiscard]] Result<void> take_remaining() {
        return for_each(statements_.table, [this](const Query& row) -> Result<void> {
            if (!is_seen(key_of(row))) {
                visitor_.on_row(row);
            }
            return {};
        });
    }

private:
    [[nodiscard]] Result<void> for_each(const Statement& statement,
                                        const std::function<Result<void>(const Query&)>& use) {
        Query query{statement};
        int next = 1;
        for (const auto& parameter : parameters_) {
            query.text(next++, parameter);
        }
        for (;;) {
            HOWL_TRY(step, query.step());
            if (step == Query::Step::kDone) {
                return {};
            }
            HOWL_TRY_VOID(use(query));
        }
    }
    [[nodiscard]] bool is_seen(const RecordKey& key) const {
        return (last_ && !ByKindAndId{}(*last_, key)) || seen_.contains(key);
    }
    [[nodiscard]] Result<void> take_by_key(const RecordKey& key) {
        seen_.insert(key);
        Query query{statements_.row};
        query.text(1, key.kind).text(2, key.id);
        const auto step = query.step();
        if (step && *step == Query::Step::kRow) {
            visitor_.on_row(query);
        } else if (!step && step.error().code != Errc::kDamaged) {
            return std::unexpected(step.error());
        } else {
            visitor_.on_lost(key, {Errc::kDamaged, "read record",
                                   fmt::format("record {} of kind {} is on a malformed page",
                                               key.id, key.kind)});
        }
        return {};
    }

    const Statements& statements_;
    const std::span<const std::string_view> parameters_;
    const Visitor& visitor_;
    std::optional<RecordKey> last_;  ///< All records up to here have been visited, in order.
    std::set<RecordKey, ByKindAndId> seen_;
};

Result<RecordWalk> RecordWalk::create(Connection& connection, std::string_view wanted) {
    const auto select = [&](std::string_view columns, std::string_view how) {
        return connection.prepare(fmt::format("SELECT {} FROM records {}", columns, how));
    };
    const auto by_key = fmt::format("WHERE {} ORDER BY kind, id", wanted);
    HOWL_TRY(rows, select(kRecordColumns, by_key));
    HOWL_TRY(keys, select("kind, id", by_key));
    HOWL_TRY(row, select(kRecordColumns, "WHERE kind = ? AND id = ?"));
    HOWL_TRY(table, select(kRecordColumns, fmt::format("NOT INDEXED WHERE {}", wanted)));
    return RecordWalk{
        Statements{std::move(rows), std::move(keys), std::move(row), std::move(table)}};
}

Result<void> RecordWalk::run(std::span<const std::string_view> parameters,
                             const Visitor& visitor) const {
    const auto is_malformed = [](const Result<void>& outcome) {
        return !outcome && outcome.error().code == Errc::kDamaged;
    };
    Run run{statements_, parameters, visitor};
    if (auto outcome = run.take_rows(); !is_malformed(outcome)) {
        return outcome;
    }
    auto outcome = run.take_one_by_one();
    if (!is_malformed(outcome)) {
        return outcome;
    }
    visitor.on_broken_order(outcome.error());
    outcome = run.take_remaining();
    // The keys of records that are left on malformed pages of the table are lost.
    return is_malformed(outcome) ? Result<void>{} : outcome;
}

}  // namespace howl::storage::sqlite
