// SPDX-License-Identifier: Apache-2.0
#include "hub/gate.hpp"

#include <string>
#include <utility>

#include "base/limits.hpp"

namespace howl::hub {

using access::Principal;
using access::TopicAction;

namespace {

/// In a later turn, as everybody who waits for an outcome expects.
template <class Done>
void refuse(runtime::Shard& shard, Done done, Error error) {
    shard.post([done = std::move(done), error = std::move(error)]() mutable {
        done(std::unexpected(std::move(error)));
    });
}

}  // namespace

Result<void> Gate::check_read(const Principal& who, std::span<const TopicName> topics) const {
    for (const auto& topic : topics) {
        HOWL_TRY_VOID(check(who, TopicAction::kRead, topic));
    }
    return {};
}

Result<void> Gate::check_read(const Principal& who, std::span<const TopicPattern> patterns) const {
    for (const auto& pattern : patterns) {
        HOWL_TRY_VOID(policy_.check_pattern(who, pattern.text()));
    }
    return {};
}

Result<void> Gate::check_publish(const Principal& who, std::span<const NewEvent> events) const {
    for (const auto& event : events) {
        HOWL_TRY_VOID(check(who, TopicAction::kPublish, event.topic));
    }
    return {};
}

void Gate::publish(const Principal& who, std::vector<NewEvent> events, PublishDone done) {
    if (auto allowed = check_publish(who, events); !allowed) {
        refuse(shard_, std::move(done), std::move(allowed).error());
        return;
    }
    sequencer_.publish(shard_.id(), std::move(events), std::move(done));
}

Result<std::vector<NewEvent>> Gate::copies_of(const Principal& who, NewEvent event,
                                              std::span<const TopicName> also) const {
    if (also.size() >= limits::kTopicsPerEventMax) {
        return fail(
            Errc::kBadRequest, "publish",
            "an event has at most " + std::to_string(limits::kTopicsPerEventMax) + " topics");
    }
    const Lane lane = sequencer_.policy_of(event.topic).lane;
    std::vector<NewEvent> copies;
    for (const auto& topic : also) {
        if (sequencer_.policy_of(topic).lane != lane) {
            return fail(Errc::kBadRequest, "publish",
                        "the topics of an event are all durable or all volatile");
        }
        copies.push_back(event);
        copies.back().topic = topic;
    }
    copies.insert(copies.begin(), std::move(event));
    HOWL_TRY_VOID(check_publish(who, copies));
    return copies;
}

void Gate::publish(const Principal& who, NewEvent event, std::span<const TopicName> also,
                   PublishDone done) {
    auto copies = copies_of(who, std::move(event), also);
    if (!copies) {
        refuse(shard_, std::move(done), std::move(copies).error());
        return;
    }
    sequencer_.publish_copies(shard_.id(), std::move(*copies), std::move(done));
}

void Gate::commit(const Principal& who, Store& store, RecordChange change,
                  std::vector<NewEvent> events, PublishDone done) {
    auto allowed = policy_.check_record(who, change.key.kind, change.key.id);
    if (allowed) {
        allowed = check_publish(who, events);
    }
    if (!allowed) {
        refuse(shard_, std::move(done), std::move(allowed).error());
        return;
    }
    sequencer_.commit(shard_.id(), store, std::move(change), std::move(events), std::move(done));
}

void Gate::history(const Principal& who, const TopicName& topic, Offset after, std::size_t limit,
                   std::move_only_function<void(Result<Sequencer::History>)> done) {
    if (auto allowed = check(who, TopicAction::kRead, topic); !allowed) {
        refuse(shard_, std::move(done), std::move(allowed).error());
        return;
    }
    sequencer_.history(shard_.id(), topic, after, limit, std::move(done));
}

void Gate::purge(const Principal& who, const TopicName& topic, PurgeScope scope,
                 std::move_only_function<void(Result<void>)> done) {
    if (auto allowed = check(who, TopicAction::kPurge, topic); !allowed) {
        refuse(shard_, std::move(done), std::move(allowed).error());
        return;
    }
    sequencer_.purge(shard_.id(), topic, scope, std::move(done));
}

Sequencer::TopicStep Gate::list_topics(const Principal& who, const TopicRange& range,
                                       std::size_t limit) {
    auto step = sequencer_.list_topics(range, limit);
    std::erase_if(step.topics, [&](const ListedTopic& listed) {
        return !check(who, TopicAction::kRead, listed.topic).has_value();
    });
    return step;
}

}  // namespace howl::hub
