// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "storage/dynamodb/settings.hpp"

namespace howl::storage::dynamodb {

/// The tables of a store, by the kind of their records. Constant after construction.
class Tables {
public:
    explicit Tables(std::vector<Table> tables) {
        for (auto& table : tables) {
            auto kind = table.kind;
            by_kind_.insert_or_assign(std::move(kind), std::move(table));
        }
    }
    /// Null where there is none.
    [[nodiscard]] const Table* find(const std::string& kind) const {
        const auto found = by_kind_.find(kind);
        return found == by_kind_.end() ? nullptr : &found->second;
    }
    [[nodiscard]] const std::map<std::string, Table>& by_kind() const noexcept { return by_kind_; }

private:
    std::map<std::string, Table> by_kind_;
};

}  // namespace howl::storage::dynamodb
