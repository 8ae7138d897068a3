// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "hub/store.hpp"
#include "hub/topic_policy.hpp"
#include "storage/dynamodb/calls.hpp"
#include "storage/dynamodb/dynamo_items.hpp"
#include "storage/dynamodb/request_loop.hpp"
#include "storage/dynamodb/settings.hpp"
#include "storage/outbox/outbox_store.hpp"

namespace howl::storage::dynamodb {

/// Records in DynamoDB, joined to the log of this node by an outbox (`outbox::OutboxStore`, whose
/// promises and bounds it has): tables, requests and outbox in one object.
///
/// Beside the port: `list` by owner reads an index that may miss what *other* programs wrote a
/// moment ago. Of a kind without a table: `kInvalidConfig`.
///
/// Source: docs/adr/0015.
/// Thread: any; the work is done on the loop's.
/// Lifetime: the loop's thread ends before the store goes.
/// Limits: `DynamoSettings`; those of `outbox::OutboxOptions`.
class DynamoStore final : public hub::Store {
public:
    /// Kind of the small records that say what was relayed.
    static constexpr std::string_view kRelayedKind = "dynamodb-relayed";

    /// `node`: the store beside the log that gets the events, and its policies.
    DynamoStore(RequestLoop& loop, hub::Store& node, const hub::TopicPolicies& policies,
                std::vector<Table> tables, const Clock& clock, Random& random,
                const DynamoSettings& settings);

    /// `outbox::OutboxStore::start`. Errors: also those of `check_tables`.
    void start(outbox::OutboxStore::Started started) { store_.start(std::move(started)); }
    /// `outbox::OutboxStore::stop`.
    void stop(std::move_only_function<void()> stopped) { store_.stop(std::move(stopped)); }

    void get(hub::RecordKey key, GetDone done) override {
        store_.get(std::move(key), std::move(done));
    }
    void list(Query query, ListDone done) override {
        store_.list(std::move(query), std::move(done));
    }
    void count(Query query, CountDone done) override {
        store_.count(std::move(query), std::move(done));
    }
    void commit(hub::RecordChange change, hub::AppendBatch batch) override {
        store_.commit(std::move(change), std::move(batch));
    }
    [[nodiscard]] std::chrono::milliseconds uncertain_time() const override {
        return store_.uncertain_time();
    }

private:
    const DynamoSettings settings_;
    Calls calls_;
    DynamoItems items_;
    outbox::OutboxStore store_;
};

}  // namespace howl::storage::dynamodb
