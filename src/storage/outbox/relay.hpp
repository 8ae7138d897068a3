// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "hub/store.hpp"
#include "hub/topic_policy.hpp"
#include "storage/outbox/foreign_store.hpp"
#include "storage/outbox/item.hpp"
#include "storage/outbox/outbox_options.hpp"
#include "storage/outbox/work_loop.hpp"

namespace howl::storage::outbox {

/// Brings the events that wait in an item into the node's log, each once, and takes them out of
/// the item. With the last of them goes what the record has become.
///
/// The node's own store makes it once: events and a small record that names their commit are one
/// commit there, and "there must be none" is its condition. So whoever does not know whether a
/// commit was relayed relays it again. The small record goes when the item is seen without it. Its
/// kind is `OutboxOptions::relayed_kind`, its id the token, its owner the kind of the item, its
/// text the item's id.
///
/// ```
///   item.pending --> node: record(token) + events --> item without pending --> node: no record
/// ```
///
/// Thread: the loop's, except where noted.
class Relay {
public:
    using Done = std::move_only_function<void(Result<void>)>;
    /// Who waits for the receipts of the commit `token`; nobody where it is empty. Called once, on
    /// the thread of the node's log, in the log's order; in the loop if it does not come so far.
    struct Waiting {
        std::string token;
        std::move_only_function<void(Result<hub::Receipts>)> done;
    };

    /// `policies`: the node's; they say whose the topics of the events are.
    Relay(hub::Store& node, const hub::TopicPolicies& policies, ForeignStore& foreign,
          WorkLoop& loop, const OutboxOptions& options)
        : node_(node), policies_(policies), foreign_(foreign), loop_(loop), options_(options) {}
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    /// Relays what `item` has pending and clears it; a tombstone is taken away. `done` with an
    /// error: something is left, and it has to be called again with a new picture of the item.
    /// Errors: the node's, `ForeignStore::clear`.
    /// Requires: it is the turn of the item.
    void run(Item item, Waiting waiting, Done done);
    /// Has the log tell who follows the kind of a change that has no events, and then `waiting`.
    /// Requires: it is the turn of the item, and `run` follows.
    void announce(const Item& item, Waiting waiting);
    /// The item was seen without pending events: its small records are no longer needed.
    void forget(const hub::RecordKey& key);

    /// What an earlier process has left: the small records of these kinds are known from here on.
    void remember_earlier(std::set<std::string> kinds, Done done);
    /// Those of them whose items had nothing pending when all tables were read.
    void forget_earlier();

private:
    struct Work;
    using WorkPtr = std::unique_ptr<Work>;

    [[nodiscard]] std::vector<hub::AppendBatch::Item> ranked(
        std::vector<PendingEvent> events) const;
    void relay_next(WorkPtr work);
    void on_relayed(WorkPtr work, Result<void> outcome);
    void clear(WorkPtr work);
    void finish(WorkPtr work, Result<void> outcome);
    void show_pending(const hub::RecordKey& key, std::uint64_t events);

    struct Known {
        std::set<std::string> tokens;
        std::uint64_t pending_events = 0;  ///< What the gauge shows of it.
    };

    hub::Store& node_;
    const hub::TopicPolicies& policies_;
    ForeignStore& foreign_;
    WorkLoop& loop_;
    const OutboxOptions& options_;
    std::map<hub::RecordKey, Known> known_;  ///< Items with something pending or relayed.
    std::set<hub::RecordKey> earlier_;
};

}  // namespace howl::storage::outbox
