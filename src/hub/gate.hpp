// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "access/access_policy.hpp"
#include "access/principal.hpp"
#include "base/result.hpp"
#include "hub/sequencer.hpp"
#include "hub/store.hpp"
#include "hub/topic_name.hpp"
#include "hub/topic_pattern.hpp"
#include "runtime/shard.hpp"

namespace howl::hub {

/// The way of one shard into the log and out of it. Each function asks the policy first, and
/// nothing leads past it: live events leave through `session::Session::subscribe`, which asks here.
///
/// Owner: the shard's hub. Thread: its shard's. A completion (`done`) runs in a later turn of it,
/// also where the policy refuses.
class Gate {
public:
    using Principal = access::Principal;
    using PublishDone = std::move_only_function<void(Result<Receipts>)>;

    Gate(runtime::Shard& shard, Sequencer& sequencer, const access::AccessPolicy& policy)
        : shard_(shard), sequencer_(sequencer), policy_(policy) {}
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;

    /// Errors: the policy's, for the first topic that `who` may not read.
    [[nodiscard]] Result<void> check_read(const Principal& who,
                                          std::span<const TopicName> topics) const;
    /// The same for patterns.
    [[nodiscard]] Result<void> check_read(const Principal& who,
                                          std::span<const TopicPattern> patterns) const;

    /// Stores the events in one atomic commit and hands them to the readers.
    /// Requires: all belong to one lane. Errors: the policy's; `EventLog::append`.
    void publish(const Principal& who, std::vector<NewEvent> events, PublishDone done);
    /// Publishes one event to its topic and to those of `also`, in one atomic commit: who reads
    /// several of them gets it once. The receipts are of the copies, in this order.
    /// Requires: no topic twice. Errors: those of `publish`; `kBadRequest` where some topics are
    /// durable and others volatile, or where they are more than `limits::kTopicsPerEventMax`.
    void publish(const Principal& who, NewEvent event, std::span<const TopicName> also,
                 PublishDone done);
    /// Changes a record and publishes the events that announce it, in one atomic commit of `store`.
    /// Requires: the events belong to the durable lane. Errors: the policy's; `Store::commit`.
    void commit(const Principal& who, Store& store, RecordChange change,
                std::vector<NewEvent> events, PublishDone done);

    /// Errors: the policy's; `Sequencer::history`.
    void history(const Principal& who, const TopicName& topic, Offset after, std::size_t limit,
                 std::move_only_function<void(Result<Sequencer::History>)> done);
    /// Errors: the policy's; `Sequencer::purge`.
    void purge(const Principal& who, const TopicName& topic, PurgeScope scope,
               std::move_only_function<void(Result<void>)> done);
    /// See `Sequencer::list_topics`; without those that `who` may not read.
    [[nodiscard]] Sequencer::TopicStep list_topics(const Principal& who, const TopicRange& range,
                                                   std::size_t limit);

private:
    [[nodiscard]] Result<void> check(const Principal& who, access::TopicAction action,
                                     const TopicName& topic) const {
        return policy_.check_topic(who, action, topic.text());
    }
    [[nodiscard]] Result<void> check_publish(const Principal& who,
                                             std::span<const NewEvent> events) const;
    /// The copies of `event`. Errors: see `publish`.
    [[nodiscard]] Result<std::vector<NewEvent>> copies_of(const Principal& who, NewEvent event,
                                                          std::span<const TopicName> also) const;

    runtime::Shard& shard_;
    Sequencer& sequencer_;
    const access::AccessPolicy& policy_;
};

}  // namespace howl::hub
