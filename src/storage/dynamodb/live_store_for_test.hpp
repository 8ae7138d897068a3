// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <future>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "storage/dynamodb/curl_loop.hpp"
#include "storage/dynamodb/dynamo_store.hpp"
#include "storage/dynamodb/faulty_loop_for_test.hpp"
#include "storage/dynamodb/table_setup.hpp"

namespace howl::storage::dynamodb {

/// Where a DynamoDB for tests listens; empty: the tests that need one are skipped.
inline std::string endpoint_for_test() {
    return process_environment("HOWL_DYNAMODB_ENDPOINT");
}
inline constexpr const char* kNoEndpointForTest =
    "HOWL_DYNAMODB_ENDPOINT names no DynamoDB; ./dev test starts one";

/// One table for each kind, whose names begin with `prefix`.
inline std::vector<Table> tables_for_test(const std::string& prefix,
                                          const std::vector<std::string>& kinds) {
    std::vector<Table> tables;
    for (const auto& kind : kinds) {
        tables.push_back({.kind = kind, .name = prefix + "-" + std::to_string(tables.size())});
    }
    return tables;
}

/// A store over real requests and real time, beside the log of `node`; it makes its tables.
class LiveStore {
public:
    LiveStore(hub::Store& node, std::vector<Table> tables,
              std::string endpoint = endpoint_for_test())
        : settings_{.endpoint = std::move(endpoint)},
          curl_(CurlLoop::start(settings_, {"test", "test-secret", ""}, clock_).value()),
          store_(loop, node, policies_, tables, clock_, random_, settings_) {
        std::promise<Result<std::vector<TableSetup::Outcome>>> promise;
        auto made = promise.get_future();
        Calls calls{loop, clock_, random_, settings_};
        TableSetup setup{calls, loop, clock_};
        loop.post([&setup, tables = std::move(tables), promise = std::move(promise)]() mutable {
            setup.run(std::move(tables), [promise = std::move(promise)](auto outcome) mutable {
                promise.set_value(std::move(outcome));
            });
        });
        HOWL_ASSERT(made.get().has_value());
    }
    ~LiveStore() { crash(); }
    LiveStore(const LiveStore&) = delete;
    LiveStore& operator=(const LiveStore&) = delete;

    Result<void> start() {
        std::promise<Result<void>> promise;
        auto started = promise.get_future();
        store_.start([promise = std::move(promise)](Result<void> outcome) mutable {
            promise.set_value(std::move(outcome));
        });
        return started.get();
    }
    void stop() {
        std::promise<void> promise;
        auto stopped = promise.get_future();
        store_.stop([promise = std::move(promise)]() mutable { promise.set_value(); });
        stopped.get();
    }
    /// As when the process dies: nothing that is under way is answered any more.
    void crash() { curl_.reset(); }

    hub::Store& store() { return store_; }

private:
    const DynamoSettings settings_;
    const hub::TopicPolicies policies_;  ///< Every topic is a visitor's.
    const SystemClock clock_;
    SeededRandom random_{std::random_device{}()};  // Tokens must differ between two in a row.
    std::unique_ptr<CurlLoop> curl_;

public:
    FaultyLoop loop{*curl_};

private:
    DynamoStore store_;
};

}  // namespace howl::storage::dynamodb
