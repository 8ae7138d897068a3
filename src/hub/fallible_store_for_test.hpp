// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "hub/store.hpp"

namespace howl::hub {

/// A store whose commits or reads fail as long as the test says so: a disk that is full, a node
/// that drains.
class FallibleStore final : public Store {
public:
    explicit FallibleStore(Store& store) : store_(store) {}

    void get(RecordKey key, GetDone done) override {
        if (read_refusal) {
            done(fail(*read_refusal, "get"));
        } else {
            store_.get(std::move(key), std::move(done));
        }
    }
    void list(Query query, ListDone done) override {
        if (read_refusal) {
            done(fail(*read_refusal, "list"));
        } else {
            store_.list(std::move(query), std::move(done));
        }
    }
    void count(Query query, CountDone done) override {
        if (read_refusal) {
            done(fail(*read_refusal, "count"));
        } else {
            store_.count(std::move(query), std::move(done));
        }
    }
    void commit(RecordChange change, AppendBatch batch) override {
        if (refusal) {
            batch.done(fail(*refusal, "commit"));
            return;
        }
        if (keeps_back) {
            batch.done(fail(Errc::kStorageFailed, "commit"));
            batch.done = [](const auto& /*nobody waits*/) {};
            kept_back_.emplace_back(std::move(change), std::move(batch));
            return;
        }
        if (loses_answers) {
            batch.done = [done = std::move(batch.done)](const auto& /*lost*/) mutable {
                done(fail(Errc::kStorageFailed, "commit"));
            };
        }
        store_.commit(std::move(change), std::move(batch));
    }

    std::optional<Errc> refusal;       ///< Set: every commit fails with it and stores nothing.
    std::optional<Errc> read_refusal;  ///< Set: every read fails with it.
    bool loses_answers = false;        ///< Every commit is made, and said to be unknown.
    bool keeps_back = false;           ///< Every commit is said to be unknown, and made by `land`.
    std::chrono::milliseconds doubt{};

    [[nodiscard]] std::chrono::milliseconds uncertain_time() const override { return doubt; }
    /// Makes what was kept back.
    void land() {
        for (auto& [change, batch] : std::exchange(kept_back_, {})) {
            store_.commit(std::move(change), std::move(batch));
        }
    }

private:
    Store& store_;
    std::vector<std::pair<RecordChange, AppendBatch>> kept_back_;
};

}  // namespace howl::hub
