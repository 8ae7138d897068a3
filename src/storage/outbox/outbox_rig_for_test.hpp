// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "hub/topic_policy.hpp"
#include "storage/memory/memory_event_log.hpp"
#include "storage/memory/memory_store.hpp"
#include "storage/outbox/manual_loop_for_test.hpp"
#include "storage/outbox/outbox_store.hpp"
#include "storage/outbox/scripted_foreign_store_for_test.hpp"
#include "storage/store_driver_for_test.hpp"
#include "storage/troubled_store_for_test.hpp"

namespace howl::storage::outbox {

/// An outbox between a scripted foreign store and a log in memory. The node's side answers at once,
/// so whatever does not hang is over when a call of the rig returns.
class OutboxRig {
public:
    OutboxRig() { restart(); }
    ~OutboxRig() { crash(); }
    OutboxRig(const OutboxRig&) = delete;
    OutboxRig& operator=(const OutboxRig&) = delete;

    /// As when the process dies: nothing that is under way is answered any more.
    void crash() {
        loop.drop_all();
        store_.reset();
    }
    /// The log and the foreign store outlive the process.
    void restart() {
        crash();
        store_ = std::make_unique<OutboxStore>(
            foreign, loop, node, policies_, clock, random_,
            OutboxOptions{.name = "test",
                          .relayed_kind = "relayed",
                          .pending_events = telemetry::Gauge::kDynamoPending,
                          .in_flight_max = 3,
                          .events_bytes_max = 1000,
                          .list_bytes_max = 10'000});
        started = std::nullopt;
        store_->start([this](Result<void> outcome) { started = std::move(outcome); });
        loop.run_posted();
    }
    OutboxStore& store() { return *store_; }

    struct Outcome {
        std::optional<Result<hub::Receipts>> outcome;
        [[nodiscard]] bool is_open() const { return !outcome.has_value(); }
        [[nodiscard]] bool succeeded() const { return outcome && outcome->has_value(); }
        /// Requires: it failed.
        [[nodiscard]] Errc error() const { return outcome.value().error().code; }
    };
    using OutcomeRef = std::shared_ptr<Outcome>;
    OutcomeRef commit(hub::RecordChange change, std::vector<hub::AppendBatch::Item> events) {
        auto said = std::make_shared<Outcome>();
        store_->commit(std::move(change),
                       {std::move(events), [said](Result<hub::Receipts> outcome) {
                            said->outcome = std::move(outcome);
                        }});
        loop.run_posted();
        return said;
    }
    /// With the event that announces it.
    OutcomeRef commit(const hub::RecordChange& change) {
        return commit(change, {announcement(change)});
    }

    Result<std::optional<hub::Record>> get(std::string id) {
        Result<std::optional<hub::Record>> found = fail(Errc::kInternal, "no answer");
        store_->get({"thing", std::move(id)}, [&found](auto answer) { found = std::move(answer); });
        loop.run_posted();
        return found;
    }
    /// The record's text; empty: there is none.
    std::string text(std::string id) {
        const auto found = get(std::move(id));
        return found && *found ? (*found)->data : std::string{};
    }
    Result<std::vector<hub::Record>> list(hub::Store::Query query) {
        Result<hub::RecordList> listed = fail(Errc::kInternal, "no answer");
        store_->list(std::move(query), [&listed](auto answer) { listed = std::move(answer); });
        loop.run_posted();
        HOWL_TRY(found, std::move(listed));
        return std::move(found.records);
    }
    std::vector<std::string> heard() { return data_of(log.heard()); }
    std::size_t small_records() {
        return StoreDriver{memory_store_}.list({.kind = "relayed"})->size();
    }
    /// Events that items still carry.
    std::size_t pending() const {
        std::size_t count = 0;
        for (const auto& [key, item] : foreign.items) {
            count += item.pending.size();
        }
        return count;
    }

    ManualClock clock;
    ManualLoop<> loop{clock};
    ScriptedForeignStore foreign{loop};
    std::optional<Result<void>> started;

private:
    SeededRandom random_{7};
    const hub::TopicPolicies policies_;
    memory::MemoryEventLog memory_log_{clock, Epoch{"d1"}, {.lane = hub::Lane::kDurable}};
    memory::MemoryStore memory_store_{memory_log_};

public:
    TroubledStore node{memory_store_};
    LogDriver log{memory_log_};

private:
    std::unique_ptr<OutboxStore> store_;
};

}  // namespace howl::storage::outbox
