// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
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
#include "hub/storing.hpp"
#include "hub/unreadable_records.hpp"
#include "runtime/async_event.hpp"
#include "runtime/shard.hpp"
#include "runtime/task.hpp"

namespace howl::products {

/// The records of one kind, in memory on their app's shard, in step with the store.
///
/// An app decides on what it sees here and writes through `put` and `remove`. Each carries the
/// version that was seen, so of two commands that overlap the second fails with `kVersionConflict`.
/// What is in memory follows each commit, in the order of the log: between two completions it is
/// the fold of the events up to there (see `hub::Hub::fence`).
///
/// A store beyond the network may fail without knowing whether it has stored (`kStorageFailed`).
/// Then the table asks it until it knows, so that memory never parts from the store; meanwhile the
/// caller hears of it through `OnDoubt`.
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

    /// Reads all records of the kind; one that `Value::parse` refuses is left out
    /// (`hub::note_unreadable`), and its id is not free. Errors: the store's.
    [[nodiscard]] runtime::Task<Result<void>> load();

    [[nodiscard]] const Entries& entries() const noexcept {
        here_.check();
        return entries_;
    }
    [[nodiscard]] const Entry* find(std::string_view id) const {
        here_.check();
        const auto found = entries_.find(id);
        return found == entries_.end() ? nullptr : &found->second;
    }

    /// Called, at most once, when it is unknown for now whether a commit was stored.
    using OnDoubt = std::move_only_function<void(const Error&)>;
    /// Makes or replaces the record that `find` shows now, and appends `events`. Completes when
    /// durable and seen here, or when it is certain that nothing was stored; its events may come a
    /// little later if there was a doubt. Errors: `hub::Store::commit`; `kDraining` if the doubt
    /// remains.
    [[nodiscard]] runtime::Task<Result<void>> put(std::string id, std::string owner, Value value,
                                                  std::vector<hub::NewEvent> events,
                                                  OnDoubt on_doubt);
    /// Removes it. Requires: `find(id)` shows it.
    [[nodiscard]] runtime::Task<Result<void>> remove(std::string id,
                                                     std::vector<hub::NewEvent> events,
                                                     OnDoubt on_doubt);

private:
    static constexpr std::chrono::seconds kAskAgain{1};

    [[nodiscard]] runtime::Task<Result<void>> commit(std::string id, std::string owner,
                                                     std::optional<Value> value,
                                                     std::vector<hub::NewEvent> events,
                                                     OnDoubt on_doubt);
    /// Whether the store holds `text` as the version behind `seen`; without a text, whether it
    /// holds nothing. Asks until it is answered. Errors: `kDraining`.
    [[nodiscard]] runtime::Task<Result<bool>> was_stored(std::string id, Version seen,
                                                         std::optional<std::string> text);
    void follow(const std::string& id, Entry entry) {
        here_.check();
        entries_.insert_or_assign(id, std::move(entry));
    }

    hub::Hub& hub_;
    hub::Store& store_;
    const std::string kind_;
    // Shard-local state.
    [[no_unique_address]] runtime::ShardCheck here_;
    Entries entries_;
};

template <class Value>
runtime::Task<Result<void>> RecordTable<Value>::load() {
    hub::Store::Query all{.kind = kind_};
    HOWL_CO_TRY(records, co_await hub::list_records(hub_, store_, std::move(all)));
    for (auto& record : records) {
        auto value = Value::parse(record.data);
        if (!value) {
            hub::note_unreadable(kind_, record.key.id, value.error());
            continue;
        }
        follow(record.key.id, {std::move(record.owner), record.version, std::move(*value)});
    }
    co_return Result<void>{};
}

template <class Value>
runtime::Task<Result<void>> RecordTable<Value>::put(std::string id, std::string owner, Value value,
                                                    std::vector<hub::NewEvent> events,
                                                    OnDoubt on_doubt) {
    return commit(std::move(id), std::move(owner), std::move(value), std::move(events),
                  std::move(on_doubt));
}

template <class Value>
runtime::Task<Result<void>> RecordTable<Value>::remove(std::string id,
                                                       std::vector<hub::NewEvent> events,
                                                       OnDoubt on_doubt) {
    const Entry* const entry = find(id);
    HOWL_ASSERT(entry != nullptr);
    return commit(std::move(id), entry->owner, std::nullopt, std::move(events),
                  std::move(on_doubt));
}

template <class Value>
runtime::Task<Result<void>> RecordTable<Value>::commit(std::string id, std::string owner,
                                                       std::optional<Value> value,
                                                       std::vector<hub::NewEvent> events,
                                                       OnDoubt on_doubt) {
    const Entry* const entry = find(id);
    const Version seen = entry == nullptr ? Version{0} : entry->version;
    std::optional<std::string> text;
    if (value) {
        text = value->text();
    }
    // Memory follows inside the completion itself, before anything that comes behind it.
    auto settle = [&] {
        if (value) {
            follow(id, {std::move(owner), seen.next(), std::move(*value)});
        } else {
            here_.check();
            entries_.erase(id);
        }
    };
    auto start = [&](auto done) {
        auto settle_first = [&settle,
                             done = std::move(done)](Result<hub::Receipts> receipts) mutable {
            Result<void> outcome;
            if (receipts) {
                settle();
            } else {
                outcome = std::unexpected(std::move(receipts).error());
            }
            std::move(done)(std::move(outcome));
        };
        hub_.gate().commit(access::kHowl, store_, {{kind_, id}, seen, owner, text},
                           std::move(events), std::move(settle_first));
    };
    auto outcome = co_await runtime::completion_of<Result<void>>(std::move(start));
    if (outcome || outcome.error().code != Errc::kStorageFailed) {
        co_return outcome;
    }
    if (on_doubt) {
        on_doubt(outcome.error());
    }
    HOWL_CO_TRY(stored, co_await was_stored(id, seen, std::move(text)));
    if (stored) {
        settle();
        co_return Result<void>{};
    }
    co_return outcome;
}

template <class Value>
runtime::Task<Result<bool>> RecordTable<Value>::was_stored(std::string id, Version seen,
                                                           std::optional<std::string> text) {
    const hub::RecordKey key{kind_, std::move(id)};
    runtime::AsyncEvent woken{hub_.shard()};
    const auto certain = hub_.shard().now() + store_.uncertain_time();
    for (;;) {
        const auto found = co_await hub::get_record(hub_, store_, key);
        const bool is_unreadable = !found && found.error().code == Errc::kDamaged;
        if (found || is_unreadable) {
            const auto* const record = found && *found ? &**found : nullptr;
            const bool stored =
                text ? record != nullptr && record->version == seen.next() && record->data == *text
                     : record == nullptr && !is_unreadable;
            if (stored || hub_.shard().now() >= certain) {
                co_return stored;
            }
        } else if (found.error().code == Errc::kDraining) {
            co_return std::unexpected(found.error());
        }
        co_await woken.wait(kAskAgain);
    }
}

}  // namespace howl::products
