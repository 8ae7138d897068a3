// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
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

/// The records of one kind, in memory on their app's shard: a fold of the log.
///
/// The table follows every committed change of its kind, whoever made it: this table, another one,
/// another shard, what Kafka brings. Changes come in the order of the log, each before the events
/// of its commit, so between two turns the table is the records as the events up to there tell them
/// (see `hub::Hub::fence`). Its own changes come the same way, before their completion.
///
/// An app decides on what it sees here and writes through `put` and `remove`. Each carries the
/// version that was seen, so of two commands that overlap the second fails with `kVersionConflict`.
///
/// A store beyond the network may fail without knowing whether it has stored (`kStorageFailed`).
/// Then the table waits until the log tells it or the store is certain, so that memory never parts
/// from the store; meanwhile the caller hears of it through `OnDoubt`.
///
/// `Value` has `static Result<Value> parse(std::string_view)` and `std::string text() const`.
///
/// Source: docs/adr/0031.
/// Lifetime: `hub` and its sequencer outlive it; it goes on its shard, or once that has ended.
/// Limits: none of its own; the app bounds its records.
template <class Value>
class RecordTable final : private hub::RecordFollower {
public:
    struct Entry {
        std::string owner;
        Version version;
        Value value;
    };
    using Entries = std::map<std::string, Entry, std::less<>>;

    RecordTable(hub::Hub& hub, hub::Store& store, std::string kind)
        : hub_(hub), store_(store), kind_(std::move(kind)) {}
    ~RecordTable() override { hub_.unfollow(kind_, *this); }
    RecordTable(const RecordTable&) = delete;
    RecordTable& operator=(const RecordTable&) = delete;

    /// Reads all records of the kind, and follows them from here on; one that `Value::parse`
    /// refuses is left out (`hub::note_unreadable`), and its id is not free. Once.
    /// Errors: the store's.
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

    /// A change of this table's own, until its fate is known here.
    class OwnCommit {
    public:
        OwnCommit(runtime::Shard& shard, const hub::RecordChange& change)
            : update_(hub::update_of(change)), seen_(shard) {}

        [[nodiscard]] const hub::RecordUpdate& update() const { return update_; }
        /// Whether the log has told of it.
        [[nodiscard]] bool is_seen() const { return is_seen_; }
        /// True if that is what `record` has become through this commit.
        [[nodiscard]] bool made(const std::optional<hub::Record>& record) const {
            const auto& ours = update_.record;
            return ours ? record && record->version == ours->version && record->data == ours->data
                        : !record;
        }
        void note(const hub::RecordUpdate& update) {
            if (update.key == update_.key && made(update.record)) {
                is_seen_ = true;
                seen_.wake();
            }
        }
        /// Completes when it is seen, or when `at_most` is over.
        [[nodiscard]] runtime::Task<void> wait(std::chrono::milliseconds at_most) {
            return seen_.wait(at_most);
        }

    private:
        const hub::RecordUpdate update_;
        bool is_seen_ = false;
        runtime::AsyncEvent seen_;
    };

    [[nodiscard]] runtime::Task<Result<void>> commit(hub::RecordChange change,
                                                     std::vector<hub::NewEvent> events,
                                                     OnDoubt on_doubt);
    [[nodiscard]] std::shared_ptr<OwnCommit> begin_commit(const hub::RecordChange& change);
    /// Whether the commit was stored. Asks until the answer is certain. Errors: `kDraining`.
    [[nodiscard]] runtime::Task<Result<bool>> was_stored(std::shared_ptr<OwnCommit> own);

    void on_update(const hub::RecordUpdate& update) override;
    void apply(const hub::RecordUpdate& update);

    hub::Hub& hub_;
    hub::Store& store_;
    const std::string kind_;
    // Shard-local state.
    [[no_unique_address]] runtime::ShardCheck here_;
    Entries entries_;
    /// While the records are being read: what they have become meanwhile.
    std::optional<std::vector<hub::RecordUpdate>> behind_load_;
    std::vector<std::weak_ptr<OwnCommit>> own_commits_;
};

