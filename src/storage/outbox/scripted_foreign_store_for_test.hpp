// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hub/record_check.hpp"
#include "storage/outbox/foreign_store.hpp"
#include "storage/outbox/manual_loop_for_test.hpp"

namespace howl::storage::outbox {

enum class Call : std::uint8_t { kRead, kWrite, kClear };
/// What happens to a call on its way.
enum class Fault : std::uint8_t {
    kNone,           ///< It passes; what comes behind it is meant.
    kLostBefore,     ///< Not executed, and nobody can say so.
    kAnswerLost,     ///< Executed, but nobody hears of it.
    kExecutedTwice,  ///< What the second time came to is the answer.
    kExecutedLate,   ///< Not executed yet; `land` does it.
    kHangs,          ///< Neither executed nor answered, ever.
};

/// A foreign store in memory, of records of the kind "thing", with the faults of a network.
/// Every answer comes in a later turn of the loop.
class ScriptedForeignStore final : public ForeignStore {
public:
    explicit ScriptedForeignStore(ManualLoop<>& loop) : loop_(loop) {}

    /// The next `call` that has no fault yet meets `fault`.
    void next(Call call, Fault fault) { faults_[call].push_back(fault); }
    /// Executes what was late.
    void land() {
        for (auto& late : std::exchange(late_, {})) {
            late();
        }
    }

    std::map<hub::RecordKey, Item> items;
    /// What lists by owner show, where they are late.
    std::optional<std::vector<Item>> late_list;
    std::optional<Error> closed;  ///< What `open` comes to.

    [[nodiscard]] std::vector<std::string> kinds() const override { return {"thing"}; }
    [[nodiscard]] Result<void> check_kind(const std::string& kind) const override {
        return kind == "thing" ? Result<void>{} : fail(Errc::kInvalidConfig, "test");
    }
    [[nodiscard]] Result<void> check_change(const hub::RecordChange& change) const override {
        return check_kind(change.key.kind);
    }

    void open(Done done) override {
        answer(std::move(done), closed ? Result<void>{std::unexpected(*closed)} : Result<void>{});
    }
    void read(const hub::RecordKey& key, SteadyTime /*deadline*/, ReadDone done) override {
        run<std::optional<Item>>(Call::kRead, [this, key] { return find(key); }, std::move(done));
    }
    void write(const hub::RecordChange& change, const PendingCommit& commit,
               SteadyTime /*deadline*/, WriteDone done) override {
        run<Item>(
            Call::kWrite, [this, change, commit] { return write_now(change, commit); },
            std::move(done));
    }
    void clear(const Item& seen, Done done) override {
        run<void>(
            Call::kClear,
            [this, key = seen.key, token = seen.token] { return clear_now(key, token); },
            std::move(done));
    }
    void list(const hub::Store::Query& query, Columns /*columns*/, OnPage on_page,
              Done done) override {
        std::vector<Item> page;
        for (const auto& [key, item] : items) {
            if (!query.owner || (item.record && item.record->owner == *query.owner)) {
                page.push_back(item);
            }
        }
        show(is_late(query) ? *late_list : std::move(page), std::move(on_page), std::move(done));
    }
    [[nodiscard]] bool is_late(const hub::Store::Query& query) const override {
        return query.owner.has_value() && late_list.has_value();
    }
    void list_unresolved(const std::string& /*kind*/, OnPage on_page, Done done) override {
        std::vector<Item> page;
        for (const auto& [key, item] : items) {
            if (!item.pending.empty() || item.is_tombstone()) {
                page.push_back(item);
            }
        }
        show(std::move(page), std::move(on_page), std::move(done));
    }

private:
    template <class T>
    void answer(std::move_only_function<void(Result<T>)> done, Result<T> outcome) {
        loop_.post([done = std::move(done), outcome = std::move(outcome)]() mutable {
            done(std::move(outcome));
        });
    }
    template <class T, class Execute>
    void run(Call call, Execute execute, std::move_only_function<void(Result<T>)> done) {
        switch (fault_of(call)) {
            case Fault::kNone:
                answer<T>(std::move(done), execute());
                break;
            case Fault::kExecutedTwice:
                static_cast<void>(execute());
                answer<T>(std::move(done), execute());
                break;
            case Fault::kAnswerLost:
                static_cast<void>(execute());
                answer<T>(std::move(done), fail(Errc::kStorageFailed, "test"));
                break;
            case Fault::kExecutedLate:
                late_.emplace_back([execute] { static_cast<void>(execute()); });
                answer<T>(std::move(done), fail(Errc::kStorageFailed, "test"));
                break;
            case Fault::kLostBefore:
                answer<T>(std::move(done), fail(Errc::kStorageFailed, "test"));
                break;
            case Fault::kHangs:
                break;
        }
    }
    Fault fault_of(Call call) {
        auto& faults = faults_[call];
        if (faults.empty()) {
            return Fault::kNone;
        }
        const Fault fault = faults.front();
        faults.pop_front();
        return fault;
    }

    Result<std::optional<Item>> find(const hub::RecordKey& key) const {
        const auto found = items.find(key);
        return found == items.end() ? std::nullopt : std::optional{found->second};
    }
    Result<Item> write_now(const hub::RecordChange& change, const PendingCommit& commit) {
        const auto found = items.find(change.key);
        const bool is_there = found != items.end() && found->second.record;
        HOWL_TRY_VOID(
            hub::check_version(change, is_there ? found->second.record->version : Version{0}));
        Item& item = items[change.key];
        item.key = change.key;
        item.record.reset();
        if (change.data) {
            item.record =
                hub::Record{change.key, change.owner, change.expected.next(), *change.data};
        }
        item.token = commit.token;
        if (!commit.events.empty()) {
            item.pending.push_back(commit);
        }
        return item;
    }
    Result<void> clear_now(const hub::RecordKey& key, const std::string& token) {
        const auto found = items.find(key);
        if (found == items.end() || found->second.token != token) {
            return fail(Errc::kVersionConflict, "test");
        }
        found->second.pending.clear();
        if (found->second.is_tombstone()) {
            items.erase(found);
        }
        return {};
    }
    void show(std::vector<Item> page, OnPage on_page, Done done) {
        loop_.post(
            [page = std::move(page), on_page = std::move(on_page),
             done = std::move(done)]() mutable { on_page(std::move(page), std::move(done)); });
    }

    ManualLoop<>& loop_;
    std::map<Call, std::deque<Fault>> faults_;
    std::vector<std::move_only_function<void()>> late_;
};

}  // namespace howl::storage::outbox
