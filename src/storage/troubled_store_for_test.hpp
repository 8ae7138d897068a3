// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <utility>

#include "hub/store.hpp"

namespace howl::storage {

/// The node's own store, in which a test may have commits fail. Thread: any.
class TroubledStore final : public hub::Store {
public:
    explicit TroubledStore(hub::Store& store) : store_(store) {}
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
        if (change.data ? !takes_events : !takes_removals) {
            batch.done(fail(Errc::kStorageFull, "test"));
        } else {
            for (const auto& item : batch.items) {
                takes_for = item.rank;
            }
            store_.commit(std::move(change), std::move(batch));
        }
    }

    std::atomic<bool> takes_events = true;
    std::atomic<bool> takes_removals = true;
    std::atomic<hub::TopicRank> takes_for = hub::TopicRank::kInternal;  ///< The last event's.

private:
    hub::Store& store_;
};

}  // namespace howl::storage