template <class Value>
runtime::Task<Result<void>> RecordTable<Value>::load() {
    // First of all, so that between what is read and what is followed nothing is missing. What is
    // in both is applied twice, in the order of the log, which comes to the same.
    hub_.follow(kind_, *this);
    behind_load_.emplace();
    hub::Store::Query all{.kind = kind_};
    HOWL_CO_TRY(listed, co_await hub::list_records(hub_, store_, std::move(all)));
    for (auto& record : listed.records) {
        auto key = record.key;
        apply({std::move(key), std::move(record)});
    }
    const auto updates = std::exchange(behind_load_, std::nullopt);
    for (const auto& update : *updates) {
        apply(update);
    }
    co_return Result<void>{};
}

template <class Value>
void RecordTable<Value>::on_update(const hub::RecordUpdate& update) {
    here_.check();
    if (behind_load_) {
        behind_load_->push_back(update);
        return;
    }
    apply(update);
    for (const auto& commit : own_commits_) {
        if (const auto own = commit.lock()) {
            own->note(update);
        }
    }
}

template <class Value>
void RecordTable<Value>::apply(const hub::RecordUpdate& update) {
    here_.check();
    const auto& id = update.key.id;
    if (!update.record) {
        entries_.erase(id);
        return;
    }
    auto value = Value::parse(update.record->data);
    if (!value) {
        hub::note_unreadable(kind_, id, value.error());
        entries_.erase(id);
        return;
    }
    entries_.insert_or_assign(
        id, Entry{update.record->owner, update.record->version, std::move(*value)});
}

template <class Value>
runtime::Task<Result<void>> RecordTable<Value>::put(std::string id, std::string owner, Value value,
                                                    std::vector<hub::NewEvent> events,
                                                    OnDoubt on_doubt) {
    const Entry* const entry = find(id);
    const Version seen = entry == nullptr ? Version{0} : entry->version;
    return commit({{kind_, std::move(id)}, seen, std::move(owner), value.text()}, std::move(events),
                  std::move(on_doubt));
}

template <class Value>
runtime::Task<Result<void>> RecordTable<Value>::remove(std::string id,
                                                       std::vector<hub::NewEvent> events,
                                                       OnDoubt on_doubt) {
    const Entry* const entry = find(id);
    HOWL_ASSERT(entry != nullptr);
    return commit({{kind_, std::move(id)}, entry->version, entry->owner, std::nullopt},
                  std::move(events), std::move(on_doubt));
}

template <class Value>
auto RecordTable<Value>::begin_commit(const hub::RecordChange& change)
    -> std::shared_ptr<OwnCommit> {
    here_.check();
    std::erase_if(own_commits_, [](const auto& commit) { return commit.expired(); });
    auto own = std::make_shared<OwnCommit>(hub_.shard(), change);
    own_commits_.push_back(own);
    return own;
}

template <class Value>
runtime::Task<Result<void>> RecordTable<Value>::commit(hub::RecordChange change,
                                                       std::vector<hub::NewEvent> events,
                                                       OnDoubt on_doubt) {
    const auto own = begin_commit(change);
    auto outcome = co_await hub::commit_record(hub_, store_, access::kHowl, std::move(change),
                                               std::move(events));
    if (!outcome && outcome.error().code == Errc::kStorageFailed) {
        if (on_doubt) {
            on_doubt(outcome.error());
        }
        HOWL_CO_TRY(stored, co_await was_stored(own));
        if (stored) {
            outcome = hub::Receipts{};
        }
    }
    if (!outcome) {
        co_return std::unexpected(std::move(outcome).error());
    }
    if (!own->is_seen()) {
        apply(own->update());  // After a doubt the log may tell later.
    }
    co_return Result<void>{};
}

template <class Value>
runtime::Task<Result<bool>> RecordTable<Value>::was_stored(std::shared_ptr<OwnCommit> own) {
    const auto certain = hub_.shard().now() + store_.uncertain_time();
    while (!own->is_seen()) {
        const auto found = co_await hub::get_record(hub_, store_, own->update().key);
        const bool is_unreadable = !found && found.error().code == Errc::kDamaged;
        if (own->is_seen()) {
            break;
        }
        if (found || is_unreadable) {
            const bool stored = found && own->made(*found);
            if (stored || hub_.shard().now() >= certain) {
                co_return stored;
            }
        } else if (found.error().code == Errc::kDraining) {
            co_return std::unexpected(found.error());
        }
        co_await own->wait(kAskAgain);
    }
    co_return true;
}

}  // namespace howl::products
