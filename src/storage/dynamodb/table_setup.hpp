// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "base/result.hpp"
#include "storage/dynamodb/calls.hpp"
#include "storage/dynamodb/request_loop.hpp"
#include "storage/dynamodb/settings.hpp"
#include "storage/dynamodb/tables.hpp"

namespace howl::storage::dynamodb {

/// Whether a table is what we need of it, from what `DescribeTable` says: its key and the owner
/// index, both of type S, the index with all attributes. Other indexes do not matter.
/// Errors: `kInvalidConfig`, whose detail names the table and what is wrong with it.
[[nodiscard]] Result<void> check_shape(const Table& table, const boost::json::object& description);
/// True once the table and the owner index can be used.
[[nodiscard]] bool is_active(const Table& table, const boost::json::object& description);

/// Checks every table, one after the other. Errors: `kInvalidConfig` (also: there is none, with how
/// to make it), `kStorageFailed`. Thread: the loop's.
void check_tables(Calls& calls, const Tables& tables,
                  std::move_only_function<void(Result<void>)> done);

/// Makes the tables that are not there, waits until they can be used, and checks the others.
/// Doing it again changes nothing.
///
/// Thread: the loop's.
/// Limits: `kActiveTime` for each table.
class TableSetup {
public:
    /// AWS takes about 10 s for a table with an index.
    static constexpr std::chrono::minutes kActiveTime{3};
    static constexpr std::chrono::milliseconds kLookEvery{100};
    /// All tries of one request. A local DynamoDB is slow to answer its first one.
    static constexpr std::chrono::seconds kAskTime{10};

    enum class Fate : std::uint8_t { kMade, kFound };
    struct Outcome {
        std::string table;
        Fate fate;
    };
    using Done = std::move_only_function<void(Result<std::vector<Outcome>>)>;

    TableSetup(Calls& calls, RequestLoop& loop, const Clock& clock)
        : calls_(calls), loop_(loop), clock_(clock) {}

    /// Errors: `kInvalidConfig`, `kStorageFailed`. Requires: no other in progress.
    void run(std::vector<Table> tables, Done done);

private:
    void next();
    void await_active(Fate fate, SteadyTime deadline);
    void finish(Error error);

    Calls& calls_;
    RequestLoop& loop_;
    const Clock& clock_;
    std::vector<Table> tables_;
    std::vector<Outcome> outcomes_;
    Done done_;
};

}  // namespace howl::storage::dynamodb
