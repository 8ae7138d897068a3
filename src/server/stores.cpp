// SPDX-License-Identifier: Apache-2.0
#include "server/stores.hpp"

#include <future>
#include <utility>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "registry/products.hpp"
#include "storage/dynamodb/credentials.hpp"
#include "storage/memory/memory_store.hpp"
#include "storage/sqlite/sqlite_store.hpp"
#include "telemetry/log.hpp"

namespace howl::server {

using products::StoreChoice;

namespace {

namespace dynamodb = storage::dynamodb;

dynamodb::Table table_of(const products::RecordKind& records) {
    const auto& table = records.table;
    return {.kind = std::string{records.kind},
            .name = table.name.empty() ? fmt::format("howl_{}", records.kind) : table.name,
            .key_attribute = table.key_attribute,
            .owner_attribute = table.owner_attribute,
            .owner_index = table.owner_index,
            .shown_members = table.shown_members};
}

}  // namespace

storage::memory::MemoryEventLogOptions memory_log_options(const Config& config, hub::Lane lane) {
    storage::memory::MemoryEventLogOptions options;
    options.lane = lane;
    options.topics_max = config.topics_max;
    options.idempotency_keys_max = config.idempotency_keys_max;
    options.idempotency_keys_per_publisher_max = config.idempotency_keys_per_address_max;
    return options;
}

std::vector<dynamodb::Table> dynamo_tables(const Config& config, TablesOf which) {
    std::vector<dynamodb::Table> tables;
    for (const auto& records : registry::all_of(&products::Product::records)) {
        const auto choice = records.store(config.products);
        if (which == TablesOf::kAll || choice == StoreChoice::kDynamoDb) {
            tables.push_back(table_of(records));
        }
    }
    return tables;
}

Result<std::unique_ptr<Stores>> Stores::open(const Config& config,
                                             const hub::TopicPolicies& policies, const Clock& clock,
                                             Random& random) {
    std::unique_ptr<Stores> stores{new Stores};
    HOWL_TRY_VOID(stores->open_embedded(config, clock, random));
    HOWL_TRY_VOID(stores->open_remote(config, policies, clock));
    return stores;
}

Stores::~Stores() {
    loop_.reset();  // Its thread works on what goes now.
}

Result<void> Stores::open_embedded(const Config& config, const Clock& clock, Random& random) {
    if (config.data_dir == kMemoryDataDir) {
        auto log = std::make_unique<storage::memory::MemoryEventLog>(
            clock, Epoch{random_epoch_text(random)},
            memory_log_options(config, hub::Lane::kDurable));
        embedded_ = std::make_unique<storage::memory::MemoryStore>(*log);
        log_ = std::move(log);
        return {};
    }
    storage::sqlite::SqliteEventLogOptions options;
    options.limits = {
        .topics_max = config.topics_max,
        .idempotency_keys_max = config.idempotency_keys_max,
        .idempotency_keys_per_publisher_max = config.idempotency_keys_per_address_max};
    HOWL_TRY(log, storage::sqlite::SqliteEventLog::open(config.data_dir, clock, random,
                                                        std::move(options)));
    HOWL_TRY(store, storage::sqlite::SqliteStore::open(*log));
    sqlite_ = log.get();
    log_ = std::move(log);
    embedded_ = std::move(store);
    return {};
}

Result<void> Stores::open_remote(const Config& config, const hub::TopicPolicies& policies,
                                 const Clock& clock) {
    auto tables = dynamo_tables(config, TablesOf::kChosen);
    if (tables.empty()) {
        return {};
    }
    const auto& settings = config.dynamodb;
    HOWL_TRY(credentials,
             dynamodb::load_credentials(settings.credentials_file, &dynamodb::process_environment));
    HOWL_TRY(loop, dynamodb::CurlLoop::start(settings, std::move(credentials), clock));
    loop_ = std::move(loop);
    remote_ = std::make_unique<dynamodb::DynamoStore>(
        *loop_, *embedded_, policies, std::move(tables), clock, remote_random_, settings);
    return {};
}

Result<void> Stores::start() {
    if (!remote_) {
        return {};
    }
    std::promise<Result<void>> promise;
    auto started = promise.get_future();
    // The callback owns the promise: who waits may be gone before `set_value` has returned.
    remote_->start([promise = std::move(promise)](Result<void> outcome) mutable {
        promise.set_value(std::move(outcome));
    });
    HOWL_TRY_VOID(started.get());
    telemetry::log_info("DynamoDB is open");
    return {};
}

void Stores::stop() {
    if (!remote_ || std::exchange(stopped_, true)) {
        return;
    }
    std::promise<void> promise;
    auto stopped = promise.get_future();
    remote_->stop([promise = std::move(promise)]() mutable { promise.set_value(); });
    stopped.get();
    telemetry::log_info("DynamoDB is closed");
}

hub::Store& Stores::of(StoreChoice choice) {
    if (choice == StoreChoice::kEmbedded) {
        return *embedded_;
    }
    HOWL_ASSERT(remote_ != nullptr);
    return *remote_;
}

std::optional<Error> Stores::trouble() const {
    return sqlite_ == nullptr ? std::nullopt : sqlite_->trouble();
}

bool Stores::failed() const {
    return sqlite_ != nullptr && sqlite_->failed();
}

}  // namespace howl::server
