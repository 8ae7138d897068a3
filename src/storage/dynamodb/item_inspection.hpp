// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "base/result.hpp"
#include "hub/unreadable_records.hpp"
#include "storage/dynamodb/calls.hpp"
#include "storage/dynamodb/settings.hpp"

namespace howl::storage::dynamodb {

/// Finds the items of a table that can't be read, and takes them away: `howl store check`.
///
/// Thread: the loop's.
class ItemInspection {
public:
    using Found = std::move_only_function<void(Result<std::vector<hub::UnreadableRecord>>)>;
    using Done = std::move_only_function<void(Result<void>)>;

    explicit ItemInspection(Calls& calls) : calls_(calls) {}

    /// Those that `parse_item` refuses, and those that `check` does. Errors: `Calls::make`.
    void find(const Table& table, hub::RecordCheck check, Found done);
    /// Deletes the item of `record`, which `find` has given. Errors: `Calls::make`.
    void remove(const Table& table, const hub::UnreadableRecord& record, Done done);

private:
    Calls& calls_;
};

}  // namespace howl::storage::dynamodb
