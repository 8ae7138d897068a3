// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "hub/hub.hpp"
#include "hub/store.hpp"
#include "runtime/task.hpp"

namespace howl::apps {

/// The records of one kind, in memory on their app's shard, in step with the store.
///
/// An app decides on what it sees here and writes through `put` and `remove`. Each carries the
/// version that was seen, so of two commands that overlap the second fails with `kVersionConflict`.
/// What is in memory follows each commit, in the order of the log: between two completions it is
/// the fold of the events up to there (see `hub::Sequencer::fence`).
///
/// `Value` has `static Result<Value> parse(std::string_view)` and `std::string text() const`.
///
/// Limits: none of its own; the app bounds its records.
template <class Value>
class RecordTable {
public:
    struct Entry {
        std::string owner;
        Version version;
        Value value;
    };
    using Entries = std::map<std::string, Entry, std::less<>>;

    RecordTable(hub::Hub& hub, hub::Store& store, std::string kind)
        : hub_(hub), store_(store), kind_(std::move(kind)) {}

    /// Reads all records of the kind. Errors: the store's; `kStorageFailed` for a record that
    /// `Value::parse` refuses.
    [[nodiscard]] runtime::Task<Result<void>> load();

    [[nodiscard]] const Entries& entries() const noexcept { return entries_; }
    [[nodiscard]] const Entry* find(std::string_view id) const {
        const auto found = entries_.find(id);
        return found == entries_.end() ? nullptr : &found->second;
    }

    /// Makes or replaces the record that `find` shows now, and appends `events`. Completes when
    /// durable and seen here. Errors: `hub::Store::commit`.
    [[nodiscard]] runtime::Task<Result<hub::Receipts>> put(std::string id, std::string owner,
                                                           Value value,
                                                           std::vector<hub::NewEvent> events);
    /// Removes it. Requires: `find(id)` shows it.
    [[nodiscard]] runtime::Task<Result<hub::Receipts>> remove(std::string id,
                                                              std::vector<hub::NewEvent> events);

private:
    [[nodiscard]] runtime::Task<Result<hub::Receipts>> commit(std::string id, std::string owner,
                                                              std::optional<Value> value,
                                                              std::vector<hub::NewEvent> events);
    void follow(const std::string& id, Entry entry) {
        entries_.insert_or_assign(id, std::move(entry));
    }

    hub::Hub& hub_;
    hub::Store& store_;
    const std::string kind_;
    Entries entries_;
};

template <class Value>
runtime::Task<Result<void>> RecordTable<Value>::load() {
    auto start = [this](auto done) {
        store_.list({.kind = kind_}, [this, done = std::move(done)](auto records) mutable {
            hub_.shard().post([done = std::move(done), records = std::move(records)]() mutable {
                std::move(done)(std::move(records));
            });
        });
    };
    auto records =
        co_await runtime::completion_of<Result<std::vector<hub::Record>>>(std::move(start));
    if (!records) {
        co_return std::unexpected(std::move(records).error());
    }
    for (auto& record : *records) {
        auto value = Value::parse(record.data);
        if (!value) {
            co_return fail(Errc::kStorageFailed, "load records", kind_ + " " + record.key.id);
        }
        follow(record.key.id, {std::move(record.owner), record.version, std::move(*value)});
    }
    co_return Result<void>{};
}

template <class Value>
runtime::Task<Result<hub::Receipts>> RecordTable<Value>::put(std::string id, std::string owner,
                                                             Value value,
                                                             std::vector<hub::NewEvent> events) {
    return commit(std::move(id), std::move(owner), std::move(value), std::move(events));
}

template <class Value>
runtime::Task<Result<hub::Receipts>> RecordTable<Value>::remove(std::string id,
                                                                std::vector<hub::NewEvent> events) {
    const Entry* const entry = find(id);
    HOWL_ASSERT(entry != nullptr);
    return commit(std::move(id), entry->owner, std::nullopt, std::move(events));
}

template <class Value>
runtime::Task<Result<hub::Receipts>> RecordTable<Value>::commit(std::string id, std::string owner,
                                                                std::optional<Value> value,
                                                                std::vector<hub::NewEvent> events) {
    const Entry* const entry = find(id);
    const Version seen = entry == nullptr ? Version{0} : entry->version;
    hub::RecordChange change{{kind_, id}, seen, owner, std::nullopt};
    if (value) {
        change.data = value->text();
    }
    auto start = [&](auto done) {
        // Memory follows inside the completion itself, before anything that comes behind it.
        auto settle = [&, done = std::move(done)](Result<hub::Receipts> receipts) mutable {
            if (receipts && value) {
                follow(id, {std::move(owner), Version{seen.value() + 1}, std::move(*value)});
            } else if (receipts) {
                entries_.erase(id);
            }
            std::move(done)(std::move(receipts));
        };
        hub_.sequencer().commit(hub_.shard_id(), store_, std::move(change), std::move(events),
                                std::move(settle));
    };
    co_return co_await runtime::completion_of<Result<hub::Receipts>>(std::move(start));
}

}  // namespace howl::apps
