// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "hub/event_log.hpp"
#include "hub/store.hpp"
#include "hub/topic_policy.hpp"
#include "server/config.hpp"
#include "storage/dynamodb/curl_loop.hpp"
#include "storage/dynamodb/dynamo_store.hpp"
#include "storage/dynamodb/settings.hpp"
#include "storage/memory/memory_event_log.hpp"
#include "storage/sqlite/sqlite_event_log.hpp"

namespace howl::server {

/// What the settings say of a log in memory.
[[nodiscard]] storage::memory::MemoryEventLogOptions memory_log_options(const Config& config,
                                                                        hub::Lane lane);

/// Of which apps the tables are meant: those whose store is DynamoDB, or all that have records.
enum class TablesOf : std::uint8_t { kChosen, kAll };
/// Where the apps' records are in DynamoDB.
[[nodiscard]] std::vector<storage::dynamodb::Table> dynamo_tables(const Config& config,
                                                                  TablesOf which);

/// The durable event log, the embedded store beside it, and DynamoDB where an app's store is that.
///
/// ```
///   auto stores = Stores::open(config, policies, clock, random).value();
///   stores->durable_log().start(listener);  stores->start().value();
///   ...
///   stores->stop();  stores->durable_log().stop();   // What DynamoDB has taken needs the log.
/// ```
///
/// Thread: the server's.
class Stores {
public:
    /// Errors: `kInvalidConfig`, the storages'.
    [[nodiscard]] static Result<std::unique_ptr<Stores>> open(const Config& config,
                                                              const hub::TopicPolicies& policies,
                                                              const Clock& clock, Random& random);
    ~Stores();
    Stores(const Stores&) = delete;
    Stores& operator=(const Stores&) = delete;

    /// Returns when the remote store has checked its tables and relayed what an earlier process
    /// left. Errors: `kInvalidConfig` (no such table), `kStorageFailed`. Requires: the log runs.
    [[nodiscard]] Result<void> start();
    /// The remote store ends what it has taken, within seconds. Idempotent. Requires: the log runs.
    void stop();

    [[nodiscard]] hub::EventLog& durable_log() noexcept { return *log_; }
    [[nodiscard]] hub::Store& embedded() noexcept { return *embedded_; }
    /// Requires: an app of the configuration has chosen it.
    [[nodiscard]] hub::Store& of(products::StoreChoice choice);
    /// True once the embedded store can't be trusted any more.
    [[nodiscard]] bool failed() const;
    /// Why the embedded store refuses writes; empty: it does not. Thread: any.
    [[nodiscard]] std::optional<Error> trouble() const;

private:
    Stores() = default;

    [[nodiscard]] Result<void> open_embedded(const Config& config, const Clock& clock,
                                             Random& random);
    [[nodiscard]] Result<void> open_remote(const Config& config, const hub::TopicPolicies& policies,
                                           const Clock& clock);

    std::unique_ptr<hub::EventLog> log_;
    std::unique_ptr<hub::Store> embedded_;
    storage::sqlite::SqliteEventLog* sqlite_ = nullptr;  ///< `log_`, where it is that.
    SystemRandom remote_random_;                         ///< The loop's.
    std::unique_ptr<storage::dynamodb::CurlLoop> loop_;
    std::unique_ptr<storage::dynamodb::DynamoStore> remote_;  ///< Null: no app has chosen it.
    bool stopped_ = false;
};

}  // namespace howl::server
